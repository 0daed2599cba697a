"""A day's figures by one dimension as bytes in the store: sections by hour and ad (pure).

`cells.lua` writes this format.
"""

from collections import defaultdict
from collections.abc import ItemsView, Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

WHOLE_DAY, NOON = 24, 12
"""The hour of a section into which all hours of a day were merged, and the hour at which it stands.

At noon of UTC nearly every time zone has the date that it has for most of that day.
"""

_HOUR, _COARSE, _AWAY, _HALVED = 31, 32, 64, 128
_DIGITS = 16384
_TENS = [int(10**tens) for tens in range(16)]
_WIDTH, _TOTALS_WIDTH = 8, 19
_SMALL, _LOW = 128, 15
_SHORT = 32
_SLIM, _MANY, _FEW = 3, (24, 8, 16, 8, 3, 3, 3, 3, 8), (4, 12, 20, 12, 4, 4, 4, 4, 5)

Figures = tuple[int, tuple[int, ...]]
"""A cell: its key, and its figures."""


class Section(NamedTuple):
    """The content of one hour and one ad; if it is `away`, it is in a field of its own.

    `coarse` and `halved` together tell the encoding, differently for figures and for times:

    ========  ==================  =====================  ==================
    kind      `halved`            `coarse`               both
    ========  ==================  =====================  ==================
    figures   half a byte each    slim, of many keys     slim, of few keys
    times     few, plainly        three digits           few, three digits
    ========  ==================  =====================  ==================
    """

    hour: int
    ad: int
    raw: bytes
    away: bool = False
    coarse: bool = False
    halved: bool = False

    @property
    def at(self) -> int:
        """The hour of the day at which it stands."""
        return _at(self.hour)

    def alone(self, field: bytes) -> bytes:
        """The field that has its content if it is `away` from this field."""
        return field + bytes((self.hour, self.ad))


def sections(raw: bytes, hours: range = range(WHOLE_DAY), ad: int | None = None) -> list[Section]:
    """The sections of a field, of these hours of the day, of this ad or all."""
    found: list[Section] = []
    at, end, wanted = 0, len(raw), _wanted(hours)
    while at < end:
        flags, length, start = raw[at], raw[at + 2], at + 3
        if length >= _SMALL:
            length, start = _number(raw, at + 2)
        if wanted[flags] and (ad is None or ad == raw[at + 1]):
            marks = flags & _AWAY > 0, flags & _COARSE > 0, flags & _HALVED > 0
            found.append(Section(flags & _HOUR, raw[at + 1], raw[start : start + length], *marks))
        at = start + length
    return found


def figures(section: Section, *, totals: bool = False) -> Sequence[Figures]:
    """(key, figures) of the cells in a section."""
    raw, halved = section.raw, section.halved
    if section.coarse:
        return (_slim_alike if len(raw) <= _SHORT else _slim)(raw, halved)
    return (_alike if len(raw) <= _SHORT else _cells)(raw, halved, totals)


def _slim(raw: bytes, few: bool) -> Sequence[Figures]:
    """Cells of three bytes; a digit that is the largest of its base has its rest behind them."""
    cells, at, end = [], 0, len(raw)
    while at < end:
        key, found, full = _digits(raw[at : at + _SLIM], few)
        at += _SLIM
        if full:
            more = [0] * (_WIDTH + 1)
            for place in full:
                more[place], at = _number(raw, at)
            key, found = key + more[0], tuple(map(add, found, more[1:]))
        cells.append((key, found))
    return tuple(cells)


@lru_cache(1 << 14)
def _digits(cell: bytes, few: bool) -> tuple[int, tuple[int, ...], Sequence[int]]:
    """Key, figures, and the places (0 is the key) of digits that are the largest of their base."""
    digits, left, bases = [], int.from_bytes(cell), _FEW if few else _MANY
    for base in reversed(bases):
        left, digit = divmod(left, base)
        digits.append(digit)
    digits.reverse()
    full = tuple(place for place, base in enumerate(bases) if digits[place] == base - 1)
    return digits[0], tuple(digits[1:]), full


def _cells(raw: bytes, halved: bool, totals: bool) -> Sequence[Figures]:
    cells, read = [], _halves if halved else _whole
    at, end, width, size = 0, len(raw), *((_TOTALS_WIDTH, 3) if totals else (_WIDTH, 1))
    while at < end:
        key = raw[at]
        at += 1
        if key >= _SMALL:
            key, at = _number(raw, at - 1)
        places = _places(int.from_bytes(raw[at : at + size], "little") if totals else raw[at])
        found = [0] * width
        at = read(raw, at + size, places, found)
        cells.append((key, tuple(found)))
    return tuple(cells)


