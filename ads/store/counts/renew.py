"""Opens as an earlier version wrote them, and their hops, brought to how `packed.lua` writes them.

A hop was named by five bytes of its id, or by all nine where others began alike; a time and a
reading stood apart, sixty-four opens in a leaf. Again is harmless.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.ledger import KINDS
from ads.store import keys
from ads.store.counts import buckets
from ads.store.counts.wire import HOP_BYTES, HOP_SIZES, ID_BYTES, OPEN_BYTES

DIR, BODY = keys.SHARE_KEYS[2:4]
_AS_HOP, _READ, _MORE = 1, 2, 128  # an open's flags, as they were and are
_SHELL, _LONG, _ANY_TIME, _DIMENSIONS, _OWN_PARENT, _WIDE, _EXTRA = 1, 2, 4, 8, 16, 64, 128
_MARKED = 4
_FIRST = bytes(HOP_BYTES)
_WAS_NAMED, _NAMED = 5, 4
_WAS_FULL, _FULL = 64, 128
_PERCENTS, _READINGS = 101, 56_000 * 101
_READING, _READ_KIND = 3, KINDS.index("read") + 1
_AT_ONCE = 200


class Clashes(NamedTuple):
    """Hops that must be named in full: by the five bytes that named them, and who was meant."""

    marked: set[bytes]
    meant: Mapping[bytes, bytes]


async def opens(redis: Redis, share: str) -> None:
    """All opens of a share that are remembered."""
    found = await _clashes(redis, share)
    for bucket in await buckets.of(redis, share):
        await _bucket(redis, bucket.key, bucket.opens, found)
    body = BODY.format(share=share)
    for named in _some(sorted({b"u" + key[:_WAS_NAMED] for key in found.marked})):
        await redis.hdel(body, *named)


async def _clashes(redis: Redis, share: str) -> Clashes:
    """Marks who began with the same four bytes as another, and tells all who are marked."""
    body = BODY.format(share=share)
    names = [_FIRST, *cast(list[bytes], await redis.zrange(DIR.format(share=share), 0, -1))]
    marked: set[bytes] = set()
    seen: set[bytes] = set()
    for some in _some(names):
        pages = cast(list[bytes | None], await redis.hmget(body, some))
        for name, raw in zip(some, pages, strict=True):
            page = bytearray(raw or b"")
            _mark(page, seen, marked)
            if bytes(page) != (raw or b""):
                await redis.hset(body, name, bytes(page))
    meant = {key[:_WAS_NAMED]: key for key in marked}
    for fives in _some(sorted(meant)):
        asked = redis.hmget(body, [b"u" + five for five in fives])
        known = cast(list[bytes | None], await asked)
        meant |= {five: key for five, key in zip(fives, known, strict=True) if key}
    return Clashes(marked, meant)


def _mark(page: bytearray, seen: set[bytes], marked: set[bytes]) -> None:
    """Marks all but one of those who begin alike, here or in pages ahead."""
    at = 0
    while at < len(page):
        flags, name = at + HOP_BYTES, bytes(page[at : at + _NAMED])
        size = HOP_SIZES[page[flags]]
        if name in seen:
            page[flags] |= _MARKED
        if page[flags] & _MARKED:
            marked.add(bytes(page[at : at + HOP_BYTES]))
        else:
            seen.add(name)
        at += size


def _some(names: list[bytes]) -> Iterator[list[bytes]]:
    """So many at a time: a call holds the store up."""
    for first in range(0, len(names), _AT_ONCE):
        yield names[first : first + _AT_ONCE]


async def _bucket(redis: Redis, bucket: str, count: int, clashes: Clashes) -> None:
    fields = [b"o" + number.to_bytes(3) for number in range(count // _WAS_FULL + 1)]
    raws = cast(list[bytes | None], await redis.hmget(bucket, fields))
    if not any(raws):
        return
    leaves: dict[bytes, bytes] = {}
    for raw in raws:
        for record in renewed(raw or b"", clashes):
            name = b"q" + _leaf(record[:3], count // _FULL + 1).to_bytes(3)
            leaves[name] = leaves.get(name, b"") + record
    pipeline = redis.pipeline(transaction=True)
    pipeline.hset(bucket, items=[part for leaf in leaves.items() for part in leaf])
    pipeline.hdel(bucket, *fields)
    await pipeline.execute()


def _leaf(start: bytes, leaves: int) -> int:
    power = 1 << leaves.bit_length()
    number = int.from_bytes(start) % power
    return number if number < leaves else number - power // 2


def renewed(raw: bytes, clashes: Clashes) -> Iterator[bytes]:
    """The opens of a leaf, one after another, as they are written now (pure)."""
    text = BytesIO(raw)
    while o := text.read(OPEN_BYTES):
        f = text.read(1)[0]
        g = text.read(1)[0] if f & _MORE else 0
        f, g, facts = (f, g, b"") if g & _SHELL else _facts(text, f, g, clashes)
        yield o + (bytes((f | _MORE, g)) if g else bytes((f,))) + facts + _extra(text, g)


def _facts(text: BytesIO, f: int, g: int, clashes: Clashes) -> tuple[int, int, bytes]:
    """The flags, and what stands from the hop to the reading."""
    hop = text.read(HOP_BYTES if g & _LONG else _WAS_NAMED)
    at = b"" if f & _AS_HOP else text.read(5 if g & _ANY_TIME else 4 if g & _WIDE else 3)
    about = text.read((6 if g & _DIMENSIONS else 0) + (HOP_BYTES if g & _OWN_PARENT else 0))
    read = text.read(_READING) if f & _READ else b""
    key = clashes.meant.get(hop)
    if key is not None and key in clashes.marked:
        hop, g = key, g | _LONG
        f, at = f & ~_AS_HOP, at or bytes(3)  # it stood as its hop first did
    elif not g & _LONG:
        hop = hop[1:_NAMED] if not hop[0] else b"\0" + hop[:_NAMED]
    if at and read and not g & (_ANY_TIME | _WIDE):
        together = int.from_bytes(at) * _READINGS + _reading(read)
        return f, g, hop + together.to_bytes(6) + about
    return f, g, hop + at + about + (_reading(read).to_bytes(_READING) if read else b"")


def _reading(raw: bytes) -> int:
    """Four digits with how often to take them by ten, and percents, as one number."""
    code, percents = divmod(int.from_bytes(raw), 128)
    tens, digits = divmod(code, 16_384)
    return (digits + 9000 * tens) * _PERCENTS + percents


def _extra(text: BytesIO, g: int) -> bytes:
    """What else hangs on an open; readings among it."""
    if not g & _EXTRA:
        return b""
    size = text.read(3)
    hung, parts = BytesIO(text.read(int.from_bytes(size))), [size]
    while tag := hung.read(1):
        parts.append(tag + hung.read(ID_BYTES if tag == b"\0" else 6))
        if tag[0] % 64 // 8 == _READ_KIND:
            parts.append(_reading(hung.read(_READING)).to_bytes(_READING))
    return b"".join(parts)
