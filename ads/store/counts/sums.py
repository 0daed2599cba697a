"""Sums over the shares of an ad, by closed units or a span still open (pure)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ads.clock import DAY, HOUR
from ads.store.counts import sketch
from ads.store.counts.cells import DIMENSIONS, Cell, Field, Reading, Texts, key_of
from ads.store.counts.sections import WHOLE_DAY, Section, counts, figures, milliseconds
from ads.store.counts.wire import EPOCH

SHARES = "share"
"""A dimension that a share alone does not have: its totals, under its own name."""
EVERYTHING = (*DIMENSIONS, SHARES)
MEASURES = ("ms", "pct")
_HOURLY = ("total", "slot")
_OF_A_SHARE = 8
"""What a row by share tells: the figures that all dimensions have, not the ledger's."""

Place = tuple[int, str]


class Unit(NamedTuple):
    """A closed hour or a whole closed day, or any span, [start, end) in ms."""

    start: int
    end: int

    @property
    def day(self) -> bool:
        """Whether it is a day."""
        return self.end - self.start == DAY


class Part(msgspec.Struct, frozen=True, array_like=True):
    """One dimension of a unit: (hour, key, figures), or (value, how many).

    Totals and slots stand under their hours, all else under the unit's first.
    """

    version: tuple[int, int, int]
    cells: list[tuple[int, str, list[int]]] = []
    readings: list[tuple[int, int]] = []


Parts = Mapping[str, Part]


class Sums:
    """Sums over the shares: all dimensions of a unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._rows: defaultdict[str, dict[Place, list[int]]] = defaultdict(dict)
        self._readings: dict[str, Counter[int]] = {name: Counter() for name in MEASURES}

    def add(self, share: str, texts: Texts, dimension: str, hour: int, section: Section) -> None:
        """A share's section of one dimension, of an hour (its first ms) in the unit."""
        if dimension in MEASURES:
            into = self._readings[dimension]
            for value, opens in counts(section.raw):
                into[milliseconds(value) if dimension == "ms" else value] += opens
            return
        rows, at = self._rows[dimension], hour if dimension in _HOURLY else self.unit.start
        for number, found in figures(section.raw, totals=dimension == "total"):
            _add(rows, (at, key_of(dimension, number, texts)), found)
            if dimension == "total":
                _add(self._rows[SHARES], (self.unit.start, share), found[:_OF_A_SHARE])

    def parts(
        self, wanted: Collection[str], version: tuple[int, int, int], *, exact: bool = False
    ) -> Parts:
        """What was summed, by these dimensions; many readings in buckets unless `exact`."""
        form: Callable[[Mapping[int, int]], Mapping[int, int]] = dict if exact else sketch.reduced
        return {
            name: Part(version, readings=sorted(form(self._readings[name]).items()))
            if name in MEASURES
            else Part(version, cells=[(*place, row) for place, row in self._rows[name].items()])
            for name in wanted
        }


def _add(rows: dict[Place, list[int]], place: Place, more: list[int]) -> None:
    have = rows.get(place)
    rows[place] = more if have is None else [a + b for a, b in zip(have, more, strict=True)]


def gathered(
    sums: Sequence[Sums], ad: str, share: str, texts: Texts, found: Iterable[tuple[Field, Section]]
) -> None:
    """Adds a share's sections under the ad to the units, of one size and one after another."""
    number = next((n for (mark, n), text in texts.items() if mark == b"a" and text == ad), 0)
    first, size = sums[0].unit.start, sums[0].unit.end - sums[0].unit.start
    for field, section in found:
        if section.ad == number:
            hour = EPOCH + field.day * DAY + section.hour % WHOLE_DAY * HOUR
            place = (hour - first) // size
            if 0 <= place < len(sums):
                sums[place].add(share, texts, field.dimension, hour, section)


def told(ad: str, found: Iterable[Parts]) -> tuple[list[Cell], list[Reading]]:
    """Cells and readings over all these; but for totals and slots they stand under no hour."""
    rows: defaultdict[str, dict[Place, list[int]]] = defaultdict(dict)
    readings: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for parts in found:
        for name, part in parts.items():
            for value, opens in part.readings:
                readings[name][value] += opens
            for hour, key, row in part.cells:
                _add(rows[name], (hour if name in _HOURLY else 0, key), row)
    cells = [
        Cell(hour, ad, name, key, row)
        for name, places in rows.items()
        for (hour, key), row in places.items()
    ]
    return cells, [
        Reading(0, ad, name, value, opens)
        for name, values in readings.items()
        for value, opens in values.items()
    ]
