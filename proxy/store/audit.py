"""Who ended or let go on what, when and why: the newest ten thousand, never changed.

What ended by itself has a list of its own: whoever publishes a lot of their own site and then takes
it back must not push out what people did.
"""

from heapq import merge
from itertools import islice
from typing import Literal, cast

import msgspec
from redis.asyncio import Redis

from proxy.store import keys

What = Literal["share", "source", "account", "ad"]
BY_ITSELF = ("publisher", "operator")
"""`who` of acts that follow from a word: the publisher's, or one in the operator's lists."""


class Act(msgspec.Struct, frozen=True):
    """One act of an operator, or of a publisher whose word was heard; `at` in ms.

    `who` is an account's e-mail, `command line` or one of BY_ITSELF; `done` is what became of
    `target`: ended, card, excerpt, none, or lifted; of an ad passed or refused, of an account
    vouched or lowered.
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
    """The audit trail: who did what to which share, source, account or ad."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, act: Act) -> None:
        """Adds an act; the oldest beyond AUDIT_MAX go."""
        name = keys.AUDIT_HEARD if act.who in BY_ITSELF else keys.AUDIT
        async with self._redis.pipeline(transaction=True) as steps:
            steps.lpush(name, msgspec.msgpack.encode(act))
            steps.ltrim(name, 0, keys.AUDIT_MAX - 1)
            await steps.execute()

    async def newest(self, limit: int) -> list[Act]:
        """At most `limit`, newest first."""
        lists = [await self._newest(name, limit) for name in (keys.AUDIT, keys.AUDIT_HEARD)]
        return list(islice(merge(*lists, key=lambda act: -act.at), limit))

    async def _newest(self, name: str, limit: int) -> list[Act]:
        found = await self._redis.lrange(name, 0, limit - 1)
        return [_ACT.decode(cast(bytes, data)) for data in found]
