"""The queue of published pages whose sources are to be asked again, shared by all workers."""

from typing import cast

from redis.asyncio import Redis

from ads.store import queue
from proxy.page import Mode
from proxy.store import keys


class RenewalStore:
    """Pages by article and mode; times in ms."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def enter(self, article: str, mode: Mode, at: int) -> None:
        """Queues a published page for `at`, unless it is queued for an earlier time."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, lt=True)

    async def take(self, now: int, again_at: int, limit: int) -> list[tuple[str, Mode]]:
        """At most `limit` pages that are due; no other worker gets them before `again_at`."""
        names = await queue.take(self._redis, keys.DUE, now, again_at, limit)
        return [cast("tuple[str, Mode]", tuple(name.split(":", 1))) for name in names]

    async def put_off(self, article: str, mode: Mode, at: int) -> None:
        """Moves a page that is queued to `at`."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, xx=True)

    async def drop(self, article: str, mode: Mode) -> None:
        """Takes a page that nobody shares any more out of the queue."""
        await self._redis.zrem(keys.DUE, _name(article, mode))


def _name(article: str, mode: Mode) -> str:
    return f"{article}:{mode}"
