"""Shares by id; whose they are stands in `ads.store.bookings`."""

from collections.abc import Callable, Iterable
from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.store import records
from proxy.shares import Share
from proxy.store import keys

_SHARE = msgspec.msgpack.Decoder(Share)


class ShareStore:
    """The records of shares."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, share_id: str) -> Share | None:
        """A share, ended ones too."""
        return await records.load(self._redis, keys.share(share_id), Share)

    async def many(self, share_ids: Iterable[str]) -> list[Share]:
        """Those of the shares that there are, in the order of `share_ids`."""
        names = [keys.share(share_id) for share_id in share_ids]
        found = await self._redis.mget(names) if names else []
        return [_SHARE.decode(cast(bytes, data)) for data in found if data]

    async def put(self, share: Share) -> None:
        """Writes a new share."""
        await records.save(self._redis, keys.share(share.id), share)

    async def change(self, share_id: str, rule: Callable[[Share], Share]) -> Share | None:
        """Applies `rule` to a share, none of several changes at once being lost."""
        return await records.change(self._redis, keys.share(share_id), Share, rule)
