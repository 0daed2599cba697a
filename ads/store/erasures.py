"""What was erased: remembered as long as a spool somewhere may still hold its events."""

from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.events.erasure import Erasure
from ads.store import keys, records


class Erasures:
    """The store's list, which every folding process reads."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, erasure: Erasure, at: int) -> None:
        """Note an erasure that was asked for at `at` (ms); may be repeated."""
        field = cast(str, msgspec.msgpack.encode(erasure))
        await self._redis.hset(keys.ERASURES, field, str(at))

    async def all(self, now: int) -> frozenset[Erasure]:
        """Those that still matter at `now` (ms); older ones are removed."""
        asked = cast(dict[bytes, bytes], await self._redis.hgetall(keys.ERASURES))
        old = [raw for raw, at in asked.items() if int(at) + keys.ERASURE_MS < now]
        if old:
            await self._redis.hdel(keys.ERASURES, *cast(list[str], old))
        return frozenset(records.decode(raw, Erasure) for raw in asked if raw not in old)
