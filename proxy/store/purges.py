"""Where each edge stands in the store's journal of changes, and whose turn it is to tell it."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, cast

from redis.asyncio import Redis

from ads.store import keys as shared
from proxy.store import keys, lease

ENTRIES_AT_ONCE = 200
# By the server that has the journal and numbers its entries: those of a cluster may differ.
_CLOCK = "return redis.call('TIME')"


class Entry(NamedTuple):
    """What changed at one time, by its id in the journal."""

    id: str
    keys: tuple[str, ...]


class PurgeQueue:
    """The journal as edges have yet to hear it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def turn(self, edge: str) -> AbstractAsyncContextManager[bool]:
        """Whether the edge is this worker's to tell now."""
        return lease.turn(self._redis, keys.purge_turn(edge), keys.PURGE_TURN_MS)

    async def due(self, edge: str) -> list[Entry]:
        """What the edge has not heard, oldest first, once it is a second old by the store's clock.

        By then every worker has dropped what it had, so that nobody gives the edge the old page.
        """
        newest = await self._now() - keys.SETTLED_MS
        heard = await cast(Awaitable[bytes | None], self._redis.hget(keys.PURGED, edge))
        found = await self._redis.xrange(
            shared.CHANGES_JOURNAL,
            min=f"({heard.decode()}" if heard else "-",
            max=str(newest),
            count=ENTRIES_AT_ONCE,
        )
        return [_entry(each) for each in cast(list[Any], found)]

    async def done(self, edge: str, entry_id: str) -> None:
        """The edge has heard everything up to this entry."""
        await self._redis.hset(keys.PURGED, edge, entry_id)

    async def behind_s(self, edge: str) -> float:
        """The age of the oldest change that the edge has not heard, 0 if there is none."""
        due = await self.due(edge)
        if not due:
            return 0.0
        return max(0, await self._now() - int(due[0].id.partition("-")[0])) / 1000

    async def _now(self) -> int:
        """The store's clock, ms."""
        asked = self._redis.eval(_CLOCK, 1, shared.CHANGES_JOURNAL)
        seconds, micros = await cast(Awaitable[list[bytes]], asked)
        return int(seconds) * 1000 + int(micros) // 1000


def _entry(found: tuple[bytes, dict[bytes, bytes]]) -> Entry:
    name, fields = found
    return Entry(name.decode(), tuple(fields.get(b"keys", b"").decode().split("\n")))
