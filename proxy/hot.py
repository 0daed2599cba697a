"""What this worker keeps in memory: bounded, least recently used goes first, told of changes.

An entry hangs on surrogate keys (`share:…`, `ad:…`, `article:…`, `account:…`) and goes when one of
them changes. Whoever builds an entry takes a `mark` before reading the store: a change that comes
between reading and keeping makes the entry stale before it is kept, so it is not kept at all.
An entry whose name is a surrogate key hangs on that one as well, at no cost.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

# How many recent changes are told apart; builds older than all of them are not kept.
REMEMBERED_CHANGES = 10_000
CHEAP_SHARE = 8
"""One part in so many of the memory is left to what is cheap to make again."""


class Listens(Protocol):
    """Where changes come from: `ads.store.changes.Changes`."""

    def listen(self) -> AsyncIterator[str | None]:
        """Surrogate keys as they change; None after a gap in which some may have been missed."""


@dataclass(slots=True)
class _Entry:
    value: object
    size: int
    keys: frozenset[str]
    cheap: bool


class Hot:
    """A cache of at most `max_bytes`, as the sizes given to `put` say."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._cheap: OrderedDict[Hashable, None] = OrderedDict()
        self._cheap_size = 0
        self._names: dict[str, set[Hashable]] = {}
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._changes = 0
        self._floor = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: Hashable) -> object | None:
        """The entry's value, or None."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        self._entries.move_to_end(name)
        if entry.cheap:
            self._cheap.move_to_end(name)
        return entry.value

    def mark(self) -> int:
        """The state of changes now; take it before reading what an entry is built from."""
        return self._changes

    def put(
        self,
        name: Hashable,
        value: object,
        size: int,
        keys: Iterable[str],
        mark: int,
        *,
        cheap: bool = False,
    ) -> None:
        """Keeps `value`, unless one of its keys changed after `mark` or it is too big.

        What is `cheap` to make again goes before the rest does, down to a part of the memory.
        """
        names = frozenset(keys)
        self._remove(name)
        if size > self._max_bytes or self._stale(name, names, mark):
            return
        self._entries[name] = _Entry(value, size, names, cheap)
        for key in names:
            self._names.setdefault(key, set()).add(name)
        self.size += size
        if cheap:
            self._cheap[name] = None
            self._cheap_size += size
        self._shrink()

    def resize(self, name: Hashable, size: int) -> None:
        """An entry that grew (an encoding was added) says so."""
        entry = self._entries.get(name)
        if entry is not None:
            self.size += size - entry.size
            self._cheap_size += size - entry.size if entry.cheap else 0
            entry.size = size
            self._shrink()

    def drop(self, key: str) -> None:
        """Forgets everything that hangs on one surrogate key."""
        self._changes += 1
        self._changed[key] = self._changes
        self._changed.move_to_end(key)
        if len(self._changed) > REMEMBERED_CHANGES:
            self._floor = self._changed.popitem(last=False)[1]
        self._remove(key)
        for name in list(self._names.get(key, ())):
            self._remove(name)

    def clear(self) -> None:
        """Forgets everything, and what is being built now as well."""
        self._changes += 1
        self._floor = self._changes
        self._entries.clear()
        self._names.clear()
        self._changed.clear()
        self._cheap.clear()
        self.size = self._cheap_size = 0

    async def follow(self, changes: Listens) -> None:
        """Applies changes as they come; runs until cancelled."""
        async for key in changes.listen():
            if key is None:
                self.clear()
            else:
                self.drop(key)

    def _stale(self, name: Hashable, keys: frozenset[str], mark: int) -> bool:
        if mark == self._changes:
            return False
        return mark < self._floor or any(
            self._changed.get(key, 0) > mark for key in (*keys, name) if isinstance(key, str)
        )

    def _shrink(self) -> None:
        while self.size > self._max_bytes:
            cheap = self._cheap_size * CHEAP_SHARE > self._max_bytes
            self._remove(next(iter(self._cheap if cheap else self._entries)))

    def _remove(self, name: Hashable) -> None:
        entry = self._entries.pop(name, None)
        if entry is None:
            return
        self.size -= entry.size
        if entry.cheap:
            del self._cheap[name]
            self._cheap_size -= entry.size
        for key in entry.keys:
            names = self._names[key]
            names.discard(name)
            if not names:
                del self._names[key]
