"""Shares by id, and the active ones of each article; `ads.store.bookings` lists them by owner."""

from collections.abc import AsyncIterator, Callable, Iterable
from glob import escape

import msgspec
from redis.asyncio import Redis

from ads.store import keys as booked
from ads.store import records
from ads.store.ads import with_ads_that_fall_back_to
from ads.store.index import Index
from proxy.shares import Share
from proxy.store import keys
from proxy.store.batch import Batch

_SHARE = msgspec.msgpack.Decoder(Share)


class ShareStore:
    """The records of shares in the store."""

    def __init__(self, redis: Redis, batch: Batch | None = None) -> None:
        self._redis = redis
        self._batch = batch or Batch(redis)

    async def get(self, share_id: str) -> Share | None:
        """A share, ended ones too."""
        return read(await self._batch.get(keys.share(share_id)))

    async def many(self, share_ids: Iterable[str]) -> list[Share]:
        """The shares that exist, in the order of `share_ids`."""
        names = [keys.share(share_id) for share_id in share_ids]
        found = await self._redis.mget(names) if names else []
        return [records.decode(data, Share) for data in found if data]

    async def all(self, at_once: int = 100) -> AsyncIterator[list[str]]:
        """The ids of all shares, about `at_once` at a time, unordered; one may come twice."""
        head, _, tail = keys.share("\n").partition("\n")
        named = self._redis.scan_iter(match=f"{escape(head)}*{tail}", count=500)
        async for names in records.batches(named, at_once):
            yield [name.decode()[len(head) : -len(tail)] for name in names]

    async def depending_on(self, surrogates: Iterable[str]) -> list[str]:
        """Ids of the shares whose pages depend on any of `article:…`, `ad:…`, `share:…`."""
        found: dict[str, None] = {}
        ads: set[str] = set()
        for kind, _, name in (each.partition(":") for each in surrogates):
            if kind == "share":
                found[name] = None
            elif kind == "ad":
                ads.add(name)
            elif kind == "article":
                found |= dict.fromkeys(await self.of_article(name))
        for ad in await with_ads_that_fall_back_to(self._redis, ads):
            index = Index(self._redis, booked.BOOKINGS_OF_AD.format(ad=ad))
            found |= dict.fromkeys(await index.all())
        return list(found)

    async def put(self, share: Share) -> None:
        """Writes a new share, after listing it under its article."""
        await self.enter(share)
        await records.save(self._redis, keys.share(share.id), share)

    async def remove(self, share_id: str) -> None:
        """Removes a share for good; may be repeated."""
        share = await records.load(self._redis, keys.share(share_id), Share)
        if share:
            await self._redis.zrem(keys.shares_of(share.article_id), share_id)
        await self._redis.delete(keys.share(share_id))

    async def change(self, share_id: str, rule: Callable[[Share], Share]) -> Share | None:
        """Applies `rule` to a share so that no concurrent change is lost; None without a share."""
        before = ""

        def noting(share: Share) -> Share:
            nonlocal before
            before = share.article_id
            return rule(share)

        changed = await records.change(self._redis, keys.share(share_id), Share, noting)
        if changed:
            if changed.article_id != before:
                await self._redis.zrem(keys.shares_of(before), share_id)
            await self.enter(changed)
        return changed

    async def newest_of(self, article: str) -> int | None:
        """When (ms) the newest active share of an article was made; None without any."""
        found = await self._redis.zrange(keys.shares_of(article), 0, 0, desc=True, withscores=True)
        return int(found[0][1]) if found else None

    async def of_article(self, article: str) -> list[str]:
        """The active shares of an article."""
        found = await self._redis.zrange(keys.shares_of(article), 0, -1)
        return [records.text(each) for each in found]

    async def enter(self, share: Share) -> None:
        """Lists the share under its article while it is active."""
        if share.state == "active":
            await self._redis.zadd(keys.shares_of(share.article_id), {share.id: share.created_at})
        else:
            await self._redis.zrem(keys.shares_of(share.article_id), share.id)


def read(data: bytes | None) -> Share | None:
    """Decodes a share's record, None for none."""
    return _SHARE.decode(data) if data else None
