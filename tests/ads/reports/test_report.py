"""What a report makes of its cells."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.events.ledger import FORWARDED
from ads.reports import report
from ads.reports.report import Facts, Page
from ads.store.counts import Cell

UTC = ZoneInfo("UTC")
HOUR = 3_600_000


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 4)), max_size=20))
def test_the_median_is_the_middle_of_all_readings_whatever_their_order(
    told: list[tuple[int, int]],
) -> None:
    flat = sorted(value for value, opens in told for _ in range(opens))
    middle = (flat[(len(flat) - 1) // 2] + flat[len(flat) // 2] + 1) // 2 if flat else 0
    counts: Counter[int] = Counter()
    for value, opens in told:
        counts[value] += opens
    assert report.median(counts) == middle
    assert report.median(dict(reversed(counts.items()))) == middle


def _total(hour: int, opens: int) -> Cell:
    figures = (opens, *[0] * 6, opens, *[0] * (FORWARDED - 7))
    return Cell(hour * HOUR, "", "total", "", figures)


def _share(name: str, opens: int) -> Cell:
    return Cell(0, "", "share", name, (opens, *[0] * 6, opens))


def test_what_a_dimension_does_not_know_is_a_row_of_its_own() -> None:
    known = Cell(0, "", "country", "DE", (2, 0, 0, 0, 0, 0, 0, 1))
    facts = Facts(0, HOUR, [_total(0, 5), known], {}, {})
    rows = report.build(facts, "country", UTC).rows
    assert [(row.key, row.opens, row.readers) for row in rows] == [("", 3, 4), ("DE", 2, 1)]


@pytest.mark.parametrize("by", ["hour", "day", "share", "channel", "country", "slot"])
def test_no_row_is_nothing_but_zeros(by: report.By) -> None:
    read = [0, 0, 1, 0, 0, 1, 0, 0]  # a page that was read, its original shared
    whole = Cell(HOUR, "", "total", "", (*read, *[0] * (FORWARDED - 7)))
    cells = [Cell(0, "", name, "top", tuple(read)) for name in ("share", "country", "slot")]
    assert (
        report.build(Facts(0, 2 * HOUR, [_total(0, 0), whole, *cells], {}, {}), by, UTC).rows == []
    )


def test_shares_of_one_channel_are_one_row() -> None:
    facts = Facts(
        0, 3 * HOUR, [_share("a", 1), _share("b", 2), _share("c", 4)], {}, {"a": "x", "b": "x"}
    )
    rows = report.build(facts, "channel", UTC).rows
    assert [(row.key, row.opens) for row in rows] == [("", 4), ("x", 3)]


def test_rows_of_the_same_size_are_paged_by_their_key() -> None:
    facts = Facts(0, HOUR, [_share(name, 1) for name in "bdac"], {}, {})
    first = report.build(facts, "share", UTC, Page(3))
    second = report.build(facts, "share", UTC, Page(3, first.next or ""))
    assert "".join(row.key for row in [*first.rows, *second.rows]) == "abcd"
    assert second.next is None


@pytest.mark.parametrize("by", ["hour", "day", "depth"])
def test_times_and_depths_come_in_their_own_order(by: report.By) -> None:
    depths = [Cell(0, "", "depth", key, (1, 0, 0, 0, 0, 0, 0, 1)) for key in ("10", "9", "1")]
    totals = [_total(hour, 1) for hour in (30, 2, 60)]
    rows = report.build(Facts(0, 99 * HOUR, [*totals, *depths], {}, {}), by, UTC).rows
    keys = [row.key for row in rows]
    assert len(keys) == 3
    assert keys == sorted(keys, key=lambda key: int(key) if by == "depth" else key)


def test_the_hour_that_comes_twice_when_clocks_go_back_is_two_rows_in_order() -> None:
    first = 1_792_886_400_000 // HOUR  # 2026-10-25T00:00Z: 02:00 in Berlin, and an hour later again
    facts = Facts(0, (first + 2) * HOUR, [_total(first + 1, 1), _total(first, 2)], {}, {})
    rows = report.build(facts, "hour", ZoneInfo("Europe/Berlin")).rows
    assert [(row.key, row.opens) for row in rows] == [
        ("2026-10-25T02:00:00+02:00", 2),
        ("2026-10-25T02:00:00+01:00", 1),
    ]


def test_opens_whose_page_told_how_it_was_read_are_told_from_the_rest() -> None:
    seen = Cell(0, "", "total", "", (5, 2, 3, *[0] * (FORWARDED - 2)))
    found = report.build(Facts(0, 2 * HOUR, [seen, _total(1, 2)], {}, {}), "", UTC)
    assert (found.totals.opens, found.measured) == (7, 3)
