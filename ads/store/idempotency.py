"""Answers remembered by Idempotency-Key, so that a repeated POST does nothing twice."""

import logging

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.ids import digest
from ads.store import keys, records

logger = logging.getLogger(__name__)


class Remembered(msgspec.Struct, frozen=True):
    """An answer, or (status 0) that its call is still running; `fingerprint` is the request's."""

    fingerprint: str
    status: int = 0
    headers: dict[str, str] = {}
    body: bytes = b""


class Idempotency:
    """Answers by account and key, for 24 hours."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def begin(self, account: str, key: str, fingerprint: str) -> Remembered | None:
        """None: the call is ours to make. Else what another one with this key did or is doing."""
        name = _name(account, key)
        running = msgspec.msgpack.encode(Remembered(fingerprint))
        seconds = keys.IDEMPOTENT_RUNNING_SECONDS
        while not await self._redis.set(name, running, nx=True, ex=seconds):
            earlier = await records.load(self._redis, name, Remembered)
            if earlier:
                return earlier
        return None

    async def finish(self, account: str, key: str, answer: Remembered) -> None:
        """Keep the answer. What was done is done: a store that is away now does not undo it."""
        record = msgspec.msgpack.encode(answer)
        try:
            await self._redis.set(_name(account, key), record, ex=keys.IDEMPOTENT_SECONDS)
        except RedisError:
            logger.warning("an answer could not be remembered by its Idempotency-Key")

    async def forget(self, account: str, key: str) -> None:
        """The call came to nothing: the key may be used again."""
        await self._redis.delete(_name(account, key))


def _name(account: str, key: str) -> str:
    return keys.IDEMPOTENT.format(account=account, digest=digest(key))
