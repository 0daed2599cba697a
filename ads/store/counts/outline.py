"""A share's forwarders (hops with children) in breadth-first order. Pure.

The children of a hop are adjacent in this row, largest first, after all hops nearer to the sharer's
link. So the children of neighbours are neighbours: each depth of any branch is one stretch of the
row, and its number of readers is the difference of two running sums. Readers who came later are
kept beside the row and added to each answer.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from ads.store.counts.nodes import Forwarder
from ads.store.counts.tree import Branch
from ads.store.counts.wire import HOP_BYTES, pack_hop, unpack_hop

NOBODY = -1
EMPTY_BYTES = 1_300
"""What an outline without any forwarder takes."""


class Subtree(NamedTuple):
    """All below a hop: readers by depth, from the next on; the largest of its `many` branches."""

    widths: list[int]
    branches: list[Branch]
    many: int


class Outline:
    """Some forwarders of a share, with all their ancestors among the forwarders."""

    def __init__(self, forwarders: Iterable[Forwarder]) -> None:
        row, first = _row(forwarders)
        self._ids = bytearray().join(each.hop for each in row)
        self._first = array("I", [*first, len(row)])
        self._before = array("I", accumulate((each.kids for each in row), initial=0))
        self._sorted = array("I", sorted(range(len(row)), key=self._id))
        self._came = Counter[int]()
        self._new: dict[bytes, int] = {}
        self._home: list[int] = []

    @property
    def size(self) -> int:
        """About how many bytes it takes: 21 for each hop in the row, 200 for each that grew."""
        return EMPTY_BYTES + 21 * len(self._sorted) + 200 * len(self._came)

    @property
    def later(self) -> int:
        """How many hops gained children since it was made."""
        return len(self._came)

    def add(self, hop: bytes, above: bytes, by: int = 1) -> None:
        """A hop gained `by` children; its parent is `above` (b"": the sharer's link).

        `by` is 0 if the row counts them already, though the sizes that order it may not.
        Raises LookupError if `above` is unknown.
        """
        place = self._place(hop)
        if place == NOBODY:
            home = self._place(above) if above else NOBODY
            if above and home == NOBODY:
                raise LookupError("news of another tree")
            place = self._new[hop] = len(self._sorted) + len(self._home)
            self._home.append(home)
            self._ids += hop
        self._came[place] += by

    def subtree(self, hop: bytes, most: int) -> Subtree:
        """All below a hop, with at most `most` of its branches of two readers or more."""
        top = self._place(hop)
        if top == NOBODY:
            return Subtree([], [], 0)
        added, below = self._added(top)
        changed = set(below)
        start, stop = self._stretch(top)
        told = changed.union(range(start, min(stop, start + most + len(changed))))
        branches = [self._branch(each, below.get(each, Counter())) for each in told]
        widths = _sum(self._widths(top), added)
        branches.sort(key=lambda each: (-each.readers, pack_hop(each.hop)))
        return Subtree(widths, branches[:most], widths[0])

    def _place(self, hop: bytes) -> int:
        if hop in self._new:
            return self._new[hop]
        at = bisect_left(self._sorted, hop, key=self._id)
        found = at < len(self._sorted) and self._id(self._sorted[at]) == hop
        return self._sorted[at] if found else NOBODY

    def _id(self, place: int) -> bytes:
        return bytes(self._ids[HOP_BYTES * place : HOP_BYTES * (place + 1)])

    def _depth(self, place: int) -> int:
        at = HOP_BYTES * place
        return self._ids[at] << 4 | self._ids[at + 1] >> 4

    def _above(self, place: int) -> int:
        """The parent's place; NOBODY if the hop hangs from the sharer's link."""
        known = len(self._sorted)
        return bisect_right(self._first, place) - 1 if place < known else self._home[place - known]

    def _stretch(self, place: int) -> tuple[int, int]:
        known = place < len(self._sorted)
        return (self._first[place], self._first[place + 1]) if known else (0, 0)

    def _branch(self, place: int, added: Counter[int]) -> Branch:
        below = _sum(self._widths(place), added)
        return Branch(unpack_hop(self._id(place)), 1 + sum(below), below)

    def _widths(self, place: int) -> list[int]:
        """Readers by depth below a hop of the row, from the next depth on."""
        if place >= len(self._sorted):
            return []
        start, stop, widths = place, place + 1, []
        while start < stop:
            widths.append(self._before[stop] - self._before[start])
            start, stop = self._first[start], self._first[stop]
        return widths

    def _added(self, top: int) -> tuple[Counter[int], dict[int, Counter[int]]]:
        """Later readers by depth below a hop, and the same for each of its branches that grew."""
        level, ways = self._depth(top), {top: top}
        added, below = Counter[int](), defaultdict[int, Counter[int]](Counter)
        for place, came in self._came.items():
            branch = self._way(place, top, level, ways)
            if branch != NOBODY:
                depth = self._depth(place) - level
                added[depth] += came
                if branch != top:
                    below[branch][depth - 1] += came
        return added, below

    def _way(self, place: int, top: int, level: int, ways: dict[int, int]) -> int:
        """The branch of `top` that a place is in (`top` for itself); `ways` caches the answers."""
        passed = []
        while place not in ways:
            passed.append(place)
            above = self._above(place)
            if above == top:
                ways[place] = place
            elif above == NOBODY or self._depth(above) <= level:
                ways[place] = NOBODY
            else:
                place = above
        ways.update(dict.fromkeys(passed, ways[place]))
        return ways[place]


def _sum(widths: list[int], added: Counter[int]) -> list[int]:
    for depth in sorted(added):
        widths += [0] * (depth + 1 - len(widths))
        widths[depth] += added[depth]
    return widths


def _row(forwarders: Iterable[Forwarder]) -> tuple[list[Forwarder], list[int]]:
    """The row, and where in it the children of each hop begin."""
    below: dict[bytes, list[Forwarder]] = {}
    for each in forwarders:
        below.setdefault(each.parent, []).append(each)
    row = below.pop(b"", [])
    first: list[int] = []
    for each in row:  # which grows meanwhile
        first.append(len(row))
        row += sorted(below.pop(each.hop, ()), key=lambda each: (-each.readers, each.hop))
    return row, first
