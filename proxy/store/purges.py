"""How far each edge was told of the store's journal of changes, and which worker tells it."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, cast

from redis.asyncio import Redis

from ads.store import keys as shared
from proxy.store import keys, lease

ENTRIES_AT_ONCE = 200
# On the server that has the journal and dates its entries: the clocks of a cluster may differ.
_CLOCK = "return redis.call('TIME')"


class Entry(NamedTuple):
    """An entry of the journal: its id, and the surrogate keys that changed."""

    id: str
    keys: tuple[str, ...]


class PurgeQueue:
    """The journal of changes, as far as edges have yet to be told."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def turn(self, edge: str) -> AbstractAsyncContextManager[bool]:
        """A block that yields whether it is this worker's turn to tell the edge."""
        return lease.turn(self._redis, keys.purge_turn(edge), keys.PURGE_TURN_MS)

    async def due(self, edge: str) -> list[Entry]:
        """What the edge must still be told, oldest first, once it is a second old (store's clock).

        By then every worker has dropped its copies, so that none gives the edge the old page.
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
        """Notes that the edge was told everything up to this entry."""
        await self._redis.hset(keys.PURGED, edge, entry_id)

    async def behind_s(self, edge: str) -> float:
        """The age (s) of the oldest change that the edge was not told, 0 if there is none."""
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
