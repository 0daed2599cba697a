"""Reading cells: what is known of each hour, by ad and one dimension."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.store import keys
from ads.store.counts.sections import WHOLE_DAY, Section, counts, figures, milliseconds, sections
from ads.store.counts.wire import EPOCH, SLOTS, since_epoch

NAMES, BODY = keys.SHARE_KEYS[1], keys.SHARE_KEYS[3]
SHARE_DAYS_AT_ONCE = 600
"""Days of shares that are asked for in one pipeline: bounds the answer's memory."""
SHORT = 40
"""In a span of so many days fields are asked for whether they are there or not."""

Names = Mapping[bytes, bytes]
Texts = Mapping[tuple[bytes, int], str]
Raw = bytes | None


class Cell(NamedTuple):
    """Figures of one hour (its first ms), ad, dimension and key (a text; a depth as its digits).

    `dimension` is one of total, depth, variant, country, device, source, slot; the figures stand as
    `ads.ledger` says, up to the readers for all but the total.
    """

    hour: int
    ad: str
    dimension: str
    key: str
    figures: list[int]


class Reading(NamedTuple):
    """So many opens whose reading came to `value` (`measure` ms or pct), in one hour."""

    hour: int
    ad: str
    measure: str
    value: int
    opens: int


class ShareCells(NamedTuple):
    """What a share has in a span of hours."""

    share: str
    cells: list[Cell]
    readings: list[Reading]


class Field(NamedTuple):
    """Where a day's figures by one dimension stand: in which share (by place), and its name."""

    share: int
    day: int
    mark: bytes

    @property
    def name(self) -> bytes:
        """Its name in the share's hash."""
        return self.day.to_bytes(2) + self.mark


_MARKS = {
    "total": b"T",
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
FIELD_BYTES = 3
"""A day of the store's count, and a mark."""
DIMENSIONS = tuple(_MARKS)
"""What can be asked for: the cells' dimensions, then the measures of reading."""


async def load(
    redis: Redis, shares: Sequence[str], start: int, end: int, dimensions: Collection[str]
) -> list[ShareCells]:
    """See `Counts.cells`."""
    return [share async for share in each(redis, shares, start, end, dimensions)]


async def each(
    redis: Redis, shares: Sequence[str], start: int, end: int, dimensions: Collection[str]
) -> AsyncIterator[ShareCells]:
    """One share after another, in bounded memory."""
    marks = [_MARKS[name] for name in dimensions]
    span = range(since_epoch(start) // DAY, (since_epoch(end) - 1) // DAY + 1)
    at_once = max(SHARE_DAYS_AT_ONCE // max(len(span), 1), 1)
    for first in range(0, len(shares), at_once):
        some = shares[first : first + at_once]
        for share in await _load(redis, some, span, (start, end), marks):
            yield share


async def _load(
    redis: Redis,
    shares: Sequence[str],
    span: range,
    hours: tuple[int, int],
    marks: Sequence[bytes],
) -> list[ShareCells]:
    days = [span] * len(shares) if len(span) <= SHORT else await _noted(redis, shares, span)
    wanted = [
        Field(place, day, mark)
        for place, known in enumerate(days)
        for day in known
        for mark in marks
    ]
    sections = await _sections(redis, shares, wanted)
    texts = await _texts(redis, shares, {field.share for field, _ in sections})
    found = [ShareCells(share, [], []) for share in shares]
    for field, section in sections:
        hour = EPOCH + field.day * DAY + section.hour % WHOLE_DAY * HOUR
        if hours[0] <= hour < hours[1]:
            _put(found[field.share], field.mark, hour, section, texts[field.share])
    return found


async def _noted(redis: Redis, shares: Sequence[str], span: range) -> list[list[int]]:
    """The days of the span that each share has cells of."""
    pipeline = redis.pipeline(transaction=False)
    for share in shares:
        pipeline.hget(BODY.format(share=share), "D")
    answers = cast(list[Raw], await pipeline.execute())
    return [[day for day in sorted(days_of(noted or b"")) if day in span] for noted in answers]


async def _texts(redis: Redis, shares: Sequence[str], places: Collection[int]) -> dict[int, Texts]:
    """The text behind each dimension's number, of the shares at these places."""
    pipeline = redis.pipeline(transaction=False)
    for place in places:
        pipeline.hgetall(NAMES.format(share=shares[place]))
    answers = await pipeline.execute()
    return {place: _spelled(names) for place, names in zip(places, answers, strict=True)}


async def _sections(
    redis: Redis, shares: Sequence[str], wanted: Sequence[Field]
) -> list[tuple[Field, Section]]:
    """All sections of these fields, those that stand alone too."""
    raws = await _fields(redis, shares, [(field.share, field.name) for field in wanted])
    found = [
        (field, section)
        for field, raw in zip(wanted, raws, strict=True)
        for section in sections(raw or b"")
    ]
    away = [
        (field.share, field.name + bytes((section.hour, section.ad)))
        for field, section in found
        if section.away
    ]
    alone = iter(await _fields(redis, shares, away))
    return [
        (field, section._replace(raw=next(alone) or b"") if section.away else section)
        for field, section in found
    ]


async def _fields(
    redis: Redis, shares: Sequence[str], wanted: Sequence[tuple[int, bytes]]
) -> list[Raw]:
    """Fields of these shares' hashes; they stand together by share."""
    by_share: dict[int, list[bytes]] = {}
    for share, name in wanted:
        by_share.setdefault(share, []).append(name)
    pipeline = redis.pipeline(transaction=False)
    for share, asked in by_share.items():
        pipeline.hmget(BODY.format(share=shares[share]), asked)
    return [raw for answer in await pipeline.execute() for raw in cast(list[Raw], answer)]


def days_of(noted: bytes) -> list[int]:
    """The days that a share has noted, in the store's count."""
    return [int.from_bytes(noted[at : at + 2]) for at in range(0, len(noted), 2)]


def _spelled(names: Names) -> Texts:
    return {
        (field[:1], int(number)): field[1:].decode()
        for field, number in names.items()
        if field[:1] != b"#"
    }


def _put(into: ShareCells, mark: bytes, hour: int, section: Section, texts: Texts) -> None:
    ad, name = texts.get((b"a", section.ad), ""), _DIMENSIONS[mark]
    if mark in b"mp":
        into.readings.extend(Reading(hour, ad, name, *read) for read in _values(mark, section.raw))
    else:
        into.cells.extend(
            Cell(hour, ad, name, _key(mark, number, texts), found)
            for number, found in figures(section.raw, totals=mark == b"T")
        )


def _values(mark: bytes, raw: bytes) -> Iterator[tuple[int, int]]:
    for value, opens in counts(raw):
        yield milliseconds(value) if mark == b"m" else value, opens


def _key(mark: bytes, number: int, texts: Texts) -> str:
    if mark == b"T":
        return ""
    if mark == b"d":
        return str(number)
    return SLOTS[number] if mark == b"s" else texts.get((mark, number), "")
