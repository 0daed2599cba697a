"""Any branch of a share at the price of what is told of it: outlines hold until a reader comes."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from typing import cast

from redis.asyncio import Redis

from ads import hops
from ads.store import keys
from ads.store.counts import level
from ads.store.counts.outline import Outline, Subtree
from ads.store.counts.wire import Forwarder, Node, forwarding, pack_depth, pack_hop

HEAD = keys.SHARE_KEYS[0]
TREE = ("n", "1", "2", "o", "x", "c")
"""Of the head: readers, sums of sizes and squares, orphans, conflicts, capped. No change of the
tree leaves all of them as they were, but for two branches of one size that change places."""
KEPT_BYTES = 16_000_000
LOOKED_FOR = 8
"""So many of a branch are searched for in the store; of more all who forwarded are read."""

Version = tuple[bytes | None, ...]


class Outlines:
    """The outlines of the shares asked for last, in each worker so many bytes of them."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._kept: OrderedDict[str, tuple[Version, Outline]] = OrderedDict()
        self._building = asyncio.Lock()

    async def subtree(self, share: str, top: Node, most: int) -> Subtree:
        """All below a hop, with so many of its branches that have two readers or more."""
        if top.descendants == top.children:  # whom none of them passed it on
            return Subtree([top.children] if top.children else [], [], top.children)
        version = await self._version(share)
        outline = self._known(share, version) or await self._near(share, top)
        outline = outline or await self._whole(share, version)
        return outline.subtree(pack_hop(top.hop), most)

    async def _version(self, share: str) -> Version:
        told = await self._redis.hmget(HEAD.format(share=share), TREE)
        return tuple(cast(list[bytes | None], told))

    def _known(self, share: str, version: Version) -> Outline | None:
        kept = self._kept.get(share)
        if kept is None or kept[0] != version:
            return None
        self._kept.move_to_end(share)
        return kept[1]

    async def _near(self, share: str, top: Node) -> Outline | None:
        """Of this branch alone; None if too many of it forwarded to search for them."""
        found = [Forwarder(pack_hop(top.hop), b"", top.descendants + 1, top.children)]
        newest, left = found, top.descendants - top.children
        while newest and left > 0:
            if len(found) > LOOKED_FOR:
                return None
            newest = await self._below(share, {each.hop for each in newest})
            left -= sum(each.kids for each in newest)
            found = found + newest
        return Outline(found)

    async def _below(self, share: str, parents: Collection[bytes]) -> list[Forwarder]:
        """Who came from one of these hops, which are of one depth, and forwarded."""
        depth = int.from_bytes(next(iter(parents))[:2]) >> 4
        span = pack_depth(depth + 1), pack_depth(depth + 2)
        found = [
            each
            async for pages in level.pages(self._redis, share, *span, parents)
            for each in forwarding(pages)
        ]
        return [each for each in found if each.parent in parents]

    async def _whole(self, share: str, version: Version) -> Outline:
        async with self._building:
            known = self._known(share, version)
            if known:
                return known
            found: list[Forwarder] = []
            span = pack_depth(1), pack_depth(hops.MAX_DEPTH + 1)
            async for pages in level.pages(self._redis, share, *span):
                found += await asyncio.to_thread(forwarding, pages)
            outline = await asyncio.to_thread(Outline, found)
            self._keep(share, version, outline)
            return outline

    def _keep(self, share: str, version: Version, outline: Outline) -> None:
        self._kept[share] = version, outline
        self._kept.move_to_end(share)
        while self.size > KEPT_BYTES:
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        """Bytes of all that are kept."""
        return sum(outline.size for _, outline in self._kept.values())
