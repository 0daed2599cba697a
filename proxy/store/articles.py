"""Compiled pages, downloads, aliases and failures of articles, and the lock around making them.

A page's segments are stored deflated one by one, ready to be joined (`proxy.render.prepared`).
Whoever fetches or compiles an article holds its lock, a token that expires by itself: a dead worker
blocks nobody for longer than `keys.LOCK_MS`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import brotli
import msgspec
from redis.asyncio import Redis

from ads.store import records
from proxy.links import Link
from proxy.page import Stored
from proxy.pictures import markup
from proxy.render import prepared
from proxy.render.prepared import Prepared, deflated, inflated, packed
from proxy.source import Source
from proxy.store import keys, lease
from proxy.store.batch import Batch

SOURCE_QUALITY = 1

# Only the holder of the lock writes; a published page still never expires, any other page does.
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

# Of an unchanged page only the time of confirmation is written; an unpublished page lives longer.
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


Aside = Callable[..., Awaitable[Any]]
"""Runs work where it does not hold up readers: in a thread or, better, in another process."""


class ArticleStore:
    """The store's side of `proxy.articles`; `aside` deflates pages, which takes long."""

    def __init__(
        self, redis: Redis, aside: Aside = asyncio.to_thread, batch: Batch | None = None
    ) -> None:
        self._redis = redis
        self._aside = aside
        self._batch = batch or Batch(redis)

    async def page(self, article: str, mode: str) -> Stored | None:
        """The compiled page of one mode; None without one, or while one replaces another."""
        *found, confirmed = await self._batch.each(_names(article, mode))
        page, parts = map(read, found)
        if page is None or (page.http and (parts is None or parts.version != page.version)):
            return None
        whole = await asyncio.to_thread(_whole, page, parts if parts and page.http else page)
        return msgspec.structs.replace(whole, checked_at=int(confirmed)) if confirmed else whole

    async def put_shown(self, article: str, mode: str, settings: str, data: bytes) -> None:
        """Keeps a page as it is under these settings, its picture addresses rewritten."""
        await self._redis.set(keys.shown(article, mode, settings), data, ex=keys.SHOWN_S)

    async def put_page(self, article: str, mode: str, stored: Stored, token: str) -> bool:
        """Writes a page if `token` still holds the article's lock; False if it does not."""
        page, parts = await self._aside(_encoded, stored)
        return await self._held(_PUT, article, mode, token, page, parts, keys.UNPUBLISHED_PAGE_S)

    async def confirm(self, article: str, mode: str, at: int, token: str) -> bool:
        """Notes that the source confirmed the page at `at` (ms); False as for `put_page`."""
        lives = (keys.CONFIRMED_S, keys.UNPUBLISHED_PAGE_S)
        return await self._held(_CONFIRM, article, mode, token, at, *lives)

    async def keep(self, article: str, mode: str) -> None:
        """Keeps a published page from expiring."""
        for name in (keys.parts(article, mode), keys.page(article, mode)):
            await self._redis.persist(name)

    async def let_go(self, article: str, mode: str) -> None:
        """Lets a page that nobody shares any more expire, in `keys.UNSHARED_PAGE_S`."""
        for name in (keys.parts(article, mode), keys.page(article, mode)):
            await self._redis.expire(name, keys.UNSHARED_PAGE_S)

    async def alias(self, article: str) -> Link | None:
        """The article's own link, if `article` is another name of it."""
        return await records.load(self._redis, keys.alias(article), Link)

    async def put_alias(self, article: str, link: Link) -> None:
        """Remembers for a day that the name `article` leads to `link`."""
        await records.save(self._redis, keys.alias(article), link, keys.ALIAS_S)

    async def source(self, article: str) -> Source | None:
        """The download, while it is kept."""
        data = await self._redis.get(keys.source(article))
        return await asyncio.to_thread(_source, cast(bytes, data)) if data else None

    async def put_source(self, article: str, source: Source) -> None:
        """Keeps a download for a while, in case another mode is asked for."""
        data = await self._aside(_packed, source)
        await self._redis.set(keys.source(article), data, ex=keys.SOURCE_S)

    async def failure(self, article: str, mode: str) -> Failure | None:
        """Why the last attempt failed, if that was a moment ago."""
        return await records.load(self._redis, keys.failure(article, mode), Failure)

    async def put_failure(self, article: str, mode: str, failure: Failure) -> None:
        """Remembers a failure briefly, so that a failing source is not asked all the time."""
        await records.save(self._redis, keys.failure(article, mode), failure, keys.FAILURE_S)

    async def lock(self, article: str) -> str | None:
        """Takes the article's lock: its token, or None while another holds it."""
        return await lease.take(self._redis, keys.lock(article), keys.LOCK_MS)

    async def unlock(self, article: str, token: str) -> None:
        """Gives the lock back if it is still ours; if the store is away, it expires by itself."""
        await lease.give_back(self._redis, keys.lock(article), token)

    async def _held(
        self, script: str, article: str, mode: str, token: str, *given: bytes | int
    ) -> bool:
        names = (keys.lock(article), *_names(article, mode))
        words = [str(each) if isinstance(each, int) else each for each in given]
        done = self._redis.eval(script, len(names), *names, token, *words)
        return bool(await cast(Awaitable[int], done))


def _names(article: str, mode: str) -> tuple[str, str, str]:
    return keys.page(article, mode), keys.parts(article, mode), keys.confirmed(article, mode)


def _packed(source: Source) -> bytes:
    return cast(bytes, brotli.compress(msgspec.msgpack.encode(source), quality=SOURCE_QUALITY))


def read(data: bytes | None) -> Prepared | None:
    """A page's record, None for none."""
    return prepared.read(data) if data else None


def _whole(page: Prepared, held: Prepared) -> Stored:
    """The page with its segments, inflated from `held`."""
    stored = page.stored
    whole = msgspec.structs.replace(stored.page, segments=inflated(held.parts))
    return msgspec.structs.replace(stored, page=whole)


def _encoded(stored: Stored) -> tuple[bytes, bytes]:
    """The page's record, and the one of its parts (b"" unless the parts are kept apart)."""
    parts, http = deflated(stored.page), markup.holds_http(stored.page)
    whole = packed(stored, parts, http=http)
    return (packed(stored, parts, http=True, apart=True), whole) if http else (whole, b"")


def _source(data: bytes) -> Source:
    return records.decode(brotli.decompress(data), Source)
