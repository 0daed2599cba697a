"""Reading a share's tree branch by branch.

A hop's children are stored among all hops one depth deeper, and each names its parent; the store
searches for the parent's name and returns the pages that contain it.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.events import hops
from ads.store import keys
from ads.store.counts import fields, level, tree
from ads.store.counts.nodes import Node, arrival, children_in, descendants, pack_depth, unpack_nodes
from ads.store.counts.outline import Subtree
from ads.store.counts.outlines import Outlines
from ads.store.counts.run import RANKED
from ads.store.counts.tree import Branch
from ads.store.counts.wire import HOP_BYTES, pack_hop, unpack_hop

SORTED = 5_000
"""Up to so many children of a hop are all read and sorted by size; of more only the largest."""
STRAYS, STRAYS_AT_ONCE = 10_000, 50
"""How many hops with an unknown parent are listed, and read in one go."""


class Below(NamedTuple):
    """A page of a hop's children, those with most readers below them first.

    `left` counts the children that follow the page, `readers` those children and all below them.
    `after` is the hop after which the next page continues, where `skip` alone does not tell.
    The largest children of the sharer's link have a `first_open` of 0: it is not looked up.
    """

    nodes: list[Node]
    left: int
    readers: int
    after: str = ""


class Listing(NamedTuple):
    """Which children of a hop ("": the sharer's link) are wanted: `most`, after skipping `skip`.

    Children that are not ranked by size come last, ordered by id, and start after the hop `after`.
    """

    share: str
    hop: str
    skip: int
    most: int
    after: str = ""


class Branches:
    """The branches of all shares in one store."""

    def __init__(self, redis: Redis, outlines: Outlines) -> None:
        self._redis = redis
        self._outlines = outlines

    async def below(self, share: str, hop: str, skip: int, most: int, after: str = "") -> Below:
        """Children of a hop ("": the sharer's link): at most `most`, after skipping `skip`.

        Of the link, and of a hop with very many children, those that are ranked by size come
        first, then the others by id, starting after the hop `after`; of the link, readers whose
        parent is unknown come last.
        """
        listing = Listing(share, hop, skip, most, after)
        return await (_below if hop else _below_link)(self._redis, listing)

    async def subtree(self, share: str, hop: str, most: int) -> Subtree | None:
        """All readers below a hop and at most `most` of its branches; None without such a hop."""
        top = await level.node(self._redis, share, hop)
        if top is None:
            return None
        found = await self._outlines.subtree(share, top, most)
        room = min(most, found.many) - len(found.branches)
        listing = Listing(share, hop, 0, room)
        leaves = await _unranked(self._redis, listing, 1, room) if room else []
        return found._replace(branches=found.branches + [Branch(n.hop, 1, []) for n in leaves])

    async def prepare(self, share: str) -> None:
        """Read now what the first `subtree` of a large share would have to wait for."""
        await self._outlines.whole(share)


async def _below(redis: Redis, listing: Listing) -> Below:
    top = await level.node(redis, listing.share, listing.hop)
    if top is None:
        return Below([], 0, 0)
    if top.children > SORTED:
        return await _below_many(redis, listing, top)
    found = await _children(redis, listing.share, listing.hop)
    sizes = [descendants(record) for record in found]
    order = sorted(range(len(found)), key=lambda at: (-sizes[at], arrival(found[at])))
    shown, rest = order[listing.skip :][: listing.most], order[listing.skip + listing.most :]
    nodes = [node for at in shown for node in unpack_nodes(found[at])]
    return Below(nodes, len(rest), sum(sizes[at] + 1 for at in rest))


async def _below_many(redis: Redis, listing: Listing, top: Node) -> Below:
    answer = await tree.read(redis, listing.share, RANKED, 0, "", 0)
    leading = [
        node
        for record in answer.records
        for node in unpack_nodes(record)
        if node.parent == top.hop and node.children and not node.stray
    ]
    ranked = sorted(leading, key=_largest_first)
    floor = int(answer.head.get(fields.FORWARD_FLOOR, 0))
    return await _ranked_first(redis, listing, ranked, floor, (top.children, top.descendants))


async def _below_link(redis: Redis, listing: Listing) -> Below:
    until = listing.skip + listing.most
    head, largest, records, *_ = await tree.read(redis, listing.share, 0, until, "", 0)
    if fields.RANKED not in head:
        nodes = sorted(filter(tree.hangs, unpack_nodes(b"".join(records))), key=_largest_first)
        rest = nodes[until:]
        return Below(nodes[listing.skip : until], len(rest), sum(n.descendants + 1 for n in rest))
    ranked = [_ranked(*pair) for pair in zip(largest[::2], largest[1::2], strict=True)][:RANKED]
    hanging = int(head.get(fields.WIDTH + b"\0\1", 0)) + int(head.get(fields.ORPHANS, 0))
    floor = int(head.get(fields.BRANCH_FLOOR, 0)) - 1  # which counts a branch's first hop too
    return await _ranked_first(redis, listing, ranked, floor, (hanging, int(head[fields.READERS])))


async def _ranked_first(
    redis: Redis, listing: Listing, ranked: Sequence[Node], floor: int, whole: tuple[int, int]
) -> Below:
    """Children that are ranked, then the others; `whole`: how many there are, with all below."""
    shown = list(ranked[listing.skip :][: listing.most])
    room = listing.most - len(shown)
    rest = await _unranked(redis, listing, max(floor, 1), room) if room else []
    told = sum(node.descendants + 1 for node in (*ranked[: listing.skip + listing.most], *rest))
    shown += rest
    left = max(whole[0] - listing.skip - len(shown), 0) if shown else 0
    readers = 0 if listing.after else whole[1] - told
    return Below(shown, left, readers, rest[-1].hop if rest else listing.after)


async def _unranked(redis: Redis, listing: Listing, floor: int, most: int) -> list[Node]:
    """Children with fewer than `floor` readers below them, by id; of the link, strays come last."""
    key, last, depth = pack_hop(listing.hop), pack_hop(listing.after), hops.depth(listing.hop)
    span = max(last, pack_depth(depth + 1)), pack_depth(depth + 2)
    sought = {key} if listing.hop else ()
    found: list[Node] = []
    async for part in level.parts(redis, listing.share, *span, sought, few=True):
        for record in sorted(children_in(part.pages, key)):
            if record[:HOP_BYTES] > last and descendants(record) < floor:
                found += unpack_nodes(record)
        if len(found) >= most:
            return found[:most]
    return found if listing.hop else found + await _strays(redis, listing, floor, most - len(found))


async def _strays(redis: Redis, listing: Listing, floor: int, most: int) -> list[Node]:
    first, waiting = pack_hop(listing.after), keys.SHARE_STRAY.format(share=listing.share)
    edges = cast(list[bytes], await redis.zrange(waiting, 0, STRAYS - 1))
    names = sorted(edge[HOP_BYTES:] for edge in edges if edge[HOP_BYTES:] > first)
    found: list[Node] = []
    for at in range(0, len(names), STRAYS_AT_ONCE):
        some = map(unpack_hop, names[at : at + STRAYS_AT_ONCE])
        nodes = await asyncio.gather(*(level.node(redis, listing.share, name) for name in some))
        found += [node for node in nodes if node and node.descendants < floor]
        if len(found) >= most:
            break
    return found[:most]


async def _children(redis: Redis, share: str, hop: str) -> list[bytes]:
    """The records of all children of a hop."""
    key, depth = pack_hop(hop), hops.depth(hop)
    found: list[bytes] = []
    if depth < hops.MAX_DEPTH:
        span = pack_depth(depth + 1), pack_depth(depth + 2)
        async for part in level.parts(redis, share, *span, {key}):
            found += await asyncio.to_thread(children_in, part.pages, key)
    return found


def _ranked(hop: bytes, size: bytes) -> Node:
    name = unpack_hop(hop)
    return Node(name, "", hops.depth(name), 0, 0, int(size) - 1, False)


def _largest_first(node: Node) -> tuple[int, int, str]:
    return -node.descendants, node.first_open, node.hop
