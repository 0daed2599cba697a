"""What was erased: remembered for as long as events of it may turn up in a spool somewhere."""

from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.events.erasure import Erasure
from ads.store import keys

_decode = msgspec.msgpack.Decoder(Erasure).decode


class Erasures:
    """The store's list, which every process that folds looks at."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, erasure: Erasure, at: int) -> None:
        """Ask for it at `at` (ms); again is harmless."""
        field = cast(str, msgspec.msgpack.encode(erasure))
        await self._redis.hset(keys.ERASURES, field, str(at))

    async def all(self, now: int) -> frozenset[Erasure]:
        """Those that still matter at `now` (ms); the others are forgotten."""
        asked = cast(dict[bytes, bytes], await self._redis.hgetall(keys.ERASURES))
        old = [raw for raw, at in asked.items() if int(at) + keys.ERASURE_MS < now]
        if old:
            await self._redis.hdel(keys.ERASURES, *cast(list[str], old))
        return frozenset(_decode(raw) for raw in asked if raw not in old)
