"""A day's figures by one dimension, as the store has them: sections by hour and ad (pure).

The other half of this form is in `cells.lua`.
"""

from collections.abc import Iterator
from typing import NamedTuple

WHOLE_DAY = 24
"""The hour of a section in which those of a day were put together."""

_HOUR, _AWAY = 31, 64
_DIGITS = 16384
_WIDTH, _TOTALS_WIDTH = 8, 19
_SMALL = 128


class Section(NamedTuple):
    """One hour's part under one ad; `away` if its content stands in a field of its own."""

    hour: int
    ad: int
    raw: bytes
    away: bool


def sections(raw: bytes) -> Iterator[Section]:
    """The sections of a field."""
    at = 0
    while at < len(raw):
        flags, ad = raw[at], raw[at + 1]
        length, at = _number(raw, at + 2)
        yield Section(flags & _HOUR, ad, raw[at : at + length], bool(flags & _AWAY))
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
