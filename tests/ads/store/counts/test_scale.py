"""Large and hostile trees stay bounded: in calls, in time relative to small ones, in depth."""

import asyncio
import random
import time
from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from ads.booking import Booking
from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.reports import Reports, spread
from ads.store import keys
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.counts import Ages, Counts, Item, run
from ads.store.counts.wire import pack_hop
from tests.ads.store.counts.telling import BASE, apply, nodes_of, opens


def _chain(length: int) -> list[tuple[str, str]]:
    chain = [hops.prefix(depth) + f"{depth:010}" for depth in range(1, length + 1)]
    return list(zip(chain, ["", *chain], strict=False))


def _star(size: int) -> list[tuple[str, str]]:
    return [(hops.prefix(1) + f"{n * 2_654_435_761 % 10**10:010}", "") for n in range(size)]


async def test_a_chain_to_the_last_depth_folded_backwards_is_one_branch(counts: Counts) -> None:
    edges = _chain(1023)
    await apply(counts, "chain", "segment", opens(list(reversed(edges))))
    tree = await counts.tree("chain", forwarders=3, branches=2)
    assert (tree.readers, tree.orphans, len(tree.branches)) == (1023, 0, 1)
    assert tree.branches[0].below == [1] * 1022
    assert [node.descendants for node in tree.forwarders] == [1022, 1021, 1020]
    virality = spread.virality(tree.readers, tree.sizes, tree.squares)
    assert abs(virality - (1024 + 1) / 3) < 1e-9  # of a path with n nodes it is (n + 1) / 3


async def test_more_waiting_hops_than_one_call_takes_all_come_home(
    redis: Redis, counts: Counts
) -> None:
    (top, _), (middle, _) = _chain(2)
    many = run.AT_ONCE + 300
    edges = [(hops.prefix(3) + f"{n:010}", middle) for n in range(many)]
    items = opens([*edges, (middle, top)])
    await apply(counts, "share", "segment", items[:-1])
    assert (await counts.tree("share")).orphans == many
    await apply(counts, "share", "segment", items)
    tree = await counts.tree("share", forwarders=1)
    assert (tree.orphans, tree.readers) == (1, many + 1)  # the parent itself waits for its own
    assert tree.forwarders[0].children == many
    assert not await redis.hget("{share}:s", "q")


async def test_hops_of_depths_without_end_are_capped_and_hang_from_the_link(counts: Counts) -> None:
    last = [hops.prefix(1023) + f"{n:010}" for n in range(5)]
    ring = list(zip(last, [*last[1:], last[0]], strict=True))
    await apply(counts, "ring", "segment", opens(ring))
    tree = await counts.tree("ring", branches=9, nodes=9)
    assert (tree.readers, tree.capped, tree.orphans, tree.branches) == (5, 5, 0, [])
    assert {node.parent for node in tree.nodes} == set(last)


