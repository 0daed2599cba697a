"""Real re-share trees of the corpus, replayed over HTTP, link by link.

`../shared/corpus/README.md` explains the files. A reader opens the parent's link, makes a hop id
below the one in the link, and sends an `open`.
"""

import ast
import asyncio
import csv
import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from yarl import URL

from ads.events import hops
from tests.client import Client, Json, event, hop

WAYS = ("in order", "shuffled", "doubled")
CALLS_AT_ONCE = 8
MOST_EVENTS = 32

Edges = dict[str, tuple[str, float]]
"""child -> (parent, "" for the root; seconds or any other measure of time)."""


class Cascade(NamedTuple):
    """A tree, and its figures as others computed them."""

    path: Path
    nodes: int
    depth: int
    breadth: int
    wiener: int
    virality: float

    def edges(self) -> Edges:
        text = gzip.decompress(self.path.read_bytes()).decode()
        return _weibo(text) if self.path.parent.name == "weibo-ced" else _twitter(text)

    def faults(self, readers: int, widths: Sequence[int], virality: float) -> list[str]:
        """The wrong figures of a spread; `widths` begin with the sharer's link."""
        found = {
            "readers": (readers, self.nodes - 1),
            "depth": (len(widths) - 1, self.depth),
            "breadth": (max(widths), self.breadth),
            "nodes by depth": (sum(widths), self.nodes),
        }
        wrong = [f"{name} {is_}, not {due}" for name, (is_, due) in found.items() if is_ != due]
        exact = 2 * self.wiener / (self.nodes * (self.nodes - 1))
        apart = max(abs(virality - exact), abs(virality - self.virality))
        return wrong + ([f"structural virality off by {apart}"] if apart >= 1e-9 else [])


def cascades(corpus: Path, every: int = 1) -> list[Cascade]:
    """All trees by size, or every `every`-th of them."""
    folder = corpus / "suites" / "cascades"
    with (folder / "REFERENCE.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    numbers = ("nodes", "depth", "max_breadth", "wiener_index")
    found = [
        Cascade(
            folder / row["file"],
            *(int(row[name]) for name in numbers),
            float(row["structural_virality"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.nodes)[::every]


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


def family(edges: Edges) -> list[str]:
    """All nodes in order of time, but each after its parent."""
    children: dict[str, list[str]] = {}
    for node in sorted(edges, key=lambda node: edges[node][1]):
        children.setdefault(edges[node][0], []).append(node)
    found = list(children.get("", ()))
    for node in found:
        found += children.get(node, ())
    return found


class Replay:
    """Replays the readers of one tree as readers of one share."""

    def __init__(self, client: Client, share: Json, edges: Edges) -> None:
        self._client = client
        self._share = share
        self._edges = edges
        self._hops = {"": ""}

    async def in_order(self) -> int:
        """Each reader opens the parent's link, one after another; returns the number of events."""
        for node in family(self._edges):
            await self._send([await self._open(node)])
        return len(self._edges)

    async def shuffled(self, rng: random.Random, times: int = 1) -> int:
        """Sends all events `times` times, in random order and calls of random size, in parallel."""
        ticket = (await self._client.facts(self._share))["ticket"]
        opens = [self._arrive(node, ticket) for node in family(self._edges)] * times
        rng.shuffle(opens)
        calls = []
        while opens:
            size = rng.randint(1, MOST_EVENTS)
            calls.append(opens[:size])
            opens = opens[size:]
        for at in range(0, len(calls), CALLS_AT_ONCE):
            await asyncio.gather(*map(self._send, calls[at : at + CALLS_AT_ONCE]))
        return times * len(self._edges)

    async def faults(self, cascade: Cascade) -> list[str]:
        """The figures of the share's spread that differ from the tree."""
        found = await self._client.call("GET", f"/shares/{self._share['id']}/spread?limit=1")
        strange = [name for name in ("orphans", "conflicts", "capped") if found[name]]
        widths = found["width_by_depth"]
        return strange + cascade.faults(found["readers"], widths, found["structural_virality"])

    async def _open(self, node: str) -> Json:
        """Opens the parent's link, as the parent forwarded it."""
        parent = self._hops[self._edges[node][0]]
        link = URL(self._share["url"]).update_query(h=parent) if parent else self._share["url"]
        facts = await self._client.facts({"url": link})
        return self._arrive(node, facts["ticket"])

    def _arrive(self, node: str, ticket: str) -> Json:
        parent = self._hops[self._edges[node][0]]
        self._hops[node] = hop(hops.depth(parent) + 1)
        return event(ticket, "open", self._hops[node], parent)

    async def _send(self, events: list[Json]) -> None:
        while (status := await self._client.send(*events)) != 204:
            assert status == 503, status
            await asyncio.sleep(0.1)


async def replayed(client: Client, url: str, ad: Json, cascade: Cascade, way: str) -> Replay:
    """Replays a tree on a share of its own; returns when all its events are acknowledged."""
    replay = Replay(client, await client.share(url, ad["id"]), cascade.edges())
    if way == "in order":
        await replay.in_order()
    else:
        await replay.shuffled(random.Random(cascade.nodes), 2 if way == "doubled" else 1)
    return replay
