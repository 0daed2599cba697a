"""Compiled pages, downloads, other names and failures of articles, and the lock around making them.

A page is kept with its segments deflated one by one, as they are joined when it is shown
(`proxy.render.prepared`). Whoever fetches or compiles an article holds its lock: a token
that expires by itself, so that a dead worker blocks nobody for longer than `keys.LOCK_MS`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, cast

import brotli
import msgspec
from redis.asyncio import Redis

from proxy.links import Link
from proxy.page import Page
from proxy.pictures import markup
from proxy.render import splice
from proxy.render.prepared import Prepared, packed, read
from proxy.render.splice import Part
from proxy.source import Source
from proxy.store import keys, lease
from proxy.store.batch import Batch

SOURCE_QUALITY = 1

Given = TypeVar("Given")
Result = TypeVar("Result")

# Only the holder of the lock writes; a published page keeps its endless life, a new one gets one.
_PUT = """
local lock, page, parts = unpack(KEYS)
if redis.call('GET', lock) ~= ARGV[1] then return 0 end
local lasting = redis.call('EXISTS', page) == 1 and redis.call('TTL', page) == -1
redis.call('SET', page, ARGV[2])
redis.call('DEL', parts)
if ARGV[3] ~= '' then redis.call('SET', parts, ARGV[3]) end
if not lasting then
  redis.call('EXPIRE', page, ARGV[4])
  redis.call('EXPIRE', parts, ARGV[4])
end
return 1
"""


class Stored(msgspec.Struct, frozen=True):
    """A compiled page with what revalidates it.

    `url` is the address that the page was served from; `checked_at` (ms) when the source last
    confirmed it; `version` changes with the content. `closed` says why none of it may be shown any
    more: `vanished` for longer than the operator keeps it, or `refused_by_publisher`; "": it may.
    """

    page: Page
    version: str
    url: str
    checked_at: int
    etag: str = ""
    last_modified: str = ""
    closed: str = ""


class Cut(msgspec.Struct, frozen=True):
    """A stored page without its segments: `parts` are these, deflated.

    `http` says that pictures of `http:` addresses are in it (`proxy.pictures.markup`): no reader
    sees it as it is, and its parts are kept apart.
    """

    stored: Stored
    parts: tuple[Part, ...]
    http: bool = False


class Failure(msgspec.Struct, frozen=True):
    """Why an article could not be had, and when that was (ms)."""

    code: str
    detail: str
    at: int


_STORED = msgspec.msgpack.Decoder(Stored)
_FAILURE = msgspec.msgpack.Decoder(Failure)
_LINK = msgspec.msgpack.Decoder(Link)
_SOURCE = msgspec.msgpack.Decoder(Source)


class Aside(Protocol):
    """Does `work` where it keeps no reader waiting: in a thread, better in another process."""

    def __call__(self, work: Callable[[Given], Result], given: Given, /) -> Awaitable[Result]:
        """What it returns."""


class ArticleStore:
    """The store's side of `proxy.articles`; pages are deflated `aside`, for that takes long."""

    def __init__(
        self, redis: Redis, aside: Aside = asyncio.to_thread, batch: Batch | None = None
    ) -> None:
        self._redis = redis
        self._aside = aside
        self._batch = batch or Batch(redis)

    async def page(self, article: str, mode: str) -> Stored | None:
        """The compiled page of one mode."""
        found = await self.cut(article, mode)
        return await asyncio.to_thread(whole, found) if found else None

    async def cut(self, article: str, mode: str) -> Cut | None:
        """The same as it was compiled: for who joins its parts. None between two versions."""
        names = (keys.page(article, mode), keys.parts(article, mode))
        page, parts = map(_read, await self._batch.each(names))
        if page is None or (page.http and (parts is None or parts.version != page.version)):
            return None
        held = parts if parts and page.http else page
        return Cut(_STORED.decode(page.told), held.parts, page.http)

    async def shown(
        self, article: str, mode: str, settings: str
    ) -> tuple[Prepared | None, Prepared | None]:
        """The page, and how `settings` made some version of it lately; in one read.

        The parts of a page with `http:` pictures are in the second alone.
        """
        names = (keys.page(article, mode), keys.shown(article, mode, settings))
        return pages(*await self._batch.each(names))

    async def put_shown(self, article: str, mode: str, settings: str, cut: Cut) -> Prepared:
        """Keeps, and gives, what `shown` answers: the page as these settings make it."""
        data = packed(cut.stored, cut.parts)
        await self._redis.set(keys.shown(article, mode, settings), data, ex=keys.SHOWN_S)
        return read(data)

    async def put_page(self, article: str, mode: str, stored: Stored, token: str) -> bool:
        """Writes a page if `token` still holds the article's lock; False if it does not."""
        page, parts = await self._aside(_encoded, stored)
        names = (keys.lock(article), keys.page(article, mode), keys.parts(article, mode))
        life = str(keys.UNPUBLISHED_PAGE_S)
        done = self._redis.eval(_PUT, len(names), *names, token, page, parts, life)
        return bool(await cast(Awaitable[int], done))

    async def keep(self, article: str, mode: str) -> bool:
        """A published page does not go by itself any more; False if it has gone already."""
        name = keys.page(article, mode)
        await self._redis.persist(keys.parts(article, mode))
        await self._redis.persist(name)
        return bool(await self._redis.exists(name))

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

    async def _get(self, name: str) -> bytes | None:
        # The client answers bytes (`ads.store.connect`).
        return cast("bytes | None", await self._redis.get(name))


def _packed(source: Source) -> bytes:
    return cast(bytes, brotli.compress(msgspec.msgpack.encode(source), quality=SOURCE_QUALITY))


def pages(page: bytes | None, made: bytes | None) -> tuple[Prepared | None, Prepared | None]:
    """What `ArticleStore.shown` answers, of both records."""
    return _read(page), _read(made)


def _read(data: bytes | None) -> Prepared | None:
    return read(data) if data else None


def whole(cut: Cut) -> Stored:
    """The page with its segments as they were."""
    segments = tuple(splice.identity(splice.gzip([part])) for part in cut.parts)
    page = msgspec.structs.replace(cut.stored.page, segments=segments)
    return msgspec.structs.replace(cut.stored, page=page)


def cut(stored: Stored, *, http: bool = False) -> Cut:
    """The page with its segments deflated; tens of milliseconds at the most."""
    page = stored.page
    bare = msgspec.structs.replace(stored, page=msgspec.structs.replace(page, segments=()))
    parts = tuple(splice.part(segment, small=True) for segment in page.segments)
    return Cut(bare, parts, http)


def _encoded(stored: Stored) -> tuple[bytes, bytes]:
    """The page, and apart from it the same with its parts if that is how they are kept."""
    found = cut(stored, http=markup.holds_http(stored.page))
    whole = packed(found.stored, found.parts, http=found.http)
    if not found.http:
        return whole, b""
    return packed(found.stored, found.parts, http=True, apart=True), whole


def _source(data: bytes) -> Source:
    return _SOURCE.decode(brotli.decompress(data))
