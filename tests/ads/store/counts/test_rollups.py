"""An ad's roll-ups agree with its shares, whatever was folded before, between and after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events.receipt import Receipt
from ads.store import keys
from ads.store.counts import EVERYTHING, SHARES, Cell, Counts, Item, sketch
from tests.ads.store.counts.stories import NOW, hop, stories
from tests.ads.store.counts.telling import BASE, apply, items, patient

SPANS = [(BASE, NOW), (BASE + 7 * HOUR, BASE + 2 * DAY + 3 * HOUR), (BASE + DAY, BASE + 2 * DAY)]


def _plain(found: Sequence[Sequence[Cell]]) -> Counter[Any]:
    """The ad's sums, computed from its shares x and y."""
    sums = _sums(cell for share in found for cell in share if cell.ad == "ad")
    for name, share in zip("xy", found, strict=True):
        for cell in share:
            if cell.ad == "ad" and cell.dimension == "total":
                for place, figure in enumerate(cell.figures[:8]):
                    sums[SHARES, name, place] += figure
    return +sums


def _sums(cells: Iterable[Cell]) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for cell in cells:
        for place, figure in enumerate(cell.figures):
            sums[cell.dimension, cell.key, place] += figure
            if cell.dimension in ("total", "slot"):
                sums[cell.dimension, cell.key, cell.hour, place] += figure
    return sums


async def _rolled(counts: Counts, start: int, end: int) -> Counter[Any]:
    found = await counts.of_ad("ad", start, end, EVERYTHING)
    sums = _sums(cell for cell in found.cells if cell.ad == "ad")
    for measure, values in found.readings.items():
        sums |= Counter({(measure, str(value), 0): opens for value, opens in values.items()})
    return +sums


@settings(patient, max_examples=25)
@given(told=stories())
async def test_roll_ups_follow_every_late_event(redis: Redis, told: Any) -> None:
    await redis.flushdb()
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x"), ("ad", "y")])
    for nth, (share, receipts) in enumerate(told):
        # The last ones first: an open finds what waited for it, on days that are rolled up already.
        for at, receipt in enumerate(reversed(receipts)):
            await apply(counts, share, f"{nth}-{at}", [Item(1, receipt, variant="a")])
        start, end = SPANS[nth % len(SPANS)]
        end -= end % HOUR
        plain = _plain(await counts.cells(["x", "y"], start, end))
        assert await _rolled(counts, start, end) == plain
        assert await _rolled(counts, start, end) == plain


async def test_a_report_of_closed_days_reads_no_share(redis: Redis) -> None:
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x")])
    opened = Receipt(BASE, "", "ad", 1, "open", "open", "open", hop(1, 1))
    await apply(counts, "x", "segment", [Item(1, opened)])
    first = await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"})
    await redis.delete(keys.SHARE_BODY.format(share="x"))
    assert await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"}) == first
    assert await redis.hlen(keys.DAYS_OF_AD.format(ad="ad"))


