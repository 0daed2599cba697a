"""What was done with an account: the last thousand entries, newest first."""

from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.clock import Clock
from ads.store import keys, records

KEPT = 1000
ABOUT_MAX = 120


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One action: when (ms), what (a word of the console's list), and on which object.

    `about` is the object's name at the time, which may have changed since; `of` is its id.
    """

    at: int
    what: str
    about: str = ""
    of: str = ""


class Audit:
    """The lists of all accounts."""

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def note(self, account: str, what: str, about: str = "", of: str = "") -> None:
        """Add an entry; `of` is the id under which `forget` finds it."""
        key = keys.AUDIT.format(account=account)
        entry = msgspec.msgpack.encode(Entry(self._now(), what, about[:ABOUT_MAX], of))
        pipeline = self._redis.pipeline()
        pipeline.lpush(key, entry)
        pipeline.ltrim(key, 0, KEPT - 1)
        await pipeline.execute()

    async def forget(self, account: str, of: str) -> None:
        """Drop every entry about an object, by its id; deletions are noted with the id alone."""
        key = keys.AUDIT.format(account=account)
        for raw in await self._redis.lrange(key, 0, -1):
            entry = records.decode(raw, Entry)
            if of in (entry.of, entry.about):
                await self._redis.lrem(key, 0, cast(str, raw))

    async def newest(self, account: str, most: int = KEPT) -> list[Entry]:
        """At most `most` entries, newest first."""
        found = await self._redis.lrange(keys.AUDIT.format(account=account), 0, most - 1)
        return [records.decode(each, Entry) for each in found]
