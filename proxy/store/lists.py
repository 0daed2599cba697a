"""The operator's lists: entries made by a command or a click in the store, and those of a file."""

from collections.abc import Sequence

import msgspec
from redis.asyncio import Redis

from ads.store import records
from proxy.lists import Entry, speaking
from proxy.store import keys


class ListStore:
    """Entries by the site they speak of."""

    def __init__(self, redis: Redis, file: Sequence[Entry] = ()) -> None:
        self._redis = redis
        self._file = tuple(file)

    async def put(self, entry: Entry) -> None:
        """Adds an entry, or replaces the one of its site."""
        await self._redis.hset(keys.LISTED, entry.site, msgspec.msgpack.encode(entry))

    async def remove(self, site: str) -> bool:
        """Removes the entry of a site; False if there was none."""
        return bool(await self._redis.hdel(keys.LISTED, site))

    async def all(self) -> list[Entry]:
        """The store's entries, sorted by site."""
        found = await self._redis.hvals(keys.LISTED)
        return sorted((records.decode(e, Entry) for e in found), key=lambda e: e.site)

    async def speaking(self, url: str) -> Entry | None:
        """The entry, of the store's and the file's, that decides for this address."""
        return speaking(await self.every(), url)

    async def every(self) -> list[Entry]:
        """The store's entries, then the file's."""
        return [*await self.all(), *self._file]
