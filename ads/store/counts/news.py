"""The change log of a share's tree: which hop gained a reader, in the order of folding.

The fold keeps it (`news.lua`) once an outline of the tree was made: the outline is then brought up
to date from the log, instead of being made from the tree again.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.store import keys
from ads.store.counts import fields
from ads.store.counts.wire import HOP_BYTES, LINK

SHEET = 32
_HEAD, _ENTRY = struct.Struct(">II"), struct.Struct(f"{HOP_BYTES}s{HOP_BYTES}s")
_FACTOR = 65_599


class Place(NamedTuple):
    """A place in the log: the number of entries before it and the checksum over them."""

    many: int
    total: int


class Entry(NamedTuple):
    """A hop that gained a child, and that hop's parent (b"": the sharer's link)."""

    hop: bytes
    above: bytes


def place(raw: bytes) -> Place | None:
    """The log's end, from the field NEWEST; None if the share has no log yet."""
    return Place(*_HEAD.unpack_from(raw)) if raw else None


async def since(redis: Redis, share: str, known: Place) -> tuple[list[Entry], Place] | None:
    """The entries after a known place and the log's end; None if the log cannot tell them."""
    body = keys.SHARE_BODY.format(share=share)
    raw = cast(bytes | None, await redis.hget(body, fields.NEWEST))
    now = place(raw or b"")
    if raw is None or now is None or now.many < known.many:
        return None
    newest = raw[_HEAD.size :]
    first = now.many - len(newest) // _ENTRY.size
    numbers = range(known.many // SHEET, first // SHEET)
    names = [fields.SHEET + number.to_bytes(4) for number in numbers]
    full = cast(list[bytes | None], await redis.hmget(body, names)) if names else []
    if None in full:
        return None
    start = numbers.start * SHEET if numbers else first
    told = b"".join([*cast(list[bytes], full), newest])[(known.many - start) * _ENTRY.size :]
    found = [Entry(hop, b"" if above == LINK else above) for hop, above in _ENTRY.iter_unpack(told)]
    return (found, now) if _total(known.total, found) == now.total else None


def _total(total: int, entries: Sequence[Entry]) -> int:
    for hop, _ in entries:
        total = (total * _FACTOR + int.from_bytes(hop[5:])) % 2**32
    return total