# Hours of most shares have a few events: a thousand shares have some forty different sections.
_alike = lru_cache(1 << 12)(_cells)
_slim_alike = lru_cache(1 << 12)(_slim)


def _whole(raw: bytes, at: int, places: Sequence[int], into: list[int]) -> int:
    for place in places:
        into[place], at = _number(raw, at)
    return at


def _halves(raw: bytes, at: int, places: Sequence[int], into: list[int]) -> int:
    """Figures of half a byte, less one; a full half has its rest behind all of them."""
    behind = at + (len(places) + 1 >> 1)
    for nth, place in enumerate(places):
        half = raw[at + (nth >> 1)] & _LOW if nth & 1 else raw[at + (nth >> 1)] >> 4
        if half == _LOW:
            half, behind = _number(raw, behind)
            half += _LOW
        into[place] = half + 1
    return behind


@lru_cache(1 << 10)
def _wanted(hours: range) -> Sequence[bool]:
    """By a section's flags, whether the hour at which it stands is asked for."""
    return tuple(_at(flags & _HOUR) in hours for flags in range(256))


def _at(hour: int) -> int:
    return NOON if hour == WHOLE_DAY else hour


@lru_cache(1 << 12)
def _places(bits: int) -> Sequence[int]:
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


def counts(section: Section) -> ItemsView[int, int]:
    """(value, how many) for the times, percents or seconds in a section, by rising value."""
    found: defaultdict[int, int] = defaultdict(int)
    count_into(section, found)
    return found.items()


def count_into(section: Section, into: MutableMapping[int, int]) -> None:
    """Add a section's counts to `into`; most of a report's time goes here."""
    plain, digits = section.halved, iter(section.raw)
    value = -1 if plain else 0
    for step in digits:
        if step >= _SMALL:
            more = next(digits)
            step += (more << 7) - _SMALL
            if more >= _SMALL:
                step += (_rest(digits) - 1) << 14
        if plain:
            value += step
            into[value] += 1 if step else _rest(digits)
        else:
            value += step >> 1
            into[value] += _rest(digits) if step & 1 else 1


def _rest(digits: Iterator[int]) -> int:
    """The next number, of as many bytes as it takes."""
    value, shift = next(digits), 0
    while value >> shift >= _SMALL:
        shift += 7
        value += (next(digits) - 1) << shift
    return value


def milliseconds(code: int) -> int:
    """A reading time from its code: up to four digits, and a power of ten."""
    return code % _DIGITS * _TENS[code // _DIGITS]


def pack_section(s: Section) -> bytes:
    """What `sections` reads."""
    flags = s.hour + _COARSE * s.coarse + _AWAY * s.away + _HALVED * s.halved
    return bytes((flags, s.ad)) + _packed(len(s.raw)) + s.raw


def pack_figures(cells: Mapping[int, Sequence[int]], *, totals: bool = False) -> bytes:
    """What `figures` reads; cells without any figure are left out."""
    parts = []
    for key, found in cells.items():
        bits = sum(1 << place for place, figure in enumerate(found) if figure)
        values = b"".join(_packed(figure) for figure in found if figure)
        if bits:
            parts.append(_packed(key) + bits.to_bytes(3 if totals else 1, "little") + values)
    return b"".join(parts)


def pack_counts(values: Mapping[int, int]) -> bytes:
    """What `counts` reads."""
    parts, before = [], 0
    for value, count in sorted(values.items()):
        step = 2 * (value - before)
        parts.append(_packed(step) if count == 1 else _packed(step + 1) + _packed(count))
        before = value
    return b"".join(parts)


def _packed(value: int) -> bytes:
    parts = bytearray()
    while value >= _SMALL:
        parts.append(_SMALL + value % _SMALL)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A whole number, seven bits to a byte, the lowest first; and the place after it."""
    value = raw[at]
    at += 1
    if value < _SMALL:
        return value, at
    value, shift = value - _SMALL, 7
    while raw[at] >= _SMALL:
        value += (raw[at] - _SMALL) << shift
        at, shift = at + 1, shift + 7
    return value + (raw[at] << shift), at + 1
