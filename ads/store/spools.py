"""Segments that somebody waits for: whoever has them closes them, so that all can read them."""

from collections.abc import Collection

from redis.asyncio import Redis

from ads.store import keys, records


class Spools:
    """What machines that share the store and the directory of kept events ask of each other."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def want(self, segments: Collection[str]) -> None:
        """Ask for these to be closed and kept; forgotten within a minute."""
        await self._redis.sadd(keys.WANTED_SEGMENTS, *segments)
        await self._redis.expire(keys.WANTED_SEGMENTS, keys.WANTED_SEGMENTS_SECONDS)

    async def wanted(self) -> frozenset[str]:
        """What is asked for."""
        found = await self._redis.smembers(keys.WANTED_SEGMENTS)
        return frozenset(map(records.text, found))
