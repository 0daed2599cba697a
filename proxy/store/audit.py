"""Who ended or let go on what, when and why: the newest ten thousand, never changed."""

from typing import Literal, cast

import msgspec
from redis.asyncio import Redis

from proxy.store import keys

What = Literal["share", "source", "account", "ad"]


class Act(msgspec.Struct, frozen=True):
    """One act of an operator, or of a publisher whose word was heard; `at` in ms.

    `who` is an account's e-mail, `command line` or `publisher`; `done` is what became of `target`:
    ended, card, excerpt, none, or lifted; of an ad passed or refused, of an account vouched.
    """

    at: int
    who: str
    what: What
    target: str
    done: str
    why: str = ""
    law: bool = False


_ACT = msgspec.msgpack.Decoder(Act)


class Audit:
    """The trail."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, act: Act) -> None:
        """Enters it."""
        async with self._redis.pipeline(transaction=True) as steps:
            steps.lpush(keys.AUDIT, msgspec.msgpack.encode(act))
            steps.ltrim(keys.AUDIT, 0, keys.AUDIT_MAX - 1)
            await steps.execute()

    async def newest(self, limit: int) -> list[Act]:
        """At most `limit`, newest first."""
        found = await self._redis.lrange(keys.AUDIT, 0, limit - 1)
        return [_ACT.decode(cast(bytes, data)) for data in found]
