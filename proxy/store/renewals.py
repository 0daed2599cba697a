"""When each published page's source is asked again, for all workers; who takes one puts it off."""

from typing import cast

from redis.asyncio import Redis

from proxy.compiler.page import Mode
from proxy.store import keys, lease


class RenewalStore:
    """Pages by article and mode; times in ms."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def enter(self, article: str, mode: Mode, at: int) -> None:
        """A page is published: its source is asked again at `at`, or sooner if that was said."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, nx=True)

    async def take(self, now: int, again_at: int, limit: int) -> list[tuple[str, Mode]]:
        """At most `limit` pages that are due, each for one worker alone."""
        names = await lease.take_due(self._redis, keys.DUE, now, again_at, limit)
        return [cast("tuple[str, Mode]", tuple(name.split(":", 1))) for name in names]

    async def put_off(self, article: str, mode: Mode, at: int) -> None:
        """Not before `at`; nothing for a page that is not entered."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, xx=True)

    async def drop(self, article: str, mode: Mode) -> None:
        """Nobody shares it any more."""
        await self._redis.zrem(keys.DUE, _name(article, mode))


def _name(article: str, mode: Mode) -> str:
    return f"{article}:{mode}"
