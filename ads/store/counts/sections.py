"""A day's figures by one dimension, as the store has them: sections by hour and ad (pure).

The other half of this form is in `cells.lua`.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import NamedTuple

WHOLE_DAY = 24
"""The hour of a section in which those of a day were put together."""

_HOUR, _COARSE, _AWAY, _HALVED = 31, 32, 64, 128
_DIGITS = 16384
_WIDTH, _TOTALS_WIDTH = 8, 19
_SMALL, _LOW = 128, 15


class Section(NamedTuple):
    """One hour's part under one ad; `away` if its content stands in a field of its own.

    The times of a `coarse` one have three digits, the figures of a `halved` one half a byte each.
    """

    hour: int
    ad: int
    raw: bytes
    away: bool
    coarse: bool = False
    halved: bool = False


def sections(
    raw: bytes, hours: range = range(WHOLE_DAY), ad: int | None = None
) -> Iterator[Section]:
    """The sections of a field, of these hours of the day, under this ad or any."""
    at, end = 0, len(raw)
    wanted = _wanted(hours)
    while at < end:
        flags, whose, length = raw[at], raw[at + 1], raw[at + 2]
        at += 3
        if length >= _SMALL:
            length, at = _number(raw, at - 1)
        if wanted[flags & _HOUR] and (ad is None or ad == whose):
            marks = flags & _AWAY > 0, flags & _COARSE > 0, flags & _HALVED > 0
            yield Section(flags & _HOUR, whose, raw[at : at + length], *marks)
        at += length


def figures(section: Section, *, totals: bool = False) -> Iterator[tuple[int, list[int]]]:
    """(key, figures) of the cells in a section."""
    raw, read = section.raw, _halves if section.halved else _whole
    at, end, width, size = 0, len(raw), *((_TOTALS_WIDTH, 3) if totals else (_WIDTH, 1))
    while at < end:
        key = raw[at]
        at += 1
        if key >= _SMALL:
            key, at = _number(raw, at - 1)
        places = _places(int.from_bytes(raw[at : at + size], "little") if totals else raw[at])
        found = [0] * width
        at = read(raw, at + size, places, found)
        yield key, found


def _whole(raw: bytes, at: int, places: Sequence[int], into: list[int]) -> int:
    for place in places:
        into[place], at = _number(raw, at)
    return at


def _halves(raw: bytes, at: int, places: Sequence[int], into: list[int]) -> int:
    """Half a byte each, less one; what is above sixteen behind all of them, where that was full."""
    behind = at + (len(places) + 1 >> 1)
    for nth, place in enumerate(places):
        half = raw[at + (nth >> 1)] & _LOW if nth & 1 else raw[at + (nth >> 1)] >> 4
        if half == _LOW:
            half, behind = _number(raw, behind)
            half += _LOW
        into[place] = half + 1
    return behind


@lru_cache(1 << 10)
def _wanted(hours: range) -> list[bool]:
    """By the hour that a section names; hours that were put together begin with the day."""
    return [hour % WHOLE_DAY in hours for hour in range(_HOUR + 1)]


@lru_cache(1 << 12)
def _places(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]


def counts(raw: bytes) -> Iterator[tuple[int, int]]:
    """(value, how many) in order of the values."""
    at, end, value = 0, len(raw), 0
    while at < end:
        step = raw[at]
        at += 1
        if step >= _SMALL:
            step, at = _number(raw, at - 1)
        value += step >> 1
        count = 1
        if step & 1:
            count, at = _number(raw, at)
        yield value, count


def count_into(raw: bytes, into: MutableMapping[int, int]) -> None:
    """Adds what `counts` reads, in fewer steps: most of a report's time goes here."""
    at, end, value = 0, len(raw), 0
    while at < end:
        step = raw[at]
        at += 1
        if step >= _SMALL:
            more = raw[at]
            step += (more << 7) - _SMALL
            at += 1
            if more >= _SMALL:
                step, at = _number(raw, at - 2)
        value += step >> 1
        if step & 1:
            count, at = _number(raw, at)
            into[value] += count
        else:
            into[value] += 1


def milliseconds(code: int) -> int:
    """A reading time from its digits, and how often to take them by ten."""
    tens, digits = divmod(code, _DIGITS)
    return int(digits * 10**tens)


def pack_section(hour: int, ad: int, raw: bytes, *, coarse: bool = False) -> bytes:
    """A section with its content in it."""
    return bytes((hour + _COARSE * coarse, ad)) + _packed(len(raw)) + raw


def pack_figures(cells: Mapping[int, Sequence[int]], *, totals: bool = False) -> bytes:
    """What `figures` reads; cells without any figure have no place."""
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
    """A whole number, seven bits a byte, the lowest first; and what comes behind it."""
    value = raw[at]
    at += 1
    if value < _SMALL:
        return value, at
    value, shift = value - _SMALL, 7
    while raw[at] >= _SMALL:
        value += (raw[at] - _SMALL) << shift
        at, shift = at + 1, shift + 7
    return value + (raw[at] << shift), at + 1
