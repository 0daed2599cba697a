"""Real re-share trees come out of the store with the figures that others computed for them."""

import ast
import base64
import csv
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads import hops, spread
from ads.clock import DAY
from ads.receipt import Receipt
from ads.store.counts import Counts, Item, Tree

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY
EVERY = 17
"""Every seventeenth tree, by size: a fair sample within the time of a test."""

Edges = dict[str, tuple[str, float]]
"""child -> (parent, "" for the root; seconds or any other measure of time)."""


def _weibo(text: str) -> Edges:
    rows = json.loads(text)
    return {row["mid"]: (row["parent"], row["date"]) for row in rows}


def _twitter(text: str) -> Edges:
    edges: Edges = {}
    root = ""
    for line in text.splitlines():
        parent, child = map(ast.literal_eval, line.split("->"))
        if parent[0] == "ROOT":
            root = str(child)
        elif str(child) != root:
            edges.setdefault(str(child), (str(parent), float(child[2])))
    return {child: ("" if up == root else up, at) for child, (up, at) in edges.items()}


def _load(path: Path) -> Edges:
    text = gzip.decompress(path.read_bytes()).decode()
    return _weibo(text) if path.parent.name == "weibo-ced" else _twitter(text)


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


@pytest.fixture(scope="session")
def trees(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "suites" / "cascades" / "REFERENCE.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return sorted(rows, key=lambda row: int(row["nodes"]))[::EVERY]


@pytest.mark.parametrize("order", [_in_order, _shuffled, _backwards, _doubled])
async def test_size_depth_widths_and_virality_of_real_cascades(
    redis: Redis,
    corpus: Path,
    trees: list[dict[str, str]],
    order: Callable[[Sequence[Receipt]], list[Receipt]],
) -> None:
    counts = Counts(redis, lambda: BASE + DAY)
    for nth, row in enumerate(trees):
        share = f"tree-{nth}"
        receipts = _readers(_load(corpus / "suites" / "cascades" / row["file"]), share)
        items = [Item(at, receipt) for at, receipt in enumerate(order(receipts), 1)]
        await counts.apply(share, "segment", items)
        _check(row, await counts.tree(share, branches=1))


def _check(row: dict[str, str], tree: Tree) -> None:
    nodes = int(row["nodes"])
    virality = spread.virality(tree.readers, tree.sizes, tree.squares)
    assert tree.readers == nodes - 1, row["file"]
    assert max(tree.widths) == int(row["depth"])
    assert max(tree.widths.values()) == int(row["max_breadth"])
    assert abs(virality - 2 * int(row["wiener_index"]) / (nodes * (nodes - 1))) < 1e-9
    assert abs(virality - float(row["structural_virality"])) < 1e-9
    assert tree.orphans == tree.conflicts == tree.capped == 0
    assert all(branch.below is not None for branch in tree.branches)
