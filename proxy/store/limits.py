"""How often an account did something in the current minute."""

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

from ads.clock import SECOND
from proxy.store import keys

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class Limits:
    """Fixed windows of `keys.WINDOW_S` seconds."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def count(self, account: str, kind: str, at: int) -> tuple[int, int]:
        """Counts one at `at` (ms): how many the window has now, and the seconds until it ends."""
        window, passed = divmod(at // SECOND, keys.WINDOW_S)
        name = keys.publishing(account, kind, window)
        count = self._redis.eval(_COUNT, 1, name, str(2 * keys.WINDOW_S))
        return int(await cast(Awaitable[int], count)), keys.WINDOW_S - passed
