"""Sums over the shares of an ad, by closed unit or over an open span (pure)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import add
from typing import NamedTuple

import msgspec

from ads.clock import DAY
from ads.store.counts import sketch
from ads.store.counts.cells import (
    DIMENSIONS,
    MEASURES,
    NAMED,
    Cell,
    Found,
    Names,
    Texts,
    key_of,
    spelled,
)
from ads.store.counts.sections import Section, count_into, figures, milliseconds

SHARES = "share"
"""A dimension of ads alone: the totals of each share."""
EVERYTHING = (*DIMENSIONS, SHARES)
_HOURLY = ("total", "slot")
_OF_A_SHARE, _BITS = 8, 40
"""A row by share has the figures that all dimensions have, without the ledger's.

They are packed into one integer, 40 bits each, so that one addition sums them all.
"""

Place = tuple[int, str]
Row = tuple[int, ...]


class Unit(NamedTuple):
    """A closed hour or a whole closed day, or any span, [start, end) in ms."""

    start: int
    end: int

    @property
    def day(self) -> bool:
        """Whether it is a day."""
        return self.end - self.start == DAY


class Part(msgspec.Struct, frozen=True, array_like=True):
    """One dimension of a unit: cells (hour, key, figures), readings (value, opens), or shares.

    Totals and slots have their own hours, all else the unit's first hour.
    """

    version: tuple[int, int, int]
    cells: list[tuple[int, str, tuple[int, ...]]] = []
    readings: list[tuple[int, int]] = []
    shares: dict[str, bytes] = {}


Parts = Mapping[str, Part]


class AdCells(NamedTuple):
    """An ad's cells over all its shares; `readings`: measure (ms or pct) -> value -> opens."""

    cells: list[Cell]
    readings: Mapping[str, Mapping[int, int]]


class Sums:
    """Sums over the shares in one unit, by dimension and, with `by_share`, for each share."""

    def __init__(self, unit: Unit, *, by_share: bool = True) -> None:
        self.unit = unit
        self._by_share = by_share
        self._rows: defaultdict[str, dict[Place, Row]] = defaultdict(dict)
        self._shares: defaultdict[str, int] = defaultdict(int)
        self._readings: dict[str, defaultdict[int, int]] = {n: defaultdict(int) for n in MEASURES}

    def add(self, share: str, texts: Texts, dimension: str, hour: int, section: Section) -> None:
        """A share's section of one dimension, of an hour (its first ms) in the unit."""
        if dimension in MEASURES:
            count_into(section, self._readings[dimension])
            return
        rows, at = self._rows[dimension], hour if dimension in _HOURLY else self.unit.start
        for number, found in figures(section, totals=dimension == "total"):
            _add(rows, (at, key_of(dimension, number, texts)), found)
            if self._by_share and dimension == "total":
                self._shares[share] += _beside(found)

    def parts(
        self, wanted: Collection[str], version: tuple[int, int, int], *, exact: bool = False
    ) -> Parts:
        """The sums by these dimensions; many readings become a sketch unless `exact`."""
        return {name: self._part(name, version, exact=exact) for name in wanted}

    def _part(self, name: str, version: tuple[int, int, int], *, exact: bool) -> Part:
        if name in MEASURES:
            return Part(version, readings=self._read(name, exact=exact))
        if name == SHARES:
            size = _OF_A_SHARE * _BITS // 8
            return Part(version, shares={n: s.to_bytes(size) for n, s in self._shares.items()})
        return Part(version, cells=[(*place, row) for place, row in self._rows[name].items()])

    def _read(self, name: str, *, exact: bool) -> list[tuple[int, int]]:
        found: Mapping[int, int] = self._readings[name]
        if name == "ms":
            found = {milliseconds(code): opens for code, opens in found.items()}
        return list(found.items()) if exact else sorted(sketch.reduced(found).items())


def _add(rows: dict[Place, Row], place: Place, more: Row) -> None:
    have = rows.get(place)
    rows[place] = more if have is None else tuple(map(add, have, more))


def _beside(figures_: Sequence[int]) -> int:
    beside = 0
    for figure in figures_[:_OF_A_SHARE]:
        beside = beside << _BITS | figure
    return beside


def _apart(beside: int) -> Row:
    places = range(_OF_A_SHARE - 1, -1, -1)
    return tuple(beside >> _BITS * at & (1 << _BITS) - 1 for at in places)


def add_share(sums: Sequence[Sums], share: str, names: Names, found: Found) -> None:
    """Add a share's sections to `sums`, whose units are adjacent and of one size."""
    first, size = sums[0].unit.start, sums[0].unit.end - sums[0].unit.start
    named = NAMED.intersection(field.mark for field, _ in found)
    texts = spelled(names, b"".join(named)) if named else {}
    for field, section in found:
        hour = field.hour(section)
        sums[(hour - first) // size].add(share, texts, field.dimension, hour, section)


def merged(ad: str, found: Iterable[Parts]) -> AdCells:
    """The sums over all these units; only totals and slots keep their hours."""
    rows: defaultdict[str, dict[Place, Row]] = defaultdict(dict)
    readings: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    shares: defaultdict[str, int] = defaultdict(int)
    for name, part in ((name, part) for parts in found for name, part in parts.items()):
        counted = readings[name]
        for value, opens in part.readings:
            counted[value] += opens
        for share, beside in part.shares.items():
            shares[share] += int.from_bytes(beside)
        for hour, key, row in part.cells:
            _add(rows[name], (hour if name in _HOURLY else 0, key), row)
    cells = [
        Cell(hour, ad, name, key, row)
        for name, places in rows.items()
        for (hour, key), row in places.items()
    ]
    cells += [Cell(0, ad, SHARES, share, _apart(beside)) for share, beside in shares.items()]
    return AdCells(cells, readings)
