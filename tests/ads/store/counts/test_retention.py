"""After old hours are merged and old hops deleted, reports by day and the spread are the same."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.fold.upkeep import Upkeep
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.counts import Ages, Cell, Counts, Item
from ads.store.counts.sections import NOON
from ads.store.register import Register
from tests.ads.store.counts.telling import BASE, Clock, apply, items, nodes_of

AGES = Ages(hours=10, hops=20)


def _story(count: int, seed: int) -> list[Item]:
    """Readers over three days, from two ads, with all that they do."""
    rng, known, found = random.Random(seed), [""], []
    for n in range(count):
        parent = rng.choice(known)
        hop = hops.prefix(hops.depth(parent) + 1) + f"{rng.randrange(10**9):010}"
        known.append(hop)
        at, i, ad = BASE + rng.randrange(3 * DAY), f"open-{n:012}", rng.choice(["ad", "other"])
        about = {"country": rng.choice(["", "DE", "CN"]), "source": rng.choice(["", "wechat"])}
        found.append(Receipt(at, "", ad, 1, "open", i, i, hop, parent, **about))
        found.append(Receipt(at + 5, "", ad, 1, "view", f"v{n}", i, hop, s="top"))
        found.append(
            Receipt(at + 9, "", ad, 1, "read", f"r{n}", i, hop, ms=17 * n + 1, pct=n % 101)
        )
    return items(found)


def _by_day(found: Sequence[Cell]) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for cell in found:
        for place, figure in enumerate(cell.figures):
            sums[cell.hour // DAY, cell.ad, cell.dimension, cell.key, place] += figure
    return +sums


async def test_days_whose_hours_were_put_together_tell_the_same_figures(
    counts: Counts, clock: Clock
) -> None:
    clock.at = BASE + 3 * DAY
    await apply(counts, "share", "segment", _story(1500, 1))
    before = (await counts.cells(["share"], 0, BASE + 9 * DAY))[0]
    assert len({cell.hour for cell in before}) > 3
    clock.at = BASE + 14 * DAY
    for _ in range(2):
        await counts.retain(AGES)
    after = (await counts.cells(["share"], 0, BASE + 9 * DAY))[0]
    assert {cell.hour - NOON * HOUR for cell in after} == {BASE, BASE + DAY, BASE + 2 * DAY}
    assert _by_day(after) == _by_day(before)
    depths = [sum(cell.dimension == "depth" for cell in each) for each in (before, after)]
    assert depths[1] < depths[0] / 5


async def test_what_is_folded_into_such_a_day_is_in_its_figures(
    counts: Counts, clock: Clock
) -> None:
    clock.at = BASE + 14 * DAY
    early, late = _story(40, 1), _story(80, 1)[120:]
    await apply(counts, "plain", "segment", [*early, *late])
    await apply(counts, "share", "segment", early)
    await counts.retain(AGES)
    await apply(counts, "share", "segment", [*early, *late])
    found = await counts.cells(["share", "plain"], 0, BASE + 9 * DAY)
    assert _by_day(found[0]) == _by_day(found[1])


async def test_a_share_that_was_silent_for_long_keeps_the_figures_of_its_spread_alone(
    redis: Redis,
    counts: Counts,
    clock: Clock,
) -> None:
    clock.at = BASE + 3 * DAY
    await apply(counts, "share", "segment", _story(300, 2))
    before = await counts.tree("share", forwarders=10, branches=20, nodes=9)
    size = await redis.memory_usage("{share}:p")
    clock.at = BASE + 30 * DAY
    await redis.delete(*[key async for key in redis.scan_iter("{share}:o:*")])  # their time is over
    for _ in range(2):
        await counts.retain(AGES)
    after = await counts.tree("share", forwarders=10, branches=20, nodes=9)
    assert after == before._replace(nodes=[])
    assert not await nodes_of(counts, "share")
    assert (await redis.memory_usage("{share}:p") or 0) < (size or 0) / 2


async def test_a_reader_who_comes_after_all_is_counted_with_those_before(
    redis: Redis, counts: Counts, clock: Clock
) -> None:
    clock.at = BASE + 3 * DAY
    await apply(counts, "share", "segment", _story(300, 2))
    before = await counts.tree("share", forwarders=10)
    clock.at = BASE + 30 * DAY
    await redis.delete(*[key async for key in redis.scan_iter("{share}:o:*")])
    await counts.retain(AGES)
    top = before.forwarders[0].hop
    hop = hops.prefix(hops.depth(top) + 1) + "z" * 10
    come = Receipt(clock.at, "", "ad", 1, "open", "late", "late", hop, top)
    await apply(counts, "share", "late", [Item(1, come)])
    after = await counts.tree("share", forwarders=10, nodes=9)
    assert (after.readers, after.orphans) == (before.readers + 1, before.orphans + 1)
    assert [node.hop for node in after.nodes] == [hop]
    assert after.forwarders == before.forwarders
    hours = await counts.cells(["share"], 0, clock.at + HOUR)
    assert sum(c.figures[7] for c in hours[0] if c.dimension == "total") == after.readers


async def test_one_worker_keeps_house_a_day(redis: Redis, counts: Counts, clock: Clock) -> None:
    clock.at = BASE + 14 * DAY
    await apply(counts, "share", "segment", _story(40, 1))
    register = Register(redis, Bookings(redis, Changes(redis)), 1)
    workers = [Upkeep(counts, AGES, register), Upkeep(counts, AGES, register)]
    assert [await worker.retain() for worker in workers] == [True, False]
    found = (await counts.cells(["share"], 0, BASE + 9 * DAY))[0]
    assert all(cell.hour % DAY == NOON * HOUR for cell in found)


async def test_a_share_that_was_folded_of_late_keeps_its_hops_however_old_its_events(
    counts: Counts,
    clock: Clock,
) -> None:
    clock.at = BASE + 30 * DAY
    story = _story(40, 2)
    await apply(counts, "share", "segment", story[:60])
    await counts.retain(AGES)
    await apply(counts, "share", "segment", story)
    assert len((await counts.tree("share", nodes=99)).nodes) == 40
