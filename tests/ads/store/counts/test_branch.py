"""A branch is read from the pages of its own depths, and agrees with all nodes together."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from ads.events import hops
from ads.store.counts import Counts, Node, branch, level, outlines, run
from ads.store.counts.outlines import Outlines
from tests.ads.store.counts.telling import apply, nodes_of, opens

Edges = list[tuple[str, str]]
LINK = ""


def _forest(readers: int, seed: int) -> Edges:
    """A tree that grows at random, with some strays."""
    rng, edges = random.Random(seed), [(hops.prefix(1) + f"{n:010}", LINK) for n in range(30)]
    for n in range(readers):
        parent = rng.choice(edges)[0] if rng.random() > 0.02 else hops.prefix(3) + "x" * 10
        edges.append((hops.prefix(hops.depth(parent) + 1) + f"{n:010}", parent))
    return edges


def _home(node: Node) -> str:
    return LINK if node.stray or node.parent[:2] == node.hop[:2] else node.parent


async def _told(counts: Counts, share: str, hop: str) -> list[Node]:
    """All children of a hop, page by page."""
    found: list[Node] = []
    after = ""
    while True:
        page = await counts.branches.below(share, hop, len(found), 7, after)
        found += page.nodes
        after = page.after
        if not page.left:
            return found
        assert page.nodes, "a page that is not the last has somebody"


@pytest.mark.parametrize("ranked_from", [0, 10_000])
@pytest.mark.parametrize(("pages", "sorted_"), [(2, 0), (1_000, 2), (1_000, 5_000)])
async def test_a_branch_tells_what_all_nodes_tell(
    counts: Counts, monkeypatch: pytest.MonkeyPatch, ranked_from: int, pages: int, sorted_: int
) -> None:
    monkeypatch.setattr(branch, "SORTED", sorted_)
    monkeypatch.setattr(branch, "STRAYS_AT_ONCE", 3)
    monkeypatch.setattr(run, "RANKED_FROM", ranked_from)
    monkeypatch.setattr(run, "RANKED", 12)
    monkeypatch.setattr(run, "RANKED_LEFT", 5)
    monkeypatch.setattr(branch, "RANKED", 12)
    monkeypatch.setattr(level, "PAGES_AT_ONCE", pages)
    await apply(counts, "share", "segment", opens(_forest(900, seed=ranked_from + pages)))
    nodes = await nodes_of(counts, "share")
    for hop in [LINK, *random.Random(1).sample([n.hop for n in nodes], 40)]:
        below = {n.hop: n.descendants for n in nodes if _home(n) == hop}
        told = await _told(counts, "share", hop)
        assert len({n.hop for n in told}) == len(told)
        found = {n.hop: n.descendants for n in told}
        assert found == below
        if hop:
            await _holds(counts, nodes, hop)


async def _holds(counts: Counts, nodes: list[Node], top: str) -> None:
    """The subtree's widths and branches agree with the nodes."""
    branch_of, widths, sizes = {top: ""}, Counter[int](), Counter[str]()
    for node in nodes:
        if _home(node) in branch_of and node.hop != top:
            branch_of[node.hop] = branch_of[_home(node)] or node.hop
            widths[node.depth - hops.depth(top)] += 1
            sizes[branch_of[node.hop]] += 1
    found = await counts.branches.subtree("share", top, 5)
    assert found
    assert found.widths == [widths[n] for n in sorted(widths)]
    assert found.many == len(sizes)
    assert {b.hop: b.readers for b in found.branches}.items() <= sizes.items()
    assert [b.readers for b in found.branches] == sorted(sizes.values(), reverse=True)[:5]
    assert all(1 + sum(b.below or ()) == b.readers for b in found.branches)


async def test_there_is_no_branch_of_a_hop_that_nobody_has(counts: Counts) -> None:
    await apply(counts, "share", "segment", opens(_forest(20, seed=1)))
    assert await counts.branches.subtree("share", hops.prefix(2) + "z" * 10, 5) is None
    assert not (await counts.branches.below("share", hops.prefix(2) + "z" * 10, 0, 9)).nodes


