"""Reading one branch of a share's tree: the pages of its depths alone, never every node.

A hop's children stand one depth down, among all others there, and name it. Few parents are looked
for by the store, which answers the pages that name one; of many all pages of a depth are read.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import NamedTuple, TypeVar, cast

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
    came,
    descendants,
    forwarding,
    naming,
    pack_depth,
    pack_hop,
    unpack_hop,
    unpack_nodes,
)

DIR, BODY, STRAY = (keys.SHARE_KEYS[i] for i in (2, 3, 7))
Found = TypeVar("Found")
PAGES_AT_ONCE = 1_000
"""About a megabyte; the store does nothing else while it looks through them."""
LOOKED_FOR = 8
"""So many parents are searched for in the store; of more its pages are read."""
NODES_AT_ONCE = 200
FEW_PAGES = 4
SORTED = 5_000
"""So many children of one hop are all read and put in order; of more the largest are."""
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

        From the link, and of a hop that has very many, those that are ranked by size come first,
        then the rest by their ids, from behind the hop `after`; from the link at last those whose
        parent is unknown.
        """
        if hop:
            return await _below(self._redis, share, hop, skip, most, after)
        return await _below_link(self._redis, share, skip, most, after)

    async def subtree(self, share: str, hop: str, most: int) -> Subtree | None:
        """All readers below a hop, and so many of its branches; None without such a hop."""
        return await _subtree(self._redis, share, hop, most)


async def _below(redis: Redis, share: str, hop: str, skip: int, most: int, after: str) -> Below:
    top = await _node(redis, share, hop)
    if top is None:
        return Below([], 0, 0)
    if top.children > SORTED:
        return await _below_many(redis, share, top, skip, most, after)
    found = [record for record, _ in await _children(redis, share, {pack_hop(hop)})]
    sizes = [descendants(record) for record in found]
    order = sorted(range(len(found)), key=lambda at: (-sizes[at], came(found[at])))
    shown = order[skip : skip + most]
    nodes = [node for at in shown for node in unpack_nodes(found[at])]
    rest = order[skip + most :]
    return Below(nodes, len(rest), sum(sizes[at] + 1 for at in rest))


async def _below_many(
    redis: Redis, share: str, top: Node, skip: int, most: int, after: str
) -> Below:
    """Of very many children those that are ranked by size, then the rest by their ids."""
    head, _, _, records, *_ = await tree.read(redis, share, RANKED, 0, "", 0)
    floor = int(dict(zip(head[::2], head[1::2], strict=True)).get(b"F", 0))
    leading = [
        node
        for record in records
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
    async for pages in _pages(redis, share, start, pack_depth(depth + 2), {key}, few=True):
        for record, _ in sorted(naming(pages, {key})):
            brought = descendants(record)
            if record[:HOP_BYTES] > start and (brought < floor or not brought):
                found += unpack_nodes(record)
        if len(found) >= most:
            break
    return found[:most]


async def _below_link(redis: Redis, share: str, skip: int, most: int, after: str) -> Below:
    head, _, largest, records, _, _ = await tree.read(redis, share, 0, skip + most, "", 0)
    fields = dict(zip(head[::2], head[1::2], strict=True))
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
    edges = cast(list[bytes], await redis.zrange(STRAY.format(share=share), 0, STRAYS - 1))
    waiting = sorted(edge[HOP_BYTES:] for edge in edges if edge[HOP_BYTES:] > first)
    found: list[Node] = []
    for at in range(0, len(waiting), STRAYS_AT_ONCE):
        names = map(unpack_hop, waiting[at : at + STRAYS_AT_ONCE])
        nodes = await asyncio.gather(*(_node(redis, share, name) for name in names))
        found += [node for node in nodes if node and node.descendants + 1 < below]
        if len(found) >= most:
            break
    return found[:most]


async def _node(redis: Redis, share: str, hop: str) -> Node | None:
    key = pack_hop(hop)
    pages = [page async for page in _pages(redis, share, key, key + b"\0", {key})]
    return next((node for node in unpack_nodes(b"".join(pages)) if node.hop == hop), None)


async def _subtree(redis: Redis, share: str, hop: str, most: int) -> Subtree | None:
    """How many came through a hop stands in its record: who brought nobody need not be read."""
    top = await _node(redis, share, hop)
    if top is None:
        return None
    widths = [top.children] if top.children else []
    rows: dict[bytes, list[int]] = {}
    home = {pack_hop(hop): b""}  # who brought others, and in which branch they are
    left = top.descendants - top.children
    while home and left > 0:
        home, level = _grow(home, await _forwarders(redis, share, home))
        for at, count in level.items():
            rows.setdefault(at, [1]).append(count)
        widths.append(sum(level.values()))
        left -= widths[-1]
    branches = [Branch(unpack_hop(each), sum(row), row[1:]) for each, row in rows.items()]
    branches.sort(key=lambda branch: (-branch.readers, branch.hop))
    alone = min(most, top.children) - len(branches)
    if alone > 0:
        leaves = await _unranked(redis, share, hop, 0, alone, "")
        branches += [Branch(node.hop, 1, []) for node in leaves]
    return Subtree(widths, branches[:most], top.children)


def _grow(
    home: dict[bytes, bytes], found: Sequence[tuple[bytes, bytes, int]]
) -> tuple[dict[bytes, bytes], Counter[bytes]]:
    """Who brought others one level down, with their branch; how many they brought, by branch."""
    deeper: dict[bytes, bytes] = {}
    level: Counter[bytes] = Counter()
    for name, parent, kids in found:
        deeper[name] = at = home[parent] or name
        level[at] += kids
    return deeper, level


async def _forwarders(
    redis: Redis, share: str, parents: Collection[bytes]
) -> list[tuple[bytes, bytes, int]]:
    """Children of these hops, which are of one depth, who brought others: (hop, parent, whom)."""
    return await _read(redis, share, parents, forwarding)


async def _children(
    redis: Redis, share: str, parents: Collection[bytes]
) -> list[tuple[bytes, bytes]]:
    """The records of all who name one of these hops, which are of one depth, each with the name."""
    return await _read(redis, share, parents, naming)


async def _read(
    redis: Redis,
    share: str,
    parents: Collection[bytes],
    look: Callable[[bytes, Collection[bytes]], list[Found]],
) -> list[Found]:
    """What is found in the pages one level below these hops."""
    depth = hops.depth(unpack_hop(next(iter(parents))))
    if depth == hops.MAX_DEPTH:
        return []
    start, stop = (pack_depth(depth + n) for n in (1, 2))
    sought = parents if len(parents) <= LOOKED_FOR else ()
    found: list[Found] = []
    async for pages in _pages(redis, share, start, stop, sought):
        found += await asyncio.to_thread(look, pages, parents)
    return found


async def _pages(
    redis: Redis,
    share: str,
    start: bytes,
    stop: bytes,
    sought: Collection[bytes],
    *,
    few: bool = False,
) -> AsyncIterator[bytes]:
    """The pages of hops from one id to before another, that hold one of the texts if there are.

    `few` are likely to do: not all are read at once.
    """
    named = [key.format(share=share) for key in (DIR, BODY)]
    at_once = FEW_PAGES if few else PAGES_AT_ONCE
    while start:
        arguments: list[Argument] = [start, stop, min(at_once, PAGES_AT_ONCE), *sought]
        start, *pages = await LEVEL(redis, named, arguments)
        at_once *= 4
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
