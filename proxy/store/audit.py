"""The audit trail: who ended, lowered or lifted what, when and why; the newest ten thousand acts.

Acts that follow from a publisher's signals have a list of their own: a publisher with many pages
must not push out what people did.
"""

from heapq import merge
from itertools import islice
from typing import Literal

import msgspec
from redis.asyncio import Redis

from ads.store import records
from proxy.store import keys

What = Literal["share", "source", "account", "ad"]
BY_ITSELF = ("publisher", "operator")
"""`who` of acts that nobody made by hand: they follow a publisher's signal or the lists."""


class Act(msgspec.Struct, frozen=True):
    """One act; `at` in ms.

    `who` is an account's e-mail, `command line` or one of BY_ITSELF. `done` is what became of
    `target`: ended, card, excerpt, none or lifted; an ad was passed or refused, an account vouched
    or lowered.
    """

    at: int
    who: str
    what: What
    target: str
    done: str
    why: str = ""
    law: bool = False


class Audit:
    """The trail's two lists: by people, and by itself."""

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
        return [records.decode(data, Act) for data in found]
