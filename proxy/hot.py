"""What this worker keeps in memory: bounded, least recently used goes first, told of changes.

An entry hangs on surrogate keys (`share:…`, `ad:…`, `article:…`, `account:…`) and goes when one of
them changes. Whoever builds an entry takes a `mark` before reading the store: a change that comes
between reading and keeping makes the entry stale before it is kept, so it is not kept at all.
An entry whose name is a surrogate key hangs on that one as well, at no cost.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Hashable, Iterable, Mapping
from typing import Literal

import msgspec

# How many recent changes are told apart; builds older than all of them are not kept.
REMEMBERED_CHANGES = 10_000
KEPT_EACH = 32
"""So many are read from the file or the store for each that comes into full memory: what is asked
for often comes soon enough, and what is not drives nothing out.
"""
_NONE: frozenset[str] = frozenset()
"""One for all: an empty one takes 216 bytes."""
Kind = Literal["body", "place", "small", "other"]
PARTS: Mapping[Kind, float] = {"body": 5 / 16, "place": 1 / 32, "small": 9 / 16, "other": 3 / 32}
"""Of the memory. The first to go is of the kind that is the most above its part: a body is joined
again in ten microseconds, an article read back from a file (`proxy.serving.articles`) in as many,
and what is small comes from the store: fifty of them take what one page does.
"""


class _Entry(msgspec.Struct, gc=False):
    value: object
    size: int
    keys: frozenset[str]


class Hot:
    """A cache of at most `max_bytes`, as the sizes given to `put` say."""

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
        """The state of changes now; take it before reading what an entry is built from."""
        return self._changes

    def changed(self, keys: Iterable[str], mark: int) -> bool:
        """Whether one of these surrogate keys changed after `mark`, or may have."""
        if mark == self._changes:
            return False
        return mark < self._floor or any(self._changed.get(key, 0) > mark for key in keys)

    def admits(self, kind: Kind, size: int) -> bool:
        """Whether to keep what can be had again: if there is room for its kind, or by turns."""
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
        """Keeps `value`, unless one of its keys changed after `mark` or it is too big."""
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
        """An entry that grew (an encoding was added) says so."""
        entry = self._kinds[kind].get(name)
        if entry is not None:
            self._grow(kind, size - entry.size)
            entry.size = size
            self._shrink()

    def drop(self, key: str) -> None:
        """Forgets everything that hangs on one surrogate key."""
        self._changes += 1
        self._changed[key] = self._changes
        self._changed.move_to_end(key)
        if len(self._changed) > REMEMBERED_CHANGES:
            self._floor = self._changed.popitem(last=False)[1]
        for name in (key, *self._names.get(key, ())):
            for kind in PARTS:
                self._remove(name, kind)

    def clear(self) -> None:
        """Forgets everything, and what is being built now as well."""
        self._changes += 1
        self._floor = self._changes
        for kind, entries in self._kinds.items():
            for name in list(entries):
                self._remove(name, kind)
        self._changed.clear()

    async def follow(self, changes: AsyncIterator[str | None]) -> None:
        """Drops keys as they change, and everything (None) where some may have been missed."""
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
