"""An ad's roll-ups tell what its shares tell, whatever was folded before, between and after."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads import hops, report
from ads.clock import DAY, HOUR
from ads.receipt import Receipt
from ads.store import keys
from ads.store.counts import Counts, Item, ShareCells, sketch
from ads.store.counts.rollups import SHARES

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY
NOW = BASE + 3 * DAY + 5 * HOUR + HOUR // 2
SPANS = [(BASE, NOW), (BASE + 7 * HOUR, BASE + 2 * DAY + 3 * HOUR), (BASE + DAY, BASE + 2 * DAY)]


def _hop(n: int, depth: int) -> str:
    return hops.prefix(depth) + f"{n:010}"


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, list[Receipt]]]:
    """(share, an open with what hangs on it), some of it hours and days later."""
    told = []
    for n in range(draw(st.integers(1, 6))):
        at = BASE + draw(st.integers(0, NOW - BASE - 1))
        depth, ad = draw(st.integers(1, 2)), draw(st.sampled_from(["ad", "ad", "other"]))
        parent = _hop(0, 1) if depth == 2 else ""
        country, source = draw(st.sampled_from(["", "DE"])), draw(st.sampled_from(["", "wechat"]))
        i = f"open-{n:012}"
        hop = _hop(n, depth)
        told_one = [
            Receipt(at, "", ad, 1, "open", i, i, hop, parent, country=country, source=source)
        ]
        for k in draw(st.lists(st.sampled_from(["view", "read", "tap", "close"]), max_size=3)):
            later = min(at + draw(st.sampled_from([0, 9, HOUR, 30 * HOUR])), NOW - 1)
            ms, slot = (1234, "") if k == "read" else (0, "top")
            told_one.append(
                Receipt(later, "", ad, 1, k, f"{k}-{n:012}", i, hop, s=slot, ms=ms, pct=ms and 9)
            )
        told.append((draw(st.sampled_from("xy")), told_one))
    return told


def _plain(found: Sequence[ShareCells]) -> Counter[Any]:
    """Sums of what the shares themselves say of the ad."""
    sums = _sums(found, "ad")
    for share in found:
        for name, *key, place in list(_sums([share], "ad")):
            if name == "total":
                sums[SHARES, share.share, place] = _sums([share], "ad")[name, *key, place]
    return +sums


def _sums(found: Sequence[ShareCells], ad: str) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for cell in (cell for share in found for cell in share.cells if cell.ad == ad):
        for place, figure in enumerate(cell.figures):
            sums[cell.dimension, cell.key, place] += figure
            if cell.dimension == "total":
                sums["hour", cell.hour, place] += figure
    for each in (each for share in found for each in share.readings if each.ad == ad):
        sums[each.measure, each.value] += each.opens
    return sums


async def _rolled(counts: Counts, start: int, end: int) -> Counter[Any]:
    dimensions = {"depth", "country", "source", "slot", "variant", "device"}
    found = await counts.of_ad("ad", start, end, {"total", "ms", "pct", *dimensions})
    sums = _sums(found, "ad")
    for share in await counts.of_ad("ad", start, end, {SHARES}):
        for cell in share.cells:
            for place, figure in enumerate(cell.figures):
                sums[SHARES, share.share, place] += figure
    return +sums


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=stories())
async def test_roll_ups_follow_every_late_event(redis: Redis, told: Any) -> None:
    await redis.flushdb()
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x"), ("ad", "y")])
    for nth, (share, receipts) in enumerate(told):
        # The last ones first: an open finds what waited for it, on days that are rolled up already.
        for at, receipt in enumerate(reversed(receipts)):
            await counts.apply(share, f"{nth}-{at}", [Item(1, receipt, variant="a")])
        start, end = SPANS[nth % len(SPANS)]
        end -= end % HOUR
        plain = _plain(await counts.cells(["x", "y"], start, end))
        assert await _rolled(counts, start, end) == plain
        assert await _rolled(counts, start, end) == plain


async def test_a_report_of_closed_days_reads_no_share(redis: Redis) -> None:
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x")])
    opened = Receipt(BASE, "", "ad", 1, "open", "open", "open", _hop(1, 1))
    await counts.apply("x", "segment", [Item(1, opened)])
    first = await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"})
    await redis.delete(keys.SHARE_KEYS[3].format(share="x"))
    assert await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"}) == first
    assert await redis.hlen(keys.DAYS_OF_AD.format(ad="ad"))


async def test_what_was_forgotten_leaves_the_roll_ups_too(redis: Redis) -> None:
    counts = Counts(redis, lambda: NOW)
    await counts.index([("ad", "x"), ("ad", "y")])
    opened = Receipt(BASE, "", "ad", 1, "open", "open", "open", _hop(1, 1))
    for share in "xy":
        await counts.apply(share, "segment", [Item(1, opened)])
    await counts.of_ad("ad", BASE, NOW, {"total"})
    await counts.forget("x")
    found = await counts.of_ad("ad", BASE, BASE + 2 * DAY, {"total"})
    assert [cell.figures[0] for share in found for cell in share.cells] == [1]


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


@pytest.mark.parametrize("by", report.BY)
def test_every_break_down_asks_for_what_it_shows(by: report.By) -> None:
    wanted = report.needed(by)
    assert {"ms", "pct", "total"} <= wanted
