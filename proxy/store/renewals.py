"""When each published page's source is asked again, for all workers; who takes one puts it off."""

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

from ads.store import records
from proxy.compiler.page import Mode
from proxy.store import keys

# KEYS[1] the set; ARGV now, when those taken come back if their worker dies, how many at most.
_TAKE = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, name in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], name) end
return due
"""


class RenewalStore:
    """Pages by article and mode; times in ms."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def enter(self, article: str, mode: Mode, at: int) -> None:
        """A page is published: its source is asked again at `at`, or sooner if that was said."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, nx=True)

    async def take(self, now: int, again_at: int, limit: int) -> list[tuple[str, Mode]]:
        """At most `limit` pages that are due, each for one worker alone."""
        taken = self._redis.eval(_TAKE, 1, keys.DUE, str(now), str(again_at), str(limit))
        names = [records.text(each) for each in await cast(Awaitable[list[bytes]], taken)]
        return [cast("tuple[str, Mode]", tuple(name.split(":", 1))) for name in names]

    async def put_off(self, article: str, mode: Mode, at: int) -> None:
        """Not before `at`; nothing for a page that is not entered."""
        await self._redis.zadd(keys.DUE, {_name(article, mode): at}, xx=True)

    async def drop(self, article: str, mode: Mode) -> None:
        """Nobody shares it any more."""
        await self._redis.zrem(keys.DUE, _name(article, mode))


def _name(article: str, mode: Mode) -> str:
    return f"{article}:{mode}"
