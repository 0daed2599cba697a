"""Templates that workers have drawn: another worker need not draw the same page again.

A record is found by what is asked for. It also has a digest (`fits`) of what it was drawn from, so
that after a change of article, ad or name it is not used, even if the change was not announced.
"""

import asyncio
import hashlib
import logging

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import tasks
from proxy.render import gaps
from proxy.render.template import RUN_BYTES, TEMPLATE_BYTES, Template
from proxy.store import keys
from proxy.store.batch import Batch

logger = logging.getLogger(__name__)

DIGEST_BYTES = 12
AT_ONCE = 64
"""Records of one write."""
HELD = 2_000
"""Records that may wait to be written; more are dropped, and drawn again another time."""


class _Record(msgspec.Struct, frozen=True, array_like=True):
    """A template; `common`: which runs are those of `gaps.common`, left out here and of `size`."""

    fits: bytes
    link: str
    common: tuple[tuple[int, int], ...]
    template: Template


_RECORD = msgspec.msgpack.Decoder(_Record)


class TemplateStore:
    """Reads and writes templates; writes happen in the background, and one may be lost."""

    def __init__(self, redis: Redis, batch: Batch | None = None) -> None:
        self._redis = redis
        self._batch = batch or Batch(redis)
        self._held: dict[str, bytes] = {}
        self._writing: asyncio.Task[None] | None = None

    async def get(self, article: str, name: bytes, fits: bytes) -> tuple[Template, str] | None:
        """The template and its Link header, if it was drawn from the same things (`fits`)."""
        return read(await self._batch.get(keys.template(article, name.hex())), fits)

    def keep(self, article: str, name: bytes, template: Template, link: str, fits: bytes) -> None:
        """Keeps a template for `keys.TEMPLATE_S`, with its page's Link header."""
        if len(self._held) < HELD:
            self._held[keys.template(article, name.hex())] = written(template, link, fits)
            if self._writing is None:
                self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Stops writing."""
        if self._writing:
            await tasks.end([self._writing])

    async def _write(self) -> None:
        try:
            while self._held:
                pipeline = self._redis.pipeline(transaction=False)
                for key in list(self._held)[:AT_ONCE]:
                    pipeline.set(key, self._held.pop(key), ex=keys.TEMPLATE_S)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            self._held.clear()
            logger.warning("templates were not kept: %s", error)
        finally:
            self._writing = None


def digest(*values: object) -> bytes:
    """A digest of these values: a template's name, or what it fits."""
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=DIGEST_BYTES).digest()


def written(template: Template, link: str, fits: bytes) -> bytes:
    """A template's record, without the runs that all templates have in common."""
    number = {run: number for number, run in enumerate(gaps.common())}
    common = tuple([(at, number[run]) for at, run in enumerate(template.runs) if run in number])
    runs = tuple([b"" if run in number else run for run in template.runs])
    size = TEMPLATE_BYTES + sum([RUN_BYTES + len(run) for run in runs if run])
    kept = msgspec.structs.replace(template, runs=runs, size=size)
    return msgspec.msgpack.encode(_Record(fits, link, common, kept))


def read(data: bytes | None, fits: bytes) -> tuple[Template, str] | None:
    """What `TemplateStore.get` returns, from the record."""
    found = _RECORD.decode(data) if data else None
    if found is None or found.fits != fits:
        return None
    runs, common = list(found.template.runs), gaps.common()
    for at, number in found.common:
        runs[at] = common[number]
    return msgspec.structs.replace(found.template, runs=tuple(runs)), found.link
