"""A worker's cache in memory: bounded, evicts the least recently used, invalidated by changes.

An entry depends on surrogate keys (`share:…`, `ad:…`, `article:…`, `account:…`) and is dropped when
one of them changes. To build an entry, take a `mark` before reading the store: `put` does not keep
an entry if one of its keys changed after the mark. An entry whose name is a surrogate key depends
on that key too, at no cost.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Hashable, Iterable, Mapping
from typing import Literal

import msgspec

# The keys whose latest change is remembered; an entry with an older mark is not kept.
REMEMBERED_CHANGES = 10_000
KEPT_EACH = 32
"""When memory is full, one of so many entries that can be read again is admitted: popular ones get
in soon enough, and rare ones evict little.
"""
_NONE: frozenset[str] = frozenset()
"""Shared by all entries: an empty set takes 216 bytes."""
Kind = Literal["body", "place", "small", "other"]
PARTS: Mapping[Kind, float] = {"body": 5 / 16, "place": 1 / 32, "small": 9 / 16, "other": 3 / 32}
"""Shares of the memory; the kind that exceeds its share the most is evicted first. A body is joined
again in ten microseconds, an article read back from a file (`proxy.serving.articles`) in as many.
Small entries must be read from the store, and fifty of them take the memory of one page.
"""


class _Entry(msgspec.Struct, gc=False):
    value: object
    size: int
    keys: frozenset[str]


class Hot:
    """A cache of at most `max_bytes`, counting the sizes that callers give."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kinds: dict[Kind, OrderedDict[Hashable, _Entry]] = {k: OrderedDict() for k in PARTS}
        self._over = {kind: -part * max_bytes for kind, part in PARTS.items()}
        self._names: dict[str, set[Hashable]] = {}
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._changes = 0
        self._floor = 0
        self._met = dict.fromkeys(PARTS, 0)
        self.size = 0

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

    def get(self, name: Hashable, kind: Kind = "other") -> object | None:
        """The value of the entry of this name and kind, or None."""
        entries = self._kinds[kind]
        entry = entries.get(name)
        if entry is None:
            return None
        entries.move_to_end(name)
        return entry.value

    def mark(self) -> int:
        """The number of changes so far; take it before reading what an entry is built from."""
        return self._changes

    def changed(self, keys: Iterable[str], mark: int) -> bool:
        """Whether one of these surrogate keys changed after `mark`, or may have."""
        if mark == self._changes:
            return False
        return mark < self._floor or any(self._changed.get(key, 0) > mark for key in keys)

    def admits(self, kind: Kind, size: int) -> bool:
        """Whether to keep an entry that can be read again: if there is room, or by turns."""
        if self.size + size <= self._max_bytes or self._over[kind] + size <= 0:
            return True
        self._met[kind] += 1
        return self._met[kind] % KEPT_EACH == 0

    def put(
        self,
        name: Hashable,
        value: object,
        size: int,
        keys: Collection[str],
        mark: int,
        kind: Kind = "other",
    ) -> None:
        """Keep `value`, unless one of its keys changed after `mark` or it is too big."""
        names = frozenset(keys) if keys else _NONE
        self._remove(name, kind)
        own = (name,) if isinstance(name, str) else ()
        if size > self._max_bytes or self.changed((*names, *own), mark):
            return
        self._kinds[kind][name] = _Entry(value, size, names)
        for key in names:
            self._names.setdefault(key, set()).add(name)
        self._grow(kind, size)
        self._shrink()

    def resize(self, name: Hashable, kind: Kind, size: int) -> None:
        """Correct the size of an entry that grew (an encoding was added)."""
        entry = self._kinds[kind].get(name)
        if entry is not None:
            self._grow(kind, size - entry.size)
            entry.size = size
            self._shrink()

    def drop(self, key: str) -> None:
        """Drop all entries that depend on a surrogate key, which changed."""
        self._changes += 1
        self._changed[key] = self._changes
        self._changed.move_to_end(key)
        if len(self._changed) > REMEMBERED_CHANGES:
            self._floor = self._changed.popitem(last=False)[1]
        for name in (key, *self._names.get(key, ())):
            for kind in PARTS:
                self._remove(name, kind)

    def clear(self) -> None:
        """Drop all entries, and let none be kept that is being built now."""
        self._changes += 1
        self._floor = self._changes
        for kind, entries in self._kinds.items():
            for name in list(entries):
                self._remove(name, kind)
        self._changed.clear()

    async def follow(self, changes: AsyncIterator[str | None]) -> None:
        """Drop keys as they change, and everything at None: some changes may have been missed."""
        async for key in changes:
            if key is None:
                self.clear()
            else:
                self.drop(key)

    def _grow(self, kind: Kind, size: int) -> None:
        self.size += size
        self._over[kind] += size

    def _shrink(self) -> None:
        while self.size > self._max_bytes:
            kind = max(PARTS, key=self._over.__getitem__)
            self._remove(next(iter(self._kinds[kind])), kind)

    def _remove(self, name: Hashable, kind: Kind) -> None:
        entry = self._kinds[kind].pop(name, None)
        if entry is None:
            return
        self._grow(kind, -entry.size)
        for key in entry.keys:
            names = self._names[key]
            names.discard(name)
            if not names:
                del self._names[key]
