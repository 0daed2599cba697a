"""Compiled pages, downloads, other names and failures of articles, and the lock around making them.

A page is kept with its segments deflated one by one, as they are joined when it is shown
(`proxy.render.prepared`). Whoever fetches or compiles an article holds its lock: a token
that expires by itself, so that a dead worker blocks nobody for longer than `keys.LOCK_MS`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import brotli
import msgspec
from redis.asyncio import Redis

from proxy.links import Link
from proxy.page import Stored
from proxy.pictures import markup
from proxy.render import prepared
from proxy.render.prepared import Prepared, deflated, inflated, packed
from proxy.source import Source
from proxy.store import keys, lease
from proxy.store.batch import Batch

SOURCE_QUALITY = 1

# Only the holder of the lock writes; a published page keeps its endless life, a new one gets one.
_PUT = """
local lock, page, parts, confirmed = unpack(KEYS)
if redis.call('GET', lock) ~= ARGV[1] then return 0 end
local lasting = redis.call('EXISTS', page) == 1 and redis.call('TTL', page) == -1
redis.call('SET', page, ARGV[2])
redis.call('DEL', parts, confirmed)
if ARGV[3] ~= '' then redis.call('SET', parts, ARGV[3]) end
if not lasting then
  redis.call('EXPIRE', page, ARGV[4])
  redis.call('EXPIRE', parts, ARGV[4])
