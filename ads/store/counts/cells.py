"""Reading cells: the figures of each hour, by ad and by one dimension."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.store import keys
from ads.store.counts import fields
from ads.store.counts.sections import Section, counts, figures, milliseconds, sections
from ads.store.counts.wire import EPOCH, SLOTS, since_epoch

SHARE_DAYS_AT_ONCE = 512
"""Days of shares that one pipeline asks for: bounds memory, and how long others wait."""
SHORT = 40
"""In a span of so many days all fields are asked for, without first asking which days exist."""

Names = Mapping[bytes, bytes]
Texts = Mapping[tuple[bytes, int], str]
Raw = bytes | None


class Cell(NamedTuple):
    """Figures of one hour (its first ms), ad, dimension and key (a text; a number as its digits).

    `dimension` is one of total, depth, variant, country, device, source, slot: the figures are in
    the order of `ads.events.ledger`; those of all but the total end with the readers. Or it is one
    of MEASURES: the key is a reading, the only figure the number of opens that have it.
    """

    hour: int
    ad: str
    dimension: str
    key: str
    figures: tuple[int, ...]


class Field(NamedTuple):
    """The field of a share's body with a day's figures by one dimension."""

    day: int
    mark: bytes

    @property
    def name(self) -> bytes:
        """The field's name in the hash."""
        return fields.of_day(self.day, self.mark)

    def hour(self, section: Section) -> int:
        """The hour at which a section of this field stands (its first ms)."""
        return EPOCH + self.day * DAY + section.at * HOUR

    @property
    def dimension(self) -> str:
        """The dimension by name."""
        return _DIMENSIONS[self.mark]


_MARKS = {
    "total": fields.TOTALS,
    "depth": b"d",
    "variant": b"v",
    "country": b"c",
    "device": b"e",
    "source": b"o",
    "slot": b"s",
    "ms": b"m",
    "pct": b"p",
}
_DIMENSIONS = {mark: name for name, mark in _MARKS.items()}
MARKS = frozenset(_DIMENSIONS)
NAMED = frozenset({b"v", b"c", b"e", b"o"})
"""Dimensions whose keys are texts, stored as numbers."""
FIELD_BYTES = 3
"""Of a field's name: two for the day since 2020, one for the mark."""
MEASURES = ("ms", "pct")
DIMENSIONS = tuple(_MARKS)
"""All that can be asked for: the dimensions of cells, then the measures of reading."""


async def load(
    redis: Redis, shares: Sequence[str], start: int, end: int, dimensions: Collection[str]
) -> list[list[Cell]]:
    """See `Counts.cells`."""
    loaded = []
    async for _, names, found in gather(redis, shares, Asked(start, end, dimensions)):
        texts = spelled(names)
        loaded.append([cell for field, each in found for cell in _cells(field, each, texts)])
    return loaded


