"""Which shares have counts, and the buckets, a day each, in which their opens are remembered."""

from collections.abc import AsyncIterator
from typing import cast

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys
from ads.store.counts import fields
from ads.store.counts.wire import EPOCH

_BYTES = 8
"""Of an entry: the day, the number of opens, the number of other events (see `leaves.lua`)."""


async def of(redis: Redis, share: str) -> dict[int, str]:
    """Keys of the buckets that the share's head lists, by day since 2020; old ones have expired."""
    raw = cast(bytes, await redis.hget(keys.SHARE_HEAD.format(share=share), fields.BUCKETS) or b"")
    days = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), _BYTES)]
    # A bucket's key has the day since 1970, the share's head the day since 2020.
    return {day: keys.SHARE_OPENS.format(share=share, day=day + EPOCH // DAY) for day in days}


async def every_share(redis: Redis) -> AsyncIterator[str]:
    """All shares that have counts."""
    async for key in redis.scan_iter(match=keys.SHARE_HEAD.format(share="*"), count=500):
        yield key.decode()[1 : -len("}:s")]
