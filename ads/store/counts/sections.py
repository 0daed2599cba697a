"""A day's figures by one dimension, as the store has them: sections by hour and ad (pure).

The other half of this form is in `cells.lua`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

WHOLE_DAY = 24
"""The hour of a section in which those of a day were put together."""

_HOUR, _COARSE, _AWAY = 31, 32, 64
_DIGITS = 16384
_WIDTH, _TOTALS_WIDTH = 8, 19
_SMALL = 128


class Section(NamedTuple):
    """One hour's part under one ad; `away` if its content stands in a field of its own.

    The times of a `coarse` one have three digits.
    """

    hour: int
    ad: int
    raw: bytes
    away: bool
    coarse: bool = False


def sections(raw: bytes) -> Iterator[Section]:
    """The sections of a field."""
    at = 0
    while at < len(raw):
        flags, ad = raw[at], raw[at + 1]
        length, at = _number(raw, at + 2)
        content = raw[at : at + length]
        yield Section(flags & _HOUR, ad, content, bool(flags & _AWAY), bool(flags & _COARSE))
        at += length


def figures(raw: bytes, *, totals: bool = False) -> Iterator[tuple[int, list[int]]]:
    """(key, figures) of the cells in a section."""
    at, width, size = 0, *((_TOTALS_WIDTH, 3) if totals else (_WIDTH, 1))
    while at < len(raw):
        key, at = _number(raw, at)
        bits = int.from_bytes(raw[at : at + size], "little")
        at += size
        found = [0] * width
        for place in range(width):
            if bits >> place & 1:
                found[place], at = _number(raw, at)
        yield key, found


def counts(raw: bytes) -> Iterator[tuple[int, int]]:
    """(value, how many) in order of the values."""
    at = value = 0
    while at < len(raw):
        step, at = _number(raw, at)
        value += step >> 1
        count = 1
        if step & 1:
            count, at = _number(raw, at)
        yield value, count


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
