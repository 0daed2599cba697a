"""Which articles are published from which origin.

An article is listed from its publishing until the watch finds that nobody shares it. An origin's
score is when its signals were last read: taking the oldest first reads all in turn.
"""

from typing import cast

from redis.asyncio import Redis

from ads.store import queue
from ads.store.records import text
from proxy.page import Mode
from proxy.store import keys


class Published:
    """The index that the watch (`proxy.moderation.watch`) goes through."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, origin: str, article: str, mode: Mode, at: int) -> None:
        """Adds an article in a mode asked for; its site's signals were read at `at` (ms)."""
        async with self._redis.pipeline(transaction=False) as steps:
            steps.zadd(keys.ORIGINS, {origin: at}, nx=True)
            steps.sadd(keys.of_origin(origin), f"{article} {mode}")
            await steps.execute()

    async def take(self, before: int, at: int, most: int) -> list[str]:
        """At most `most` origins not read since `before` (ms); they now count as read `at`."""
        return await queue.take(self._redis, keys.ORIGINS, before, at, most)

    async def origins(self, host: str) -> list[str]:
        """The origins of this host, and of hosts below it."""
        found = [text(o) for o in await self._redis.zrange(keys.ORIGINS, 0, -1)]
        return [origin for origin in found if _below(origin, host)]

    async def want(self, host: str) -> None:
        """Makes the origins of this host, and of hosts below it, due at once."""
        if due := dict.fromkeys(await self.origins(host), 0):
            await self._redis.zadd(keys.ORIGINS, due, xx=True)

    async def articles(self, origin: str) -> list[tuple[str, Mode]]:
        """The articles published from an origin, each with a mode asked for."""
        found = await self._redis.smembers(keys.of_origin(origin))
        pairs = (text(entry).split(" ", 1) for entry in found)
        return [(article, cast(Mode, mode)) for article, mode in sorted(pairs)]

    async def drop_article(self, origin: str, article: str, mode: Mode) -> None:
        """Removes an article in a mode; an origin without any other article goes, too."""
        await self._redis.srem(keys.of_origin(origin), f"{article} {mode}")
        if not await self._redis.exists(keys.of_origin(origin)):
            await self._redis.zrem(keys.ORIGINS, origin)


def _below(origin: str, host: str) -> bool:
    name = origin.partition("://")[2].partition(":")[0]
    return name == host or name.endswith(f".{host}")
