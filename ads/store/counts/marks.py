"""Marks: what is folded of each segment, share by share, until the segment is removed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.events.mark import Mark
from ads.store import keys, records
from ads.store.counts.fields import MARK, TURNS

_turns = msgspec.msgpack.Decoder(dict[str, list[int]])
_note = msgspec.msgpack.Decoder(tuple[str, list[str]])


class Marks:
    """The marks in one store."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def all(self, shares: Sequence[str]) -> dict[str, dict[str, Mark]]:
        """Segment -> share -> mark, of segments that were not removed."""
        heads = await records.each(self._redis, shares, lambda p, name: p.hgetall(_head(name)))
        found: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
        for share, head in zip(shares, heads, strict=True):
            for field, last in head.items():
                if field.startswith(MARK):
                    segment = records.text(field[1:])
                    found[segment][share] = _mark(last, head.get(TURNS + field[1:]))
        return dict(found)

    async def of(self, segment: str, shares: Iterable[str]) -> dict[str, Mark]:
        """The marks of one segment, by share."""
        names = list(shares)
        fields = _fields(segment)
        kept = await records.each(self._redis, names, lambda p, n: p.hmget(_head(n), *fields))
        found = zip(names, kept, strict=True)
        return {share: _mark(last or b"0", turns) for share, (last, turns) in found}

    async def erasing(self, place: str, segment: str, path: Path, shares: Iterable[str]) -> None:
        """Note that a segment's file is about to be removed, and which shares have its mark."""
        record = msgspec.msgpack.encode((str(path), sorted(shares)))
        await self._redis.hset(keys.ERASING.format(place=place), segment, record)

    async def half_erased(self, place: str) -> dict[str, Path]:
        """Segments noted by `erasing` whose marks may still exist, with their files."""
        found = await self._redis.hgetall(keys.ERASING.format(place=place))
        noted = cast(dict[bytes, bytes], found)
        return {records.text(name): Path(_note.decode(raw)[0]) for name, raw in noted.items()}

    async def erase(self, place: str, segment: str) -> None:
        """Erase the marks of a segment whose file is gone. May be repeated."""
        key = keys.ERASING.format(place=place)
        noted = cast(bytes | None, await self._redis.hget(key, segment))
        shares, fields = _note.decode(noted)[1] if noted else [], _fields(segment)
        await records.each(self._redis, shares, lambda p, name: p.hdel(_head(name), *fields))
        await self._redis.hdel(key, segment)


def _head(share: str) -> str:
    return keys.SHARE_HEAD.format(share=share)


def _fields(segment: str) -> tuple[bytes, bytes]:
    return MARK + segment.encode(), TURNS + segment.encode()


def _mark(last: bytes, turns: bytes | None) -> Mark:
    return Mark(int(last), _turns.decode(turns) if turns else {})
