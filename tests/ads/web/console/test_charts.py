"""What charts draw: every day and hop that was counted, once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ads.clock import DAY, HOUR, MINUTE
from ads.events.ledger import FORWARDED
from ads.reports.report import Facts
from ads.reports.spread import Node
from ads.store.counts import Cell
from ads.web.console.reader_codes import codes
from ads.web.console.report import charts, funnel, period, times
from ads.web.console.spread import tree

NOW = round(datetime(2026, 11, 21, 10, 30, tzinfo=UTC).timestamp() * 1000)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York"])
QUERIES = st.sampled_from(
    [{}, {"range": "today"}, {"range": "28"}, {"range": "all"}, {"range": "what"}]
)


@given(ZONES, QUERIES, st.integers(0, 400))
def test_a_range_lies_between_the_beginning_and_now(
    zone: str, query: dict[str, str], age_days: int
) -> None:
    since = NOW - age_days * DAY
    found = period.read(query, since, NOW, zone)
    assert found.start % HOUR == 0
    assert found.end % HOUR == 0
    assert since - DAY < found.start < found.end <= NOW + HOUR
    assert found.days[0] == found.first
    assert found.days[-1] == found.last


def test_all_days_hold_the_hour_of_the_making_where_midnight_cuts_it() -> None:
    since = round(datetime(2026, 11, 20, 18, 40, tzinfo=UTC).timestamp() * 1000)  # 00:10 there
    assert period.read({"range": "all"}, since, NOW, "Asia/Kolkata").start <= since


OWN = [
    ({"from": "2026-11-14", "to": "2026-11-16"}, date(2026, 11, 14), date(2026, 11, 16)),
    ({"from": "2026-11-16", "to": "2026-11-14"}, date(2026, 11, 14), date(2026, 11, 16)),
    ({"from": "2026-11-14", "to": "2030-01-01"}, date(2026, 11, 14), date(2026, 11, 21)),
    ({"from": "no date", "to": "2026-11-14"}, date(2026, 11, 15), date(2026, 11, 21)),
]


@pytest.mark.parametrize(("query", "first", "last"), OWN)
def test_own_dates(query: dict[str, str], first: date, last: date) -> None:
    found = period.read(query, NOW - 100 * DAY, NOW, "UTC")
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (1, "hour"),
        (7, "day"),
        (62, "day"),
        (63, "week"),
        (434, "week"),
        (435, "month"),
        (3000, "month"),
    ],
)
def test_a_bar_stands_for_as_much_as_the_range_is_long(days: int, kind: str) -> None:
    first = (datetime.fromtimestamp(NOW / 1000, UTC) - timedelta(days - 1)).date()
    query = {"from": first.isoformat(), "to": "2026-11-21"}
    asked = period.read(query, NOW - 4000 * DAY, NOW, "UTC")
    cells = [
        Cell(hour, "", "total", "", (1, *[0] * FORWARDED))
        for hour in range(asked.start, asked.end - HOUR, DAY)
    ]
    bars = times.times(Facts(0, 0, cells, (), {}), asked, "en", "UTC", NOW)
    assert times.unit(asked) == kind
    assert len(bars) <= 110
    assert sum(bar.opens for bar in bars) == len(cells), "no open is lost to rounding"
    assert [bar.unfinished for bar in bars].count(True) == 1
    assert bars[-1].unfinished


@given(ZONES, QUERIES, st.integers(0, 3 * 24), st.integers(0, 400 * 24), st.integers(0, 59))
@example("UTC", {}, 1, 14, 0)  # half an hour after midnight
@example("Asia/Kolkata", {"range": "today"}, 30, 8, 10)  # ten minutes after a midnight amid an hour
def test_the_bars_hold_every_hour_of_any_range_at_any_time_of_the_year(
    zone: str, query: dict[str, str], age: int, later: int, minute: int
) -> None:
    now = NOW + later * HOUR + minute * MINUTE
    asked = period.read(query, now - age * HOUR, now, zone)  # of a young one they are two days
    assert asked.start <= now < asked.end
    hours = range(asked.start, asked.end, HOUR)
    cells = [Cell(hour, "", "total", "", (1, *[0] * FORWARDED)) for hour in hours]
    bars = times.times(Facts(0, 0, cells, (), {}), asked, "en", zone, now)
    assert sum(bar.opens for bar in bars) == len(cells)


def test_today_is_drawn_by_the_hour_up_to_now() -> None:
    asked = period.read({"range": "today"}, NOW - DAY, NOW, "UTC")
    bars = times.times(Facts(0, 0, (), (), {}), asked, "en", "UTC", NOW)
    assert [bars[0].label, bars[-1].label, len(bars)] == ["00:00", "10:00", 11]


@pytest.mark.parametrize("minutes", [0, 29, 30, 59])
def test_where_clocks_are_half_an_hour_apart_the_running_bar_is_the_hour_that_is_counted(
    minutes: int,
) -> None:
    now = NOW - NOW % HOUR + minutes * MINUTE
    asked = period.read({"range": "today"}, now - DAY, now, "Asia/Kolkata")
    cells = [Cell(now - minutes * MINUTE, "", "total", "", (1, *[0] * FORWARDED))]
    bars = times.times(Facts(0, 0, cells, (), {}), asked, "en", "Asia/Kolkata", now)
    assert [(bar.label, bar.opens, bar.unfinished) for bar in bars[-2:]] == [
        ("14:30", 0, False),
        ("15:30", 1, True),
    ]


@given(st.dictionaries(st.integers(1, 40), st.integers(0, 1000), max_size=40))
def test_hops_drawn_together_lose_no_reader_and_compare_only_like_with_like(
    widths: dict[int, int],
) -> None:
    hops = charts.hops(widths)
    drawn = charts.together(hops)
    assert sum(hop.readers for hop in drawn) == sum(widths.values())
    assert len(drawn) <= charts.HOPS_DRAWN
    for here, deeper in pairwise(drawn):
        assert here.rate is None or here.rate == deeper.readers / here.readers


@given(st.lists(st.integers(0, 10_000), min_size=8, max_size=8))
def test_a_bar_of_the_funnel_is_as_long_as_its_count_and_no_part_hides_between_lines(
    taps: list[int],
) -> None:
    most = 8 * 10_000
    found = [funnel.Step(str(hop), [most, 0, 0, n, 0]) for hop, n in enumerate(taps, 1)]
    parts = funnel.stages("en", found, [most, 0, 0, sum(taps), 0])[3].parts
    ends = [0.0, *(part.x + part.width for part in parts)]
    assert [part.x for part in parts] == pytest.approx(ends[:-1], abs=0.02)
    assert ends[-1] == pytest.approx(100 * sum(taps) / most, abs=0.02)
    assert all(part.width >= funnel.THIN for part in parts[:-1])


@given(st.lists(st.text("abAB01", min_size=12, max_size=12), max_size=40, unique=True))
def test_codes_are_longer_only_where_two_look_alike(hops: list[str]) -> None:
    found = codes(hops)
    assert all(hop[2:].startswith(code) and len(code) >= 4 for hop, code in found.items())
    by_tail: dict[str, str] = {}
    for hop in hops:
        if by_tail.setdefault(found[hop], hop[2:]) != hop[2:]:
            raise AssertionError(found)


@given(st.lists(st.integers(-1, 30), max_size=31))
def test_the_tree_shows_every_reader_once(parents: list[int]) -> None:
    hops = [f"{at:012d}" for at, _ in enumerate(parents)]
    nodes = [
        Node(hop, hops[p] if 0 <= p < at else "lost", 1, 0, 0, "2026-11-21T10:00:00Z")
        for at, (hop, p) in enumerate(zip(hops, parents, strict=True))
    ]

    def count(twigs: tuple[tree.Twig, ...]) -> int:
        return sum(1 + count(twig.children) for twig in twigs)

    assert count(tree.grown(nodes)) == len(nodes)
