"""What this worker keeps in memory: bounded, least recently used goes first, told of changes.

An entry hangs on surrogate keys (`share:…`, `ad:…`, `article:…`, `account:…`) and goes when one of
them changes. Whoever builds an entry takes a `mark` before reading the store: a change that comes
between reading and keeping makes the entry stale before it is kept, so it is not kept at all.
An entry whose name is a surrogate key hangs on that one as well, at no cost.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

# How many recent changes are told apart; builds older than all of them are not kept.
REMEMBERED_CHANGES = 10_000
Kind = Literal["body", "place", "small", "other"]
PARTS: Mapping[Kind, float] = {"body": 1 / 32, "place": 1 / 32, "small": 5 / 8, "other": 5 / 16}
"""Of the memory. The first to go is of the kind that is the most above its part: a body is joined
again in microseconds, an article read back from a file (`proxy.shelf`) in twenty, and what is small
comes from the store: a hundred of them take what one page does.
"""


class Listens(Protocol):
    """Where changes come from: `ads.store.changes.Changes`."""

    def listen(self) -> AsyncIterator[str | None]:
        """Surrogate keys as they change; None after a gap in which some may have been missed."""


@dataclass(slots=True)
class _Entry:
    value: object
    size: int
    keys: frozenset[str]
    kind: Kind


class Hot:
    """A cache of at most `max_bytes`, as the sizes given to `put` say."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: dict[Hashable, _Entry] = {}
        self._used: dict[Kind, OrderedDict[Hashable, None]] = {k: OrderedDict() for k in PARTS}
        self._over = {kind: -part * max_bytes for kind, part in PARTS.items()}
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
        self._used[entry.kind].move_to_end(name)
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
        kind: Kind = "other",
    ) -> None:
        """Keeps `value`, unless one of its keys changed after `mark` or it is too big."""
        names = frozenset(keys)
        self._remove(name)
        if size > self._max_bytes or self._stale(name, names, mark):
            return
        self._entries[name] = _Entry(value, size, names, kind)
        self._used[kind][name] = None
        for key in names:
            self._names.setdefault(key, set()).add(name)
        self._grow(kind, size)
        self._shrink()

    def resize(self, name: Hashable, size: int) -> None:
        """An entry that grew (an encoding was added) says so."""
        entry = self._entries.get(name)
        if entry is not None:
            self._grow(entry.kind, size - entry.size)
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
        for name in list(self._entries):
            self._remove(name)
        self._changed.clear()

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

    def _grow(self, kind: Kind, size: int) -> None:
        self.size += size
        self._over[kind] += size

    def _shrink(self) -> None:
        while self.size > self._max_bytes:
            kind = max(PARTS, key=self._over.__getitem__)
            self._remove(next(iter(self._used[kind])))

    def _remove(self, name: Hashable) -> None:
        entry = self._entries.pop(name, None)
        if entry is None:
            return
        del self._used[entry.kind][name]
        self._grow(entry.kind, -entry.size)
        for key in entry.keys:
            names = self._names[key]
            names.discard(name)
            if not names:
                del self._names[key]
