"""Real re-share trees come out of the store with the figures that others computed for them."""

import base64
import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads.clock import DAY
from ads.events import hops
from ads.events.receipt import Receipt
from ads.reports import spread
from ads.store.counts import Counts, Item, Tree
from tests.ads.store.counts.telling import apply
from tests.cascades import Cascade, Edges, cascades

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY
EVERY = 17
"""Every seventeenth tree, by size: a fair sample within the time of a test."""


def _readers(edges: Edges, share: str) -> list[Receipt]:
    """One open a node, in order of time; its hop id has the node's depth."""
    depths: dict[str, int] = {"": 0}

    def depth(node: str) -> int:
        chain = []
        while node not in depths:
            chain.append(node)
            node = edges[node][0]
        for each in reversed(chain):
            depths[each] = depths[edges[each][0]] + 1
        return depths[chain[0]] if chain else depths[node]

    def hop(node: str) -> str:
        digest = hashlib.sha256(node.encode()).digest()
        return hops.prefix(depth(node)) + base64.urlsafe_b64encode(digest)[:10].decode()

    found = []
    for at, node in enumerate(sorted(edges, key=lambda node: edges[node][1])):
        parent = edges[node][0]
        i = hashlib.sha256(node.encode()).hexdigest()[:20]
        above = hop(parent) if parent else ""
        found.append(Receipt(BASE + at, share, "ad", 1, "open", i, i, hop(node), above))
    return found


def _in_order(receipts: Sequence[Receipt]) -> list[Receipt]:
    return list(receipts)


def _shuffled(receipts: Sequence[Receipt]) -> list[Receipt]:
    return random.Random(7).sample(receipts, len(receipts))


def _backwards(receipts: Sequence[Receipt]) -> list[Receipt]:
    return list(reversed(receipts))


def _doubled(receipts: Sequence[Receipt]) -> list[Receipt]:
    return _shuffled([*receipts, *receipts])


@pytest.mark.parametrize("order", [_in_order, _shuffled, _backwards, _doubled])
async def test_size_depth_widths_and_virality_of_real_cascades(
    redis: Redis, corpus: Path, order: Callable[[Sequence[Receipt]], list[Receipt]]
) -> None:
    counts = Counts(redis, lambda: BASE + DAY)
    for nth, cascade in enumerate(cascades(corpus, EVERY)):
        share = f"tree-{nth}"
        receipts = _readers(cascade.edges(), share)
        items = [Item(at, receipt) for at, receipt in enumerate(order(receipts), 1)]
        await apply(counts, share, "segment", items)
        _check(cascade, await counts.tree(share, branches=1))


def _check(cascade: Cascade, tree: Tree) -> None:
    widths = [1, *(tree.widths[depth] for depth in range(1, max(tree.widths) + 1))]
    virality = spread.virality(tree.readers, tree.sizes, tree.squares)
    assert not cascade.faults(tree.readers, widths, virality), cascade.path
    assert tree.orphans == tree.conflicts == tree.capped == 0
    assert all(branch.below is not None for branch in tree.branches)
