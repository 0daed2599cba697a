"""A cache of outlines, kept up to date from the change log: a branch costs what is shown of it."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from redis.asyncio import Redis

from ads.store.counts import level, news
from ads.store.counts.news import Place
from ads.store.counts.nodes import EVERY_HOP, Forwarder, Node, forwarding
from ads.store.counts.outline import Outline, Subtree
from ads.store.counts.wire import pack_hop

KEPT_BYTES = 16_000_000
LATER = 2_000
"""Hops that may gain children before an outline is made anew: each look goes through them."""


class Outlines:
    """The outlines of the shares asked for last, at most KEPT_BYTES in each worker."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._kept: OrderedDict[str, tuple[Place, Outline]] = OrderedDict()
        self._building = asyncio.Lock()

    async def subtree(self, share: str, top: Node, most: int) -> Subtree:
        """All below a hop, with at most `most` of its branches of two readers or more."""
        if top.descendants == top.children:  # none of its children has children
            return Subtree([top.children] if top.children else [], [], top.children)
        outline = await self._current(share) or await self.whole(share)
        return outline.subtree(pack_hop(top.hop), most)

    async def _current(self, share: str) -> Outline | None:
        """The kept outline, brought up to date; None if the tree must be read."""
        while kept := self._kept.get(share):
            known, outline = kept
            told = await news.since(self._redis, share, known)
            if self._kept.get(share) is not kept:
                continue  # another added the same meanwhile
            del self._kept[share]
            if told is None or outline.later + len(told[0]) > LATER:
                break
            for entry in told[0]:
                outline.add(*entry)
            self._keep(share, told[1], outline)
            return outline
        return None

    async def whole(self, share: str) -> Outline:
        """The share's outline, made and kept if it is not there."""
        async with self._building:
            known = await self._current(share)
            if known:
                return known
            found: list[Forwarder] = []
            read: list[tuple[bytes, Place | None]] = []
            async for part in level.parts(self._redis, share, *EVERY_HOP, begin_news=True):
                found += await asyncio.to_thread(forwarding, part.pages)
                read.append((part.stop, news.place(part.news)))
            return await self._made(share, found, read)

    async def _made(
        self, share: str, found: list[Forwarder], read: Sequence[tuple[bytes, Place | None]]
    ) -> Outline:
        """An outline of parts read one after another, completed with what came in between."""
        first = read[0][1]
        told = first and await news.since(self._redis, share, first)
        if first is None or told is None:
            return await asyncio.to_thread(Outline, found)
        entries, now = told
        known = {each.hop for each in found} if entries else set()
        new = {entry.hop: entry.above for entry in entries if entry.hop not in known}
        found += [Forwarder(hop, above, 1, 0) for hop, above in new.items()]
        outline = await asyncio.to_thread(Outline, found)
        for number, entry in enumerate(entries, first.many):
            outline.add(*entry, by=int(number >= _read(read, entry.hop)))
        self._keep(share, now, outline)
        return outline

    def _keep(self, share: str, known: Place, outline: Outline) -> None:
        self._kept[share] = known, outline
        self._kept.move_to_end(share)
        while self.size > KEPT_BYTES:
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        """Bytes of all outlines in the cache."""
        return sum(outline.size for _, outline in self._kept.values())


def _read(read: Sequence[tuple[bytes, Place | None]], hop: bytes) -> int:
    """How long the log was when the part with this hop was read."""
    known = next(known for stop, known in read if not stop or hop < stop)
    return known.many if known else 0
