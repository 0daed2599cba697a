"""Reading a share's tree branch by branch.

A hop's children stand one depth down, among all others there, and name it; the store looks for its
name and answers the pages in which it stands.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.events import hops
from ads.store import keys
from ads.store.counts import level, tree
from ads.store.counts.outline import Subtree
from ads.store.counts.outlines import Outlines
from ads.store.counts.run import RANKED
from ads.store.counts.tree import Branch
from ads.store.counts.wire import (
    HOP_BYTES,
    Node,
    arrival,
    children_in,
    descendants,
    pack_depth,
    pack_hop,
    unpack_hop,
    unpack_nodes,
)

NODES_AT_ONCE = 200
SORTED = 5_000
"""So many children of one hop are all read and put in order; of more the largest are."""
INLINE_BYTES = 32_000
"""So much is looked through in a quarter of a millisecond."""
STRAYS, STRAYS_AT_ONCE = 10_000, 50
"""So many of those whose parent is unknown are told one by one."""


class Below(NamedTuple):
    """Some who came straight from a hop, those who brought most first; `left`, `readers`: the rest.

    `after` is the hop behind which the rest go on, where they are not told by number. Of the
    largest from the sharer's link `first_open` is 0: not looked up.
    """

    nodes: list[Node]
    left: int
    readers: int
    after: str = ""


class Branches:
    """The branches of all shares in one store."""

    def __init__(self, redis: Redis, outlines: Outlines) -> None:
        self._redis = redis
        self._outlines = outlines

    async def below(self, share: str, hop: str, skip: int, most: int, after: str = "") -> Below:
        """Those who came straight from a hop ("": the sharer's link), `most` behind `skip`.

        From the link, and of a hop that has very many, those that are ranked by size come first,
        then the rest by their ids, from behind the hop `after`; from the link at last those whose
        parent is unknown.
        """
        if hop:
            return await _below(self._redis, share, hop, skip, most, after)
        return await _below_link(self._redis, share, skip, most, after)

    async def subtree(self, share: str, hop: str, most: int) -> Subtree | None:
        """All readers below a hop, and so many of its branches; None without such a hop."""
        top = await level.node(self._redis, share, hop)
        if top is None:
            return None
        found = await self._outlines.subtree(share, top, most)
        room = min(most, found.many) - len(found.branches)
        leaves = await _unranked(self._redis, share, hop, 0, room, "") if room else []
        return found._replace(branches=found.branches + [Branch(n.hop, 1, []) for n in leaves])

    async def ahead(self, share: str) -> None:
        """Make ready what the first look into a branch of many readers would wait for."""
        await self._outlines.ahead(share)


async def _below(redis: Redis, share: str, hop: str, skip: int, most: int, after: str) -> Below:
    top = await level.node(redis, share, hop)
    if top is None:
        return Below([], 0, 0)
    if top.children > SORTED:
        return await _below_many(redis, share, top, skip, most, after)
    found = await _children(redis, share, hop)
    sizes = [descendants(record) for record in found]
    order = sorted(range(len(found)), key=lambda at: (-sizes[at], arrival(found[at])))
    shown = order[skip : skip + most]
    nodes = [node for at in shown for node in unpack_nodes(found[at])]
    rest = order[skip + most :]
    return Below(nodes, len(rest), sum(sizes[at] + 1 for at in rest))


async def _below_many(
    redis: Redis, share: str, top: Node, skip: int, most: int, after: str
) -> Below:
    """Of very many children those that are ranked by size, then the rest by their ids."""
    answer = await tree.read(redis, share, RANKED, 0, "", 0)
    floor = int(answer.head.get(b"F", 0))
    leading = [
        node
        for record in answer.records
        for node in unpack_nodes(record)
        if node.parent == top.hop and node.children and not node.stray
    ]
    ranked = sorted(leading, key=_largest_first)
    room = most - len(ranked[skip:][:most])
    rest = await _unranked(redis, share, top.hop, floor, room, after) if room else []
    shown = ranked[skip : skip + most] + rest
    told = sum(node.descendants + 1 for node in (*ranked[: skip + most], *rest))
    readers = 0 if after else top.descendants - told
    left = max(top.children - skip - len(shown), 0) if shown else 0
    return Below(shown, left, readers, rest[-1].hop if rest else after)


async def _unranked(
    redis: Redis, share: str, parent: str, floor: int, most: int, after: str
) -> list[Node]:
    """Children of a hop who brought fewer than those that are ranked, behind one by id."""
    key, depth = pack_hop(parent), hops.depth(parent)
    start = pack_hop(after) if after else pack_depth(depth + 1)
    found: list[Node] = []
    async for part in level.parts(redis, share, start, pack_depth(depth + 2), {key}, few=True):
        for record in sorted(children_in(part.pages, key)):
            brought = descendants(record)
            if record[:HOP_BYTES] > start and (brought < floor or not brought):
                found += unpack_nodes(record)
        if len(found) >= most:
            break
    return found[:most]


async def _below_link(redis: Redis, share: str, skip: int, most: int, after: str) -> Below:
    fields, largest, records, *_ = await tree.read(redis, share, 0, skip + most, "", 0)
    if b"R" not in fields:
        nodes = unpack_nodes(b"".join(records))
        return _page(sorted(filter(tree.hangs, nodes), key=_largest_first), skip, most)
    known, floor = min(skip + most, RANKED), int(fields.get(b"B", 2))
    ranked = [_ranked(*pair) for pair in zip(largest[::2], largest[1::2], strict=True)][:known]
    room = most - len(ranked[skip:])
    rest = await _first_hops(redis, share, floor, room, after)
    if len(rest) < room and b"o" in fields:
        rest += await _strays(redis, share, floor, room - len(rest), after)
    shown = ranked[skip:] + rest
    hanging = int(fields.get(b"w\0\1", 0)) + int(fields.get(b"o", 0))
    left = max(hanging - skip - len(shown), 0) if shown else 0
    readers = int(fields[b"n"]) - sum(node.descendants + 1 for node in (*ranked, *rest))
    return Below(shown, left, 0 if after else readers, rest[-1].hop if rest else after)


async def _strays(redis: Redis, share: str, below: int, most: int, after: str) -> list[Node]:
    """Those whose parent is unknown, behind one by id, whose branches are smaller than `below`."""
    first = pack_hop(after)
    edges = cast(
        list[bytes], await redis.zrange(keys.SHARE_STRAY.format(share=share), 0, STRAYS - 1)
    )
    waiting = sorted(edge[HOP_BYTES:] for edge in edges if edge[HOP_BYTES:] > first)
    found: list[Node] = []
    for at in range(0, len(waiting), STRAYS_AT_ONCE):
        names = map(unpack_hop, waiting[at : at + STRAYS_AT_ONCE])
        nodes = await asyncio.gather(*(level.node(redis, share, name) for name in names))
        found += [node for node in nodes if node and node.descendants + 1 < below]
        if len(found) >= most:
            break
    return found[:most]


async def _children(redis: Redis, share: str, hop: str) -> list[bytes]:
    """The records of all who came straight from a hop."""
    key, depth = pack_hop(hop), hops.depth(hop)
    found: list[bytes] = []
    if depth < hops.MAX_DEPTH:
        span = pack_depth(depth + 1), pack_depth(depth + 2)
        async for part in level.parts(redis, share, *span, {key}):
            if len(part.pages) < INLINE_BYTES:  # not worth the way to a thread and back
                found += children_in(part.pages, key)
            else:
                found += await asyncio.to_thread(children_in, part.pages, key)
    return found


async def _first_hops(redis: Redis, share: str, below: int, most: int, after: str) -> list[Node]:
    """Readers of the sharer's link, behind one by id, whose branches are smaller than `below`."""
    found: list[Node] = []
    while len(found) < most:
        answer = await tree.read(redis, share, 0, 0, after, NODES_AT_ONCE)
        nodes = unpack_nodes(answer.pages, after, NODES_AT_ONCE)
        found += [n for n in nodes if n.depth == 1 and n.descendants + 1 < below]
        if not nodes or nodes[-1].depth > 1:
            break
        after = nodes[-1].hop
    return found[: max(most, 0)]


def _ranked(hop: bytes, size: bytes) -> Node:
    name = unpack_hop(hop)
    return Node(name, "", hops.depth(name), 0, 0, int(size) - 1, False)


def _largest_first(node: Node) -> tuple[int, int, str]:
    return -node.descendants, node.first_open, node.hop


def _page(nodes: Sequence[Node], skip: int, most: int) -> Below:
    rest = nodes[skip + most :]
    return Below(
        list(nodes[skip : skip + most]), len(rest), sum(node.descendants + 1 for node in rest)
    )
