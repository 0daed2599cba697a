"""Rows of every break-down add up to the totals, whatever happened, and in any time zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads.booking import Booking
from ads.clock import DAY, HOUR
from ads.events.receipt import Receipt
from ads.reports import Reports
from ads.reports.report import BY, Row, SlotRow
from ads.reports.spans import AHEAD_MS, hour_of, stamp
from ads.store import keys
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.counts import Ages, Counts
from tests.ads.store.counts.stories import NOW, hop, stories
from tests.ads.store.counts.telling import BASE, apply, items, patient

ZONES = st.sampled_from(["", "Asia/Shanghai", "Asia/Kolkata", "America/St_Johns"])
STEPS = st.integers(0, (NOW - BASE) // HOUR)


class Mine:
    """An ad that the caller owns."""

    created_at = BASE

    async def owned(self, _owner: str, _ad: str) -> "Mine":
        """The ad."""
        return self


@settings(patient, max_examples=15)
@given(told=stories(), zone=ZONES, span=st.tuples(STEPS, STEPS))
async def test_rows_add_up_to_the_totals(redis: Redis, told: Any, zone: str, span: Any) -> None:
    await redis.flushdb()
    counts, bookings = Counts(redis, lambda: NOW), Bookings(redis, Changes(redis))
    await counts.index([("ad", "x"), ("ad", "y")])
    for share in "xy":
        await bookings.put(Booking(share, "mei", "ad", f"channel {share}", created_at=BASE))
    for nth, (share, receipts) in enumerate(told):
        await apply(counts, share, f"{nth}", items(receipts))
    mine: Any = Mine()
    reports = Reports(ads=mine, bookings=bookings, counts=counts, now=lambda: NOW)
    start, end = BASE + min(span) * HOUR, BASE + (max(span) + 1) * HOUR
    for subject in (("ad", "ad"), ("share", "x")):
        whole = (await reports.report("mei", subject, start, end)).totals
        for by in filter(None, BY):
            found = await reports.report("mei", subject, start, end, by, zone)
            assert found.totals == whole
            for name in set((SlotRow if by == "slot" else Row).__struct_fields__) - {"key"}:
                total = getattr(whole, name)
                assert sum(getattr(row, name) for row in found.rows) == total, (by, name)


async def test_a_report_of_all_time_looks_at_the_days_of_its_ad_alone(redis: Redis) -> None:
    counts, bookings = Counts(redis, lambda: NOW), Bookings(redis, Changes(redis))
    await counts.index([("ad", "x")])
    opened = Receipt(BASE, "x", "ad", 1, "open", "open", "open", hop(1, 1))
    await apply(counts, "x", "1", items([opened]))
    mine: Any = Mine()
    reports = Reports(ads=mine, bookings=bookings, counts=counts, now=lambda: NOW)
    last = hour_of("2199-01-01T00:00:00Z", "to")
    found = await reports.report("mei", ("ad", "ad"), 0, last)
    assert (found.start, found.end, found.totals.opens) == (stamp(0), stamp(last), 1)
    assert (await reports.ledger("mei", "ad", 0, last)).received == 1
    kept = await redis.hkeys(keys.DAYS_OF_AD.format(ad="ad"))
    days = {int(field.partition(b":")[0]) * HOUR // DAY for field in kept}
    assert len(days) <= (NOW - BASE) // DAY + 1 + AHEAD_MS // DAY


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai", "UTC"])
async def test_a_local_day_is_the_same_when_its_hours_are_no_longer_kept(
    redis: Redis, zone: str
) -> None:
    begins = datetime(2026, 8, 1, tzinfo=ZoneInfo(zone))
    first = round(begins.timestamp() * 1000)
    counts, bookings = Counts(redis, lambda: first + 20 * DAY), Bookings(redis, Changes(redis))
    await bookings.put(Booking("x", "mei", "ad", created_at=first - 9 * DAY))
    opened = Receipt(first + 9 * HOUR, "x", "ad", 1, "open", "open", "open", hop(1, 1))
    await apply(counts, "x", "1", items([opened]))
    mine: Any = Mine()
    reports = Reports(ads=mine, bookings=bookings, counts=counts, now=lambda: first + 20 * DAY)
    for _ in range(2):
        found = await reports.report("mei", ("share", "x"), first, first + DAY, "day", zone)
        assert [(row.key, row.opens) for row in found.rows if isinstance(row, Row)] == [
            ("2026-08-01", 1)
        ]
        await counts.retain(Ages(hours=10))


async def test_the_day_of_the_making_is_told_when_its_hours_are_no_longer_kept(
    redis: Redis,
) -> None:
    made = BASE - BASE % DAY + 13 * HOUR
    now = made + 20 * DAY
    counts, bookings = Counts(redis, lambda: now), Bookings(redis, Changes(redis))
    await bookings.put(Booking("x", "mei", "ad", created_at=made))
    await counts.index([("ad", "x")])
    opened = Receipt(made + HOUR, "x", "ad", 1, "open", "open", "open", hop(1, 1))
    await apply(counts, "x", "1", items([opened]))
    mine: Any = Mine()
    mine.created_at = made
    reports = Reports(ads=mine, bookings=bookings, counts=counts, now=lambda: now)
    for _ in range(2):
        for subject in (("ad", "ad"), ("share", "x")):
            assert (await reports.report("mei", subject)).totals.opens == 1
        assert (await reports.ledger("mei", "ad")).received == 1
        await counts.retain(Ages(hours=10))
