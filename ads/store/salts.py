"""The day's salt: one for all workers, forgotten when the day is over."""

import secrets

from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.clock import DAY
from ads.errors import Problem
from ads.store import keys

SALT_BYTES = 32


class Salts:
    """Salts by day; whoever asks first makes it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of_day(self, day: int) -> bytes:
        """The salt of a day (days since the epoch, UTC). Raises Problem("store_unavailable")."""
        fresh = secrets.token_bytes(SALT_BYTES)
        until = (day * DAY + DAY) // 1000 + keys.READER_SALT_KEPT_SECONDS
        name = keys.READER_SALT.format(day=day)
        try:
            # NX with GET (Redis >= 7.0) is one step: two workers cannot both be first.
            kept = await self._redis.set(name, fresh, nx=True, get=True, exat=until)
        except (RedisError, OSError) as error:
            raise Problem("store_unavailable", "the day's salt cannot be had") from error
        return kept if isinstance(kept, bytes) else fresh