async def test_what_closed_is_rolled_up_before_anybody_asks_and_again_after_a_late_event(
    redis: Redis,
) -> None:
    now = BASE + 10 * HOUR

    def opened(i: str, at: int) -> list[Item]:
        return items([Receipt(at, "", "ad", 1, "open", i, i, hop(1, 1))])

    async def opens(start: int, end: int) -> list[int]:
        """The opens in the roll-ups: nothing can be read from the share."""
        await redis.rename("{x}:p", "{x}:aside")
        found = await counts.of_ad("ad", start, end, EVERYTHING)
        await redis.rename("{x}:aside", "{x}:p")
        return [cell.figures[0] for cell in found.cells if cell.dimension == "total"]

    async def roll_up() -> int:
        days = 0
        while await counts.roll_up():
            days += 1
        return days

    counts = Counts(redis, lambda: now)
    await counts.index([("ad", "x")])
    await apply(counts, "x", "1", opened("one", now - 9))
    assert not await roll_up()
    now += HOUR
    assert await roll_up() == 1
    assert await opens(BASE, now - HOUR) == [1]
    await apply(counts, "x", "2", opened("two", BASE + 5 * HOUR))
    assert not await roll_up(), "late changes are gathered"
    now += 6000
    assert await roll_up() == 1
    assert await opens(BASE, BASE + 10 * HOUR) == [1, 1]
    now = BASE + DAY + HOUR
    assert await roll_up() == 1
    assert await opens(BASE, BASE + DAY) == [1, 1]
    assert not await redis.exists(keys.ROLLUPS_DUE)
    await counts.forget_day("x", BASE - DAY)
    now += 6000
    assert await roll_up() == 1
    await counts.forget_ad("ad")
    now += 6000
    assert await roll_up() == 1
    names = [key async for key in redis.scan_iter(match="*:ad*")]
    assert names == [keys.FORGOTTEN_OF_AD.format(ad="ad").encode()], "it is nowhere but in a number"
    assert not await redis.exists(keys.ROLLUPS_DUE)


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_comes_after_the_clock_was_set_back_is_told_with_what_came_before(
    redis: Redis, *, restarted: bool
) -> None:
    seconds, _ = await redis.time()
    base = (seconds // 86400 + 2) * DAY  # the store's own clock is not ahead of ours
    now = base

    async def opened(counts: Counts, i: str) -> None:
        await apply(counts, "x", i, items([Receipt(now, "", "ad", 1, "open", i, i, hop(1, 1))]))
        while await counts.roll_up():
            pass

    async def opens(counts: Counts) -> int:
        found = await counts.of_ad("ad", base, base + 3 * DAY, {"total"})
        return sum(cell.figures[0] for cell in found.cells)

    counts = Counts(redis, lambda: now)
    await counts.index([("ad", "x")])
    for hour in range(20, 27):
        now = base + hour * HOUR
        await opened(counts, f"early-{hour}")
    now = base + 21 * HOUR
    await opened(Counts(redis, lambda: now) if restarted else counts, "late")
    now += 2 * HOUR
    assert await opens(counts) == 8, "its hour"
    now += 2 * DAY
    assert await opens(counts) == 8, "its day"


async def test_a_clock_that_was_set_back_changes_the_hours_it_had_closed(redis: Redis) -> None:
    seconds, _ = await redis.time()
    base = (seconds // 86400 + 2) * DAY  # the store's own clock is not ahead of ours
    now = base
    counts = Counts(redis, lambda: now)
    await counts.index([("ad", "x")])
    for nth, hour in enumerate((20, 18)):  # the same open comes again, from before
        now = base + hour * HOUR
        opened = Receipt(now, "", "ad", 1, "open", "o", "o", hop(1, 1))
        await apply(counts, "x", f"{nth}", items([opened]))
        now = base + 22 * HOUR
        found = await counts.of_ad("ad", base, now, {"total"})
        assert {c.hour: c.figures[0] for c in found.cells if c.figures[0]} == {opened.at: 1}


async def test_the_hours_of_a_day_go_by_themselves_whatever_later_days_bring(redis: Redis) -> None:
    async def kept() -> dict[bytes, int]:
        return {key: await redis.ttl(key) async for key in redis.scan_iter(match="hours-of:*")}

    now = BASE
    counts = Counts(redis, lambda: now)
    await counts.index([("ad", "x")])
    for day in (0, 4):
        first = await kept()
        for key in first:
            await redis.expire(key, 60)  # of the days that they are kept so much is left
        now = BASE + day * DAY + 2 * HOUR
        opened = Receipt(now, "", "ad", 1, "open", f"{day}", f"{day}", hop(1, day))
        await apply(counts, "x", f"{day}", items([opened]))
        now += 2 * HOUR
        while await counts.roll_up():
            pass
    later = await kept()
    assert first
    assert all(later[key] <= 60 for key in first)
    assert len(later) > len(first)


async def test_what_was_forgotten_leaves_the_roll_ups_too(redis: Redis) -> None:
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x"), ("ad", "y")])
    opened = Receipt(BASE, "", "ad", 1, "open", "open", "open", hop(1, 1))
    for share in "xy":
        await apply(counts, share, "segment", [Item(1, opened)])
    await counts.of_ad("ad", BASE, NOW, {"total"})
    await counts.forget("x")
    found = await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"})
    assert [cell.figures[0] for cell in found.cells] == [1]


@given(st.lists(st.integers(0, 4_000_000), max_size=40), st.integers(0, 20))
def test_a_sketch_is_exact_while_it_is_small_and_never_further_off_than_it_says(
    values: list[int], times: int
) -> None:
    told = Counter(values * (1 + 2 * times))
    found = sketch.reduced(told)
    assert sum(found.values()) == sum(told.values())
    if sum(told.values()) <= sketch.PRECISE:
        assert found == told
    assert all(abs(sketch.bucket(v) - v) <= sketch.ERROR * v + 0.5 for v in values)