async def test_all_who_forwarded_are_read_once_and_who_came_since_is_added(
    counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = _forest(2_600, seed=3)
    read: list[int] = []
    forwarding = outlines.forwarding
    monkeypatch.setattr(
        outlines, "forwarding", lambda raw: read.append(len(raw)) or forwarding(raw)
    )
    items, rng = opens(edges), random.Random(3)
    for upto in (1_500, 1_501, 1_540, 1_700, 2_000, len(items)):
        await apply(counts, "share", "segment", items[:upto])
        nodes = await nodes_of(counts, "share")
        largest = sorted(nodes, key=lambda node: -node.descendants)[:9]
        for node in (*largest, *rng.sample(nodes, 20)):
            await _holds(counts, nodes, node.hop)
        known = {node.hop for node in nodes}
        assert read or upto > 1_500
        assert upto not in (1_501, 1_540) or not read, f"read again after {upto} of {len(known)}"
        read.clear()


async def test_of_a_share_made_ready_no_look_reads_all_who_forwarded(
    counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply(counts, "share", "segment", opens(_forest(1_500, seed=7)))
    await counts.branches.prepare("share")
    nodes = await nodes_of(counts, "share")
    monkeypatch.setattr(outlines, "forwarding", None)
    await counts.branches.prepare("share")
    await _holds(counts, nodes, max(nodes, key=lambda node: node.descendants).hop)


@pytest.mark.parametrize("pages", [2, 20])
async def test_who_comes_while_all_are_read_is_told_once(
    counts: Counts, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    monkeypatch.setattr(level, "PAGES_AT_ONCE", pages)
    items = opens(_forest(2_030, seed=5))
    await apply(counts, "share", "segment", items[:2_000])
    parts, left = level.parts, items[2_000:]

    async def interrupted(*asked: Any, **kwargs: Any) -> AsyncIterator[level.Part]:
        async for part in parts(*asked, **kwargs):
            yield part
            await apply(counts, "share", "segment", items[: len(items) - len(left)])
            del left[:3]

    before = await nodes_of(counts, "share")
    top = max(before, key=lambda node: node.descendants)
    with monkeypatch.context() as busy:
        busy.setattr(level, "parts", interrupted)
        await counts.branches.subtree("share", top.hop, 5)
    nodes = await nodes_of(counts, "share")
    assert len(nodes) > len(before)
    monkeypatch.setattr(outlines, "forwarding", None)
    for node in sorted(nodes, key=lambda node: -node.descendants)[:60]:
        await _holds(counts, nodes, node.hop)


async def test_a_branch_that_moved_is_where_it_hangs_now(counts: Counts) -> None:
    edges = _forest(1_500, seed=6)
    stray = hops.prefix(3) + "x" * 10  # the parent of many, itself not seen
    moved = [*edges, (stray, next(hop for hop, _ in edges if hops.depth(hop) == 2))]
    items = opens(moved)
    for upto in (len(edges), len(moved)):
        await apply(counts, "share", "segment", items[:upto])
        nodes = await nodes_of(counts, "share")
        for node in sorted(nodes, key=lambda node: -node.descendants)[:30]:
            await _holds(counts, nodes, node.hop)


async def test_of_more_outlines_than_there_is_room_for_the_last_are_kept(
    redis: Redis, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlines, "KEPT_BYTES", 21 * 1_400)
    kept = Outlines(redis)
    edges = _forest(1_500, seed=4)
    for share in ("one", "two", "three"):
        await apply(counts, share, "segment", opens(edges))
        top = max(await nodes_of(counts, share), key=lambda node: node.descendants)
        assert (await kept.subtree(share, top, 5)).many == top.children
    assert 0 < kept.size <= 21 * 1_400
    for n in range(40):
        await apply(counts, f"star {n}", "segment", opens([(hops.prefix(1) + f"{n:010}", "")]))
        await kept.whole(f"star {n}")
    assert len(kept._kept) < 40, "those of shares that nobody passed on take room, too"
