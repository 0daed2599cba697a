"""Who of a share forwarded, in an order in which every branch can be told at once. Pure.

Those who came from one hop stand side by side, largest first, behind all who are less far from the
sharer's link. So the children of neighbours are neighbours: each depth of any branch is a stretch
of the row, and how many readers it brought is the difference of two running sums.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from ads.store.counts.tree import Branch
from ads.store.counts.wire import HOP_BYTES, Forwarder, unpack_hop


class Subtree(NamedTuple):
    """All below a hop: readers by depth from the next one on; the largest branches of `many`."""

    widths: list[int]
    branches: list[Branch]
    many: int


class Outline:
    """Some forwarders of a share, with all who lead to them from where they hang.

    `size` is what it takes, in bytes: 21 for each of them.
    """

    def __init__(self, forwarders: Iterable[Forwarder]) -> None:
        row, first = _row(forwarders)
        self._ids = b"".join(each.hop for each in row)
        self._first = array("I", [*first, len(row)])
        self._before = array("I", accumulate((each.kids for each in row), initial=0))
        self._sorted = array("I", sorted(range(len(row)), key=self._id))
        self.size = 21 * len(row)

    def subtree(self, hop: bytes, most: int) -> Subtree:
        """All below a hop, with `most` of the branches that have two readers or more."""
        at = bisect_left(self._sorted, hop, key=self._id)
        if at == len(self._sorted) or self._id(place := self._sorted[at]) != hop:
            return Subtree([], [], 0)
        start, stop = self._first[place], self._first[place + 1]
        widths = self._widths(place)
        branches = [self._branch(each) for each in range(start, min(stop, start + most))]
        return Subtree(widths, branches, widths[0])

    def _id(self, place: int) -> bytes:
        return self._ids[HOP_BYTES * place : HOP_BYTES * (place + 1)]

    def _branch(self, place: int) -> Branch:
        below = self._widths(place)
        return Branch(unpack_hop(self._id(place)), 1 + sum(below), below)

    def _widths(self, place: int) -> list[int]:
        """Readers by depth below one, from the next one on."""
        start, stop, widths = place, place + 1, []
        while start < stop:
            widths.append(self._before[stop] - self._before[start])
            start, stop = self._first[start], self._first[stop]
        return widths


def _row(forwarders: Iterable[Forwarder]) -> tuple[list[Forwarder], list[int]]:
    """The order, and where in it those begin who came from each."""
    below: dict[bytes, list[Forwarder]] = {}
    for each in forwarders:
        below.setdefault(each.parent, []).append(each)
    row = below.pop(b"", [])
    first: list[int] = []
    for each in row:  # which grows meanwhile
        first.append(len(row))
        row += sorted(below.pop(each.hop, ()), key=_largest_first)
    return row, first


def _largest_first(each: Forwarder) -> tuple[int, bytes]:
    return -each.readers, each.hop
