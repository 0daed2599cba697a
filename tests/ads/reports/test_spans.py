"""Hours, days and time zones of reports."""

from zoneinfo import ZoneInfo

import pytest

from ads.clock import DAY, HOUR
from ads.errors import Problem
from ads.reports import spans
from ads.reports.spans import AHEAD_MS

NOON = 1_789_992_000_000  # 2026-09-21T12:00Z


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-21T12:00:00Z",
        "2026-09-21t12:00:00z",
        "2026-09-21T12:00:00.000Z",
        "2026-09-21T14:00:00+02:00",
        "2026-09-21T17:30:00+05:30",
        "2026-09-21T14:00:00 02:00",
    ],
)
def test_one_moment_in_any_offset_is_the_same_hour(text: str) -> None:
    assert spans.hour_of(text, "from") == NOON


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-21T12:00Z",
        "2026-09-21T12Z",
        "2026-09-21 12:00:00Z",
        "20260921T120000Z",
        "2026-W39-1T12:00:00Z",
        "2026-09-21T12:00:00",
        "2026-09-21T12:00:00+0000",
    ],
)
def test_what_is_iso_8601_but_not_rfc_3339_is_no_time(text: str) -> None:
    with pytest.raises(Problem, match="RFC 3339"):
        spans.hour_of(text, "from")


def test_stamps_read_back_as_what_they_were_made_from() -> None:
    for name in ("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York"):
        assert spans.hour_of(spans.stamp(NOON, ZoneInfo(name)), "from") == NOON


def test_an_hour_that_local_midnight_cuts_belongs_to_the_day_in_which_it_begins() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    cut = NOON + 6 * HOUR  # 23:30 to 00:30 there
    assert [spans.day(cut + n * HOUR, kolkata) for n in (-1, 0, 1)] == [
        "2026-09-21",
        "2026-09-21",
        "2026-09-22",
    ]


def test_without_times_a_span_runs_from_the_beginning_through_the_current_hour() -> None:
    assert spans.span(None, None, NOON + 5, NOON + HOUR + 1) == (NOON, NOON + 2 * HOUR)


def test_what_has_not_begun_is_an_empty_span_and_what_runs_backwards_is_invalid() -> None:
    late = NOON + 50 * HOUR
    assert spans.span(late, None, NOON, NOON) == (late, late)
    assert spans.span(None, NOON - HOUR, NOON, NOON) == (NOON - HOUR, NOON - HOUR)
    with pytest.raises(Problem, match="After"):
        spans.span(NOON, NOON, NOON, NOON)


@pytest.mark.parametrize("ago", [0, 3, 9])
def test_of_a_span_that_is_asked_for_no_earlier_hours_are_told(ago: int) -> None:
    made, now = NOON + 3 * HOUR, NOON + ago * DAY + 4 * HOUR
    for start in (NOON - 2 * HOUR, made + HOUR, *([made - HOUR, made] if ago < 8 else [])):
        assert spans.counted(start, start + HOUR, made, now)[0] == start


@pytest.mark.parametrize(
    "start", ["1970-01-01T00", "2026-11-22T12", "2199-12-29T22", "2200-12-31T23"]
)
def test_wherever_a_span_begins_counts_are_looked_for_where_they_can_be(start: str) -> None:
    first = spans.hour_of(f"{start}:00:00Z", "from")
    found = spans.counted(*spans.span(first, None, NOON, NOON), NOON, NOON)
    earliest, latest = NOON - NOON % DAY - AHEAD_MS, NOON - NOON % DAY + DAY + AHEAD_MS
    assert earliest <= found[0] <= found[1] <= latest
