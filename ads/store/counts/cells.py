"""Reading cells: what is known of each hour, by ad and one dimension."""

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.store import keys
from ads.store.counts.wire import EPOCH, SLOTS, since_epoch

_figures = msgspec.msgpack.Decoder(list[int]).decode
SHARES_AT_ONCE = 200
"""Shares whose hashes are asked for in one pipeline: bounds the answer's memory."""


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


_DIMENSIONS = {
    b"T": "total",
    b"d": "depth",
    b"v": "variant",
    b"c": "country",
    b"e": "device",
    b"o": "source",
    b"s": "slot",
}
Raw = Mapping[bytes, bytes]


async def load(redis: Redis, shares: Sequence[str], start: int, end: int) -> list[ShareCells]:
    """See `Counts.cells`."""
    found: list[ShareCells] = []
    for first in range(0, len(shares), SHARES_AT_ONCE):
        found += await _load(redis, shares[first : first + SHARES_AT_ONCE], start, end)
    return found


async def _load(redis: Redis, shares: Sequence[str], start: int, end: int) -> list[ShareCells]:
    names = await _hashes(redis, [keys.SHARE_KEYS[1].format(share=share) for share in shares])
    wanted: list[tuple[int, int]] = [
        (place, day) for place, raw in enumerate(names) for day in _days(raw, start, end)
    ]
    asked = [
        form.format(share=shares[place], day=day)
        for place, day in wanted
        for form in (keys.SHARE_CELLS, keys.SHARE_READS)
    ]
    answers = await _hashes(redis, asked)
    texts = [_texts(raw) for raw in names]
    found = [ShareCells(share, [], []) for share in shares]
    for at, (place, day) in enumerate(wanted):
        into, spelled = found[place], texts[place]
        into.cells.extend(_cells(answers[2 * at], day, spelled, start, end))
        into.readings.extend(_readings(answers[2 * at + 1], day, spelled, start, end))
    return found


async def _hashes(redis: Redis, asked: Sequence[str]) -> list[Raw]:
    pipeline = redis.pipeline(transaction=False)
    for key in asked:
        pipeline.hgetall(key)
    return list(await pipeline.execute())


def _days(names: Raw, start: int, end: int) -> list[int]:
    """The days in the span that have cells, in the store's count."""
    known = sorted(int.from_bytes(field[1:]) for field in names if field[:1] == b"D")
    first, last = since_epoch(start) // DAY, (since_epoch(end) - 1) // DAY
    return [day for day in known if first <= day <= last]


def _texts(names: Raw) -> dict[tuple[bytes, int], str]:
    """The text behind each dimension's number."""
    return {
        (field[:1], int(number)): field[1:].decode()
        for field, number in names.items()
        if field[:1] not in b"D#"
    }


def _cells(
    raw: Raw, day: int, texts: Mapping[tuple[bytes, int], str], start: int, end: int
) -> list[Cell]:
    found = []
    for field, value in raw.items():
        hour = EPOCH + day * DAY + field[1] * HOUR
        if start <= hour < end:
            mark = field[2:3]
            key = _key(mark, field[3:], texts)
            ad = texts.get((b"a", field[0]), "")
            found.append(Cell(hour, ad, _DIMENSIONS[mark], key, _figures(value)))
    return found


def _key(mark: bytes, key: bytes, texts: Mapping[tuple[bytes, int], str]) -> str:
    number = int.from_bytes(key)
    if mark == b"d":
        return str(number)
    return SLOTS[number] if mark == b"s" else texts.get((mark, number), "")


def _readings(
    raw: Raw, day: int, texts: Mapping[tuple[bytes, int], str], start: int, end: int
) -> list[Reading]:
    found = []
    for field, opens in raw.items():
        ad, hour_of_day, measure = struct.unpack_from("BBc", field)
        hour = EPOCH + day * DAY + hour_of_day * HOUR
        if start <= hour < end:
            value = int.from_bytes(field[3:])
            name = "ms" if measure == b"m" else "pct"
            found.append(Reading(hour, texts.get((b"a", ad), ""), name, value, int(opens)))
    return found