class Asked(NamedTuple):
    """A query: hours from `start` to before `end` (ms), these dimensions, an ad or all ("")."""

    start: int
    end: int
    dimensions: Collection[str]
    ad: str = ""

    @property
    def days(self) -> range:
        """The days of the span, counted since 2020."""
        return range(since_epoch(self.start) // DAY, (since_epoch(self.end) - 1) // DAY + 1)

    def hours(self, day: int) -> range:
        """The hours of the span in a day."""
        first = EPOCH + day * DAY
        return range(max(self.start - first, 0) // HOUR, min(self.end - first, DAY) // HOUR)

    @property
    def ad_name(self) -> bytes:
        """The field of a share's names with the ad's number."""
        return b"a" + self.ad.encode()

    @property
    def texts(self) -> bool:
        """Whether the answer needs more names than the ad's."""
        return not self.ad or not NAMED.isdisjoint(_MARKS[name] for name in self.dimensions)

    def number(self, names: Names) -> int | None:
        """The ad's number in a share with these names; None for all ads."""
        return int(names.get(self.ad_name, 0)) if self.ad else None


Found = list[tuple[Field, Section]]
Gathered = tuple[str, Names, Found]
"""A share, its names (text -> number), and its sections as stored."""


async def gather(
    redis: Redis, shares: Sequence[str], asked: Asked, share_days: int = SHARE_DAYS_AT_ONCE
) -> AsyncIterator[Gathered]:
    """Each share's sections, `share_days` days of shares at a time so that others get a turn."""
    at_once = max(share_days // max(len(asked.days), 1), 1)
    for first in range(0, len(shares), at_once):
        for found in await _gather(redis, shares[first : first + at_once], asked):
            yield found
        await asyncio.sleep(0)


async def _gather(redis: Redis, shares: Sequence[str], asked: Asked) -> list[Gathered]:
    """All fields of a share are read by one command: else rows might not add up to the totals.

    A section may say that its content is in a field of its own; then all are read again with that.
    """
    span, marks = asked.days, [_MARKS[name] for name in asked.dimensions]
    days = [span] * len(shares) if len(span) <= SHORT else await _noted(redis, shares, span)
    known = dict(zip(shares, days, strict=True))
    fields_ = {
        share: [Field(day, mark) for day in known[share] for mark in marks] for share in known
    }
    alone: dict[str, list[bytes]] = {share: [] for share in known}
    found: dict[str, Gathered] = {}
    while left := [share for share in known if share not in found]:
        wanted = [[*(field.name for field in fields_[share]), *alone[share]] for share in left]
        for share, raws, names in zip(left, *await _read(redis, left, wanted, asked), strict=True):
            sections_ = list(_sections(fields_[share], raws, names, asked))
            beside = dict(zip(alone[share], raws[len(fields_[share]) :], strict=False))
            away = [section.alone(field.name) for field, section in sections_ if section.away]
            if beside.keys() >= set(away):
                found[share] = share, names, _joined(sections_, beside)
            alone[share] = away
    return [found[share] for share in shares]


async def _noted(redis: Redis, shares: Sequence[str], span: range) -> list[list[int]]:
    """For each share, the days of the span that have cells."""
    pipeline = redis.pipeline(transaction=False)
    for share in shares:
        pipeline.hget(keys.SHARE_BODY.format(share=share), fields.DAYS)
    answers = cast(list[Raw], await pipeline.execute())
    return [[day for day in sorted(days_of(noted or b"")) if day in span] for noted in answers]


async def _read(
    redis: Redis, shares: Sequence[str], wanted: Sequence[Sequence[bytes]], asked: Asked
) -> tuple[list[list[Raw]], list[Names]]:
    """These fields of each share, and its names, read after them so that none is missing."""
    pipeline = redis.pipeline(transaction=False)
    for share, named in zip(shares, wanted, strict=True):
        pipeline.hmget(keys.SHARE_BODY.format(share=share), named or [fields.DAYS])
        if asked.texts:
            pipeline.hgetall(keys.SHARE_NAMES.format(share=share))
        else:
            pipeline.hget(keys.SHARE_NAMES.format(share=share), asked.ad_name)
    answers: list[Any] = await pipeline.execute()
    told = answers[1::2]
    return answers[::2], told if asked.texts else [{asked.ad_name: n or b"0"} for n in told]


def _sections(
    wanted: Sequence[Field], raws: Sequence[Raw], names: Names, asked: Asked
) -> Iterator[tuple[Field, Section]]:
    """The sections asked for; those whose content is in a field of its own are without it."""
    hours, number = {day: asked.hours(day) for day in asked.days}, asked.number(names)
    for field, raw in zip(wanted, raws, strict=False):
        for section in sections(raw, hours[field.day], number) if raw else ():
            yield field, section


def _joined(found: Iterable[tuple[Field, Section]], alone: Mapping[bytes, Raw]) -> Found:
    return [
        (field, each._replace(raw=alone[each.alone(field.name)] or b"") if each.away else each)
        for field, each in found
    ]


def days_of(noted: bytes) -> list[int]:
    """The days (since 2020) in a share's note of days."""
    return [int.from_bytes(noted[at : at + 2]) for at in range(0, len(noted), 2)]


def spelled(names: Names, marks: bytes = b"avceo") -> Texts:
    """The texts by mark and number, of the dimensions with these marks (`a` are the ads)."""
    return {
        (field[:1], int(number)): field[1:].decode()
        for field, number in names.items()
        if field[0] in marks
    }


def _cells(field: Field, section: Section, texts: Texts) -> Iterator[Cell]:
    name, hour, ad = field.dimension, field.hour(section), texts.get((b"a", section.ad), "")
    if name in MEASURES:
        of = milliseconds if name == "ms" else int
        for value, opens in counts(section):
            yield Cell(hour, ad, name, str(of(value)), (opens,))
    else:
        for number, found in figures(section, totals=name == "total"):
            yield Cell(hour, ad, name, key_of(name, number, texts), found)


def key_of(name: str, number: int, texts: Texts) -> str:
    """A cell's key by its number."""
    if name == "total":
        return ""
    if name == "depth":
        return str(number)
    return SLOTS[number] if name == "slot" else texts.get((_MARKS[name], number), "")