async def test_a_subtree_torn_out_of_a_branch_makes_its_widths_be_counted_anew(
    redis: Redis, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RANKED_FROM", 0)
    (a, _), (b, _), (c, _) = _chain(3)
    other = hops.prefix(1) + "x" * 10
    items = opens([(b, other), (a, ""), (b, a), (c, b), (other, "")])
    await apply(
        counts, "torn", "late", [i._replace(sequence=n) for n, i in enumerate(items[1:], 1)]
    )
    await apply(counts, "torn", "early", [items[0]])
    tree = await counts.tree("torn", branches=2, nodes=9)
    assert [(branch.hop, branch.below) for branch in tree.branches] == [(other, None)]
    assert tree.conflicts == 1
    bookings = Bookings(redis, Changes(redis))
    await bookings.put(Booking("torn", "mei", "ad", created_at=BASE))
    reports = Reports(ads=None, bookings=bookings, counts=counts, now=lambda: BASE)
    found = await reports.spread("mei", "torn", branches=5)
    assert [(each.hop, each.width_by_depth) for each in found.branches or ()] == [
        (other, [1, 1, 1]),
        (a, [1]),
    ]
    assert (found.branches or ())[0].descendants == 2


@pytest.mark.parametrize("dropped", [False, True])
async def test_the_largest_are_known_though_few_are_ranked(
    redis: Redis, counts: Counts, monkeypatch: pytest.MonkeyPatch, dropped: bool
) -> None:
    monkeypatch.setattr(run, "RANKED_FROM", 50)
    monkeypatch.setattr(run, "RANKED", 12)
    monkeypatch.setattr(run, "RANKED_LEFT", 5)
    rng = random.Random(3)
    edges = [(hops.prefix(1) + f"{n:010}", "") for n in range(20)]
    for n in range(400):
        parent = edges[min(rng.randrange(len(edges)), rng.randrange(len(edges)))][0]
        edges.append((hops.prefix(hops.depth(parent) + 1) + f"{n:010}", parent))
    items = opens(rng.sample(edges, len(edges)))
    for at in range(0, len(items), 30):
        await apply(counts, "share", "segment", items[: at + 30])
    assert await redis.zcard("{share}:f") < 20
    if dropped:  # as if they had shrunk below the floor
        await redis.delete("{share}:f", "{share}:b")
    tree = await counts.tree("share", forwarders=4, branches=3)
    nodes = await nodes_of(counts, "share")
    size = {n.hop: (n.descendants, pack_hop(n.hop)) for n in nodes}
    tops = [hop for hop, parent in edges if not parent]
    assert [n.hop for n in tree.forwarders] == sorted(size, key=size.__getitem__)[-1:-5:-1]
    assert [b.hop for b in tree.branches] == sorted(tops, key=size.__getitem__)[-1:-4:-1]


async def test_a_share_that_outgrows_the_small_ones_tells_the_same(
    redis: Redis, counts: Counts
) -> None:
    rng = random.Random(4)
    edges = [(hops.prefix(1) + f"{n:010}", "") for n in range(9)]
    for n in range(run.RANKED_FROM + 100):
        parent = rng.choice(edges)[0]
        edges.append((hops.prefix(hops.depth(parent) + 1) + f"{n:010}", parent))
    items = opens(edges)
    few = run.RANKED_FROM - 1
    for name, upto in (("small", few), ("large", few), ("large", len(items))):
        await apply(counts, name, "segment", items[:upto])
        nodes = await nodes_of(counts, name)
        tree = await counts.tree(name, forwarders=99, branches=99)
        leading = {n.hop: n.descendants for n in nodes if n.children}
        assert {n.hop: n.descendants for n in tree.forwarders[:99]}.items() <= leading.items()
        assert len(tree.forwarders) == min(99, len(leading))
        for branch in tree.branches:
            inside, widths = {branch.hop}, Counter[int]()
            for n in nodes:
                if n.parent in inside:
                    inside.add(n.hop)
                    widths[n.depth - 2] += 1
            assert branch.readers == len(inside)
            assert branch.below == [widths[at] for at in range(len(widths))]
    assert await redis.exists("{small}:f", "{small}:b", "{small}:w") == 0
    assert await redis.exists("{large}:f", "{large}:b", "{large}:w") == 3


async def test_when_half_of_the_readers_were_here_is_known_to_the_second_and_stays_so(
    redis: Redis,
) -> None:
    now = BASE + 20 * DAY
    counts, rng = Counts(redis, lambda: now), random.Random(8)
    await counts.index((ad, "share") for ad in ("mine", "other"))
    times = sorted(BASE + rng.randrange(30 * HOUR) for _ in range(400))
    items = [
        Item(n, replace(each.receipt, at=at, ad=rng.choice(("mine", "other"))))
        for n, (each, at) in enumerate(zip(opens(_star(400)), times, strict=True), 1)
    ]
    middle = times[(len(times) + 1) // 2 - 1]
    await apply(counts, "share", "segment", items)
    assert (await counts.tree("share")).half_at == middle - middle % 1000
    await counts.forget_ad("other")
    assert (await counts.tree("share")).half_at == middle - middle % 1000
    await counts.retain(Ages(hours=2, hops=365))
    assert (await counts.tree("share")).half_at == middle - middle % 1000


async def test_of_many_readings_in_an_hour_three_digits_are_kept_in_any_order(
    counts: Counts,
) -> None:
    rng = random.Random(9)
    opened = opens(_star(4200))
    first = [rng.randrange(1, 600_000) for _ in opened]
    reads = [
        Receipt(
            BASE + 9000, "", "ad", 1, "read", f"{n}-{ms}", each.receipt.i, each.receipt.n, ms=ms
        )
        for n, each in enumerate(opened)
        for ms in (first[n] // 2, first[n])
    ]
    for share, told in (("rising", reads), ("falling", reads[::-1])):
        later = [Item(n, receipt) for n, receipt in enumerate(told, len(opened) + 1)]
        await apply(counts, share, "segment", [*opened, *later])
    rising, falling = await counts.cells(["rising", "falling"], 0, BASE * 2)
    assert rising == falling
    found = sorted(int(c.key) for c in rising if c.dimension == "ms" for _ in range(c.figures[0]))
    assert len(found) == len(first)
    assert all(abs(a - b) <= 0.0055 * b for a, b in zip(found, sorted(first), strict=True))
    assert len({value for value in found if value >= 1000}) < 3000


async def test_folding_into_a_large_share_takes_the_store_about_as_long(
    redis: Redis, counts: Counts
) -> None:
    rng = random.Random(5)
    edges = _star(50)
    for n in range(50, 12_000):
        parent = rng.choice(edges)[0]
        above = hops.prefix(hops.depth(parent) + 1)
        edges.append((above + f"{n * 2_654_435_761 % 10**10:010}", parent))
    items = opens(edges)

    async def spent(share: str, first: int) -> float:
        """Seconds of the server's own time, as the machine has other load."""
        before = (await redis.info("cpu"))["used_cpu_user"]
        await counts.fold("segment", {share: (first, items[first : first + 1500])})
        return float((await redis.info("cpu"))["used_cpu_user"] - before)

    small = await spent("small", 0)
    await counts.fold("segment", {"large": (0, items[:10_000])})
    # Readers ten deep change ten records above them: by depth it grows, and not by size.
    assert await spent("large", 10_000) < 5 * small


async def test_an_open_that_was_received_first_under_another_hop_does_not_have_all_be_read(
    redis: Redis, counts: Counts
) -> None:
    stars = [(hops.prefix(2) + f"{n:010}", _star(1)[0][0]) for n in range(5_000)]
    pairs = [
        [(hops.prefix(1) + f"x{n:09}", ""), (hops.prefix(2) + f"y{n:09}", f"ABx{n:09}")]
        for n in range(20)
    ]
    told = opens([*stars, *(edge for pair in pairs for edge in pair)], BASE + 60_000)
    await counts.fold("segment", {"s": (0, told)})
    before = (await redis.info("cpu"))["used_cpu_user"]
    first = [
        item._replace(receipt=replace(item.receipt, at=BASE + n, n=hops.prefix(1) + f"z{n:09}"))
        for n, item in enumerate(told[-40::2])
    ]
    await apply(counts, "s", "another", first)
    # To read thousands for each took a second and more.
    assert (await redis.info("cpu"))["used_cpu_user"] - before < 0.5
    tree = await counts.tree("s", nodes=10)
    assert (tree.readers, tree.orphans) == (5_040, 5_020)


@pytest.mark.parametrize("moves", [True, False])
async def test_of_a_reader_with_thousands_of_opens_not_all_are_read_for_one_that_loses_its_place(
    redis: Redis, counts: Counts, *, moves: bool
) -> None:
    (hop, parent), (other, _) = _chain(2)[1], _star(1)[0]
    told = opens([(hop, parent)] * 6_000 + [(hop, parent if moves else other)] * 16)
    await counts.fold("segment", {"s": (0, told)})
    before = (await redis.info("cpu"))["used_cpu_user"]
    said = {"n": hops.prefix(2) + "elsewhere0"} if moves else {"p": parent}
    first = [
        item._replace(receipt=replace(item.receipt, at=item.receipt.at - 1, **said))
        for item in told[-16:]
    ]
    await apply(counts, "s", "another", first)
    spent = (await redis.info("cpu"))["used_cpu_user"] - before
    assert spent < (0.1 if moves else 0.3)
    tree = await counts.tree("s")
    # Whether any of so many still names another parent is not looked for: it stays in conflict.
    assert (tree.readers, tree.conflicts) == ((2, 0) if moves else (1, 1))


async def test_the_spread_of_a_hundred_times_more_hops_takes_about_as_long(counts: Counts) -> None:
    for name, size in (("small", 300), ("large", 30_000)):
        await apply(counts, name, "segment", opens(_star(size)))

    async def spent(share: str) -> float:
        best = 9e9
        for _ in range(15):
            start = time.perf_counter()
            tree = await counts.tree(share, forwarders=10, branches=1, nodes=100)
            best = min(best, time.perf_counter() - start)
            assert len(tree.nodes) >= 100
        return best

    # At most ten times, as the machine has other load; reading the tree would take a hundred times.
    assert await spent("large") < 10 * await spent("small")


async def test_a_branch_of_more_readers_than_are_counted_stays_as_large(
    redis: Redis, counts: Counts
) -> None:
    edges = [(hops.prefix(2) + f"{n:010}", _star(1)[0][0]) for n in range(300)]
    told = opens([*_star(1), *edges])
    await apply(counts, "s", "1", told[:-1])
    body, readers = keys.SHARE_BODY.format(share="s"), (300).to_bytes(3) + (299).to_bytes(3)
    ((name, page),) = [each for each in (await redis.hgetall(body)).items() if readers in each[1]]
    most: Any = page.replace(readers, b"\xff" * 6)
    await redis.hset(body, name, most)
    await apply(counts, "s", "2", told[-1:])
    node = (await nodes_of(counts, "s"))[0]
    assert (node.descendants, node.children) == (2**24 - 2, 2**24 - 1)


async def test_rows_add_up_to_the_totals_while_more_keys_come_than_one_field_holds(
    counts: Counts,
) -> None:
    edges = _star(800)
    named = [
        i._replace(receipt=replace(i.receipt, source=f"site{i.sequence}.example"))
        for i in opens(edges)
    ]
    folding = asyncio.create_task(_by_and_by(counts, named))
    told = 0
    while told < len(edges):
        (found,) = await counts.cells(["share"], BASE, BASE + HOUR, ("total", "source"))
        told = sum(c.figures[0] for c in found if c.dimension == "total")
        rows = {c.key: c.figures[0] for c in found if c.dimension == "source"}
        assert "" not in rows
        assert sum(rows.values()) == told
    await folding


async def _by_and_by(counts: Counts, items: list[Item], step: int = 20) -> None:
    for end in range(step, len(items) + 1, step):
        start = end - step
        await counts.fold("segment", {"share": (start, items[start:end])})
        await asyncio.sleep(0)
