"""Answers remembered by Idempotency-Key, so that a repeated POST does nothing twice."""

import logging

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.ids import digest
from ads.store import keys, records

logger = logging.getLogger(__name__)


class Remembered(msgspec.Struct, frozen=True):
    """A call's answer, status 0 while it is running; `fingerprint` is that of the request."""

    fingerprint: str
    status: int = 0
    headers: dict[str, str] = {}
    body: bytes = b""


class Idempotency:
    """Answers by account and key, for 24 hours."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def begin(self, account: str, key: str, fingerprint: str) -> Remembered | None:
        """None if the caller is the first with this key; else what the first did or is doing."""
        name = _name(account, key)
        running = msgspec.msgpack.encode(Remembered(fingerprint))
        seconds = keys.IDEMPOTENT_RUNNING_SECONDS
        while not await self._redis.set(name, running, nx=True, ex=seconds):
            earlier = await records.load(self._redis, name, Remembered)
            if earlier:
                return earlier
        return None

    async def finish(self, account: str, key: str, answer: Remembered) -> None:
        """Keep the answer. A store that is away now is only logged: the call was made."""
        try:
            await records.save(self._redis, _name(account, key), answer, keys.IDEMPOTENT_SECONDS)
        except RedisError:
            logger.warning("an answer could not be remembered by its Idempotency-Key")

    async def forget(self, account: str, key: str) -> None:
        """The call failed: let the key be used again."""
        await self._redis.delete(_name(account, key))


def _name(account: str, key: str) -> str:
    return keys.IDEMPOTENT.format(account=account, digest=digest(key))
