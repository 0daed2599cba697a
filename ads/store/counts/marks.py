"""Marks: what is folded of each segment, share by share, until the segment is removed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from redis.asyncio import Redis

from ads.events.mark import Mark
from ads.store import keys, records
from ads.store.counts.fields import MARK, TURNS

_turns = msgspec.msgpack.Decoder(dict[str, list[int]])


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

    async def erase(self, segment: str, shares: Sequence[str]) -> None:
        """Erase these shares' marks of a segment whose file is gone. May be repeated."""
        fields = _fields(segment)
        await records.each(self._redis, shares, lambda p, name: p.hdel(_head(name), *fields))


def _head(share: str) -> str:
    return keys.SHARE_HEAD.format(share=share)


def _fields(segment: str) -> tuple[bytes, bytes]:
    return MARK + segment.encode(), TURNS + segment.encode()


def _mark(last: bytes, turns: bytes | None) -> Mark:
    return Mark(int(last), _turns.decode(turns) if turns else {})
