"""Reading one branch of a share's tree: the pages of its depths alone, never every node.

A hop's children stand one depth down, among all others there, and name it. Few parents are looked
for by the store, which answers the pages that name one; of many all pages of a depth are read.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from itertools import zip_longest
from typing import NamedTuple

from redis.asyncio import Redis

from ads import hops
from ads.store import keys
from ads.store.counts import tree
from ads.store.counts.run import RANKED
from ads.store.counts.script import LEVEL, Argument
from ads.store.counts.tree import Branch
from ads.store.counts.wire import (
    HOP_BYTES,
    Node,
    brought,
    naming,
    pack_depth,
    pack_hop,
    unpack_hop,
    unpack_nodes,
)

DIR, BODY = keys.SHARE_KEYS[2], keys.SHARE_KEYS[3]
PAGES_AT_ONCE = 1_000
"""About a megabyte; the store does nothing else while it looks through them."""
LOOKED_FOR = 8
"""So many parents are searched for in the store; of more its pages are read."""
NODES_AT_ONCE = 200


class Below(NamedTuple):
    """Some who came straight from a hop, those who brought most first; `left`, `readers`: the rest.

    `after` is the hop behind which the rest go on, where they are not told by number. Of the
    largest from the sharer's link `first_open` is 0: not looked up.
    """

    nodes: list[Node]
    left: int
    readers: int
    after: str = ""


class Subtree(NamedTuple):
    """All below a hop: readers by depth from the next one on; the largest branches of `many`."""

    widths: list[int]
    branches: list[Branch]
    many: int


class Branches:
    """The branches of all shares in one store."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def below(self, share: str, hop: str, skip: int, most: int, after: str = "") -> Below:
        """Those who came straight from a hop ("": the sharer's link), `most` behind `skip`.

        From the link those that are ranked by size come first, then the rest by their ids, from
        behind the hop `after`. Of those whose parent is unknown only the ranked are told.
        """
        if hop:
            return await _below(self._redis, share, hop, skip, most)
        return await _below_link(self._redis, share, skip, most, after)

    async def subtree(self, share: str, hop: str, most: int) -> Subtree | None:
        """All readers below a hop, and so many of its branches; None without such a hop."""
        return await _subtree(self._redis, share, hop, most)


async def _below(redis: Redis, share: str, hop: str, skip: int, most: int) -> Below:
    found = [record for record, _ in await _children(redis, share, {pack_hop(hop)})]
    nodes = sorted(unpack_nodes(b"".join(found)), key=_largest_first)
    return _page(nodes, skip, most)


async def _below_link(redis: Redis, share: str, skip: int, most: int, after: str) -> Below:
    head, _, largest, records, _, _ = await tree.read(redis, share, 0, skip + most, "", 0)
    fields = dict(zip(head[::2], head[1::2], strict=True))
    if b"R" not in fields:
        nodes = unpack_nodes(b"".join(records))
        return _page(sorted(filter(tree.hangs, nodes), key=_largest_first), skip, most)
    known = min(skip + most, RANKED)
    ranked = [_ranked(*pair) for pair in zip(largest[::2], largest[1::2], strict=True)][:known]
    room = most - len(ranked[skip:])
    rest = await _first_hops(redis, share, int(fields.get(b"B", 2)), room, after)
    shown = ranked[skip:] + rest
    told = sum(node.depth == 1 for node in ranked) + max(skip - len(ranked), 0) + len(rest)
    left = max(int(fields.get(b"w\0\1", 0)) - told, 0)
    readers = int(fields[b"n"]) - sum(node.descendants + 1 for node in (*ranked, *rest))
    return Below(shown, left, 0 if after else readers, rest[-1].hop if rest else "")


async def _subtree(redis: Redis, share: str, hop: str, most: int) -> Subtree | None:
    key = pack_hop(hop)
    pages = [page async for page in _pages(redis, share, key, key + b"\0", {key})]
    top = next((node for node in unpack_nodes(b"".join(pages)) if node.hop == hop), None)
    if top is None:
        return None
    rows: list[list[int]] = []
    first: list[bytes] = []
    home: dict[bytes, int] = {key: -1}  # who brought others, and in which branch they are
    left = top.descendants
    while home and left > 0:
        found = await _children(redis, share, home)
        home = _grow(rows, first, home, found)
        left -= len(found) or left
    branches = [
        Branch(unpack_hop(each), sum(row), row[1:]) for each, row in zip(first, rows, strict=True)
    ]
    branches.sort(key=lambda branch: (-branch.readers, branch.hop))
    widths = [sum(level) for level in zip_longest(*rows, fillvalue=0)]
    return Subtree(widths, branches[:most], len(branches))


def _grow(
    rows: list[list[int]],
    first: list[bytes],
    home: dict[bytes, int],
    found: Sequence[tuple[bytes, bytes]],
) -> dict[bytes, int]:
    """Counts one more level in each branch; who of it brought others."""
    level: Counter[int] = Counter()
    deeper: dict[bytes, int] = {}
    for record, parent in found:
        at = home[parent]
        if at < 0:
            at = len(first)
            first.append(record[:HOP_BYTES])
            rows.append([])
        level[at] += 1
        if brought(record):
            deeper[record[:HOP_BYTES]] = at
    for at, count in level.items():
        rows[at].append(count)
    return deeper


async def _children(
    redis: Redis, share: str, parents: Collection[bytes]
) -> list[tuple[bytes, bytes]]:
    """The records of all who name one of these hops, which are of one depth, each with the name."""
    depth = hops.depth(unpack_hop(next(iter(parents))))
    if depth == hops.MAX_DEPTH:
        return []
    start, stop = (pack_depth(depth + n) for n in (1, 2))
    sought = parents if len(parents) <= LOOKED_FOR else ()
    found: list[tuple[bytes, bytes]] = []
    async for pages in _pages(redis, share, start, stop, sought):
        found += await asyncio.to_thread(naming, pages, parents)
    return found


async def _pages(
    redis: Redis, share: str, start: bytes, stop: bytes, sought: Collection[bytes]
) -> AsyncIterator[bytes]:
    """The pages of hops from one id to before another, that hold one of the texts if there are."""
    named = [key.format(share=share) for key in (DIR, BODY)]
    while start:
        arguments: list[Argument] = [start, stop, PAGES_AT_ONCE, *sought]
        start, *pages = await LEVEL(redis, named, arguments)
        yield b"".join(pages)


async def _first_hops(redis: Redis, share: str, below: int, most: int, after: str) -> list[Node]:
    """Readers of the sharer's link, behind one by id, whose branches are smaller than `below`."""
    found: list[Node] = []
    while len(found) < most:
        *_, pages = await tree.read(redis, share, 0, 0, after, NODES_AT_ONCE)
        nodes = unpack_nodes(pages, after, NODES_AT_ONCE)
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