end
return 1
"""

# Of a page that is as it was nothing is written but when that was; a preview of it lives again.
_CONFIRM = """
local lock, page, parts, confirmed = unpack(KEYS)
if redis.call('GET', lock) ~= ARGV[1] then return 0 end
redis.call('SET', confirmed, ARGV[2], 'EX', ARGV[3])
redis.call('EXPIRE', page, ARGV[4], 'GT')
redis.call('EXPIRE', parts, ARGV[4], 'GT')
return 1
"""


class Failure(msgspec.Struct, frozen=True):
    """Why an article could not be had, and when that was (ms)."""

    code: str
    detail: str
    at: int


_FAILURE = msgspec.msgpack.Decoder(Failure)
_LINK = msgspec.msgpack.Decoder(Link)
_SOURCE = msgspec.msgpack.Decoder(Source)


Aside = Callable[..., Awaitable[Any]]
"""Does a piece of work where it keeps no reader waiting: in a thread, better in another process."""


class ArticleStore:
    """The store's side of `proxy.articles`; pages are deflated `aside`, for that takes long."""

    def __init__(
        self, redis: Redis, aside: Aside = asyncio.to_thread, batch: Batch | None = None
    ) -> None:
        self._redis = redis
        self._aside = aside
        self._batch = batch or Batch(redis)

    async def page(self, article: str, mode: str) -> Stored | None:
        """The compiled page of one mode; None between two versions of it."""
        *found, confirmed = await self._batch.each(_names(article, mode))
        page, parts = map(read, found)
        if page is None or (page.http and (parts is None or parts.version != page.version)):
            return None
        whole = await asyncio.to_thread(_whole, page, parts if parts and page.http else page)
        return msgspec.structs.replace(whole, checked_at=int(confirmed)) if confirmed else whole

    async def put_shown(self, article: str, mode: str, settings: str, data: bytes) -> None:
        """Keeps a page as these settings make it."""
        await self._redis.set(keys.shown(article, mode, settings), data, ex=keys.SHOWN_S)

    async def put_page(self, article: str, mode: str, stored: Stored, token: str) -> bool:
        """Writes a page if `token` still holds the article's lock; False if it does not."""
        page, parts = await self._aside(_encoded, stored)
        return await self._held(_PUT, article, mode, token, page, parts, keys.UNPUBLISHED_PAGE_S)

    async def confirm(self, article: str, mode: str, at: int, token: str) -> bool:
        """The source says at `at` (ms) that the page is as it was; False as of `put_page`."""
        lives = (keys.CONFIRMED_S, keys.UNPUBLISHED_PAGE_S)
        return await self._held(_CONFIRM, article, mode, token, at, *lives)

    async def keep(self, article: str, mode: str) -> None:
        """A published page does not go by itself any more."""
        for name in (keys.parts(article, mode), keys.page(article, mode)):
            await self._redis.persist(name)

    async def let_go(self, article: str, mode: str) -> None:
        """A page that nobody shares any more goes, in `keys.UNSHARED_PAGE_S`."""
        for name in (keys.parts(article, mode), keys.page(article, mode)):
            await self._redis.expire(name, keys.UNSHARED_PAGE_S)

    async def alias(self, article: str) -> Link | None:
        """The link that another name leads to."""
        data = await self._get(keys.alias(article))
        return _LINK.decode(data) if data else None

    async def put_alias(self, article: str, link: Link) -> None:
        """Remembers for a day that the name `article` leads to `link`."""
        data = msgspec.msgpack.encode(link)
        await self._redis.set(keys.alias(article), data, ex=keys.ALIAS_S)

    async def source(self, article: str) -> Source | None:
        """The download, while it is remembered."""
        data = await self._get(keys.source(article))
        return await asyncio.to_thread(_source, data) if data else None

    async def put_source(self, article: str, source: Source) -> None:
        """Keeps a download for another mode."""
        data = await self._aside(_packed, source)
        await self._redis.set(keys.source(article), data, ex=keys.SOURCE_S)

    async def failure(self, article: str, mode: str) -> Failure | None:
        """Why the last try failed, if that was a moment ago."""
        data = await self._get(keys.failure(article, mode))
        return _FAILURE.decode(data) if data else None

    async def put_failure(self, article: str, mode: str, failure: Failure) -> None:
        """Remembers a failure briefly, so that nobody hammers a source that fails."""
        data = msgspec.msgpack.encode(failure)
        await self._redis.set(keys.failure(article, mode), data, ex=keys.FAILURE_S)

    async def lock(self, article: str) -> str | None:
        """Takes the article's lock: its token, or None while another holds it."""
        return await lease.take(self._redis, keys.lock(article), keys.LOCK_MS)

    async def unlock(self, article: str, token: str) -> None:
        """Gives the lock back, if it is still ours; lost with the store, it goes by itself."""
        await lease.give_back(self._redis, keys.lock(article), token)

    async def _held(
        self, script: str, article: str, mode: str, token: str, *given: bytes | int
    ) -> bool:
        names = (keys.lock(article), *_names(article, mode))
        words = [str(each) if isinstance(each, int) else each for each in given]
        done = self._redis.eval(script, len(names), *names, token, *words)
        return bool(await cast(Awaitable[int], done))

    async def _get(self, name: str) -> bytes | None:
        # The client answers bytes (`ads.store.connect`).
        return cast("bytes | None", await self._redis.get(name))


def _names(article: str, mode: str) -> tuple[str, str, str]:
    return keys.page(article, mode), keys.parts(article, mode), keys.confirmed(article, mode)


def _packed(source: Source) -> bytes:
    return cast(bytes, brotli.compress(msgspec.msgpack.encode(source), quality=SOURCE_QUALITY))


def read(data: bytes | None) -> Prepared | None:
    """A page's record, None for none."""
    return prepared.read(data) if data else None


def _whole(page: Prepared, held: Prepared) -> Stored:
    """The page with its segments as they were, which `held` has."""
    stored = page.stored
    whole = msgspec.structs.replace(stored.page, segments=inflated(held.parts))
    return msgspec.structs.replace(stored, page=whole)


def _encoded(stored: Stored) -> tuple[bytes, bytes]:
    """The page, and apart from it the same with its parts if that is how they are kept."""
    parts, http = deflated(stored.page), markup.holds_http(stored.page)
    whole = packed(stored, parts, http=http)
    return (packed(stored, parts, http=True, apart=True), whole) if http else (whole, b"")


def _source(data: bytes) -> Source:
    return _SOURCE.decode(brotli.decompress(data))
