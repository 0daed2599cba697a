"""Segments that an export waits for: the machine that has one closes it, so all can read it."""

from collections.abc import Collection

from redis.asyncio import Redis

from ads.store import keys, records


class Spools:
    """What machines ask of each other that share a store and a directory of kept events."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def want(self, segments: Collection[str]) -> None:
        """Ask for these segments to be closed and kept; the request expires in a minute."""
        await self._redis.sadd(keys.WANTED_SEGMENTS, *segments)
        await self._redis.expire(keys.WANTED_SEGMENTS, keys.WANTED_SEGMENTS_SECONDS)

    async def wanted(self) -> frozenset[str]:
        """The segments that are asked for."""
        found = await self._redis.smembers(keys.WANTED_SEGMENTS)
        return frozenset(map(records.text, found))
