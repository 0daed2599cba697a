"""Reports: figures of an ad or a share, in total and by one dimension. Pure.

Rows are sums of the very cells that the totals are, and what a dimension does not know is the row
with the empty key: rows always add up to the totals, in every figure they carry.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from ads.errors import choice
from ads.events.ledger import FORWARDED, READERS
from ads.reports import spans
from ads.store.counts import Cell

By = Literal[
    "", "hour", "day", "depth", "share", "channel", "country", "device", "source", "variant", "slot"
]
BY: tuple[By, ...] = get_args(By)
PAGED = frozenset({"share", "source"})
CHANNELS = "channel"
"""Not folded: the shares' own, looked up by share."""
SLOT_ORDER = ("top", "middle", "end", "sticky")

Figures = tuple[int, ...]
"""opens, views, reads, taps, shares, plain, closes, readers: a cell's first figures.

Those of the totals are as long as `ads.events.ledger` says, with the forwarded readers at the end.
"""
WIDTH = READERS + 1
CARRIED, CARRIED_BY_SLOTS = (0, READERS, 1, 3, 4), (1, 3, 6)
"""Which of them a row carries; one of nothing but zeros is left out."""
NOTHING: Figures = (0,) * WIDTH


class Facts(msgspec.Struct, frozen=True):
    """All that a report of [start, end), ms, is made of. `channels` are the shares' own, by share.

    `readings` tell how many opens' readings came to a value: measure (ms or pct) -> value -> opens.
    """

    start: int
    end: int
    cells: Sequence[Cell]
    readings: Mapping[str, Mapping[int, int]]
    channels: Mapping[str, str]

    def by(self, dimension: str, figure: int) -> Counter[str]:
        """One figure of a dimension (a place in `ads.events.ledger`), by key."""
        sums: Counter[str] = Counter()
        for cell in self.cells:
            if cell.dimension == dimension:
                sums[cell.key] += cell.figures[figure]
        return sums


class Totals(msgspec.Struct, frozen=True):
    """`forwarded_readers` stand at depth 2 or deeper; `tap_rate` is taps over views.

    Medians are over opens that sent a reading, half-way between the middle two if they are even.
    Reading times are kept to four significant digits while there are few (4,096 readings of a share
    in an hour, 1,024 of an ad in a closed hour or day); of more it is off by 1.1 % at most.
    Percents are exact.
    """

    opens: int
    readers: int
    views: int
    taps: int
    shares: int
    plain: int
    closes: int
    forwarded_readers: int
    read_ms_median: int
    read_pct_median: int
    tap_rate: float


class Row(msgspec.Struct, frozen=True):
    """The figures of one key."""

    key: str
    opens: int
    readers: int
    views: int
    taps: int
    shares: int


class SlotRow(msgspec.Struct, frozen=True):
    """Slots have views, taps and closes only."""

    key: str
    views: int
    taps: int
    closes: int


class Report(msgspec.Struct, frozen=True):
    """Contract, section 7. `start` and `end` are RFC 3339, named `from` and `to` outside.

    `measured` are the opens whose page told how it was read: there the script that looks for views
    ran until the page was left, so that no view means not seen. Of the other opens nobody knows
    (MRC's measured rate is `measured` over opens).
    """

    start: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")
    by: str
    totals: Totals
    rows: list[Row] | list[SlotRow]
    next: str | None = None
    measured: int = 0


class Page(msgspec.Struct, frozen=True):
    """Which of the rows are wanted, where rows are paged; `cursor` is a report's `next`."""

    limit: int = 100
    cursor: str = ""


def dimension(text: str) -> By:
    """What to break down by; "" and "none" are nothing. Raises Problem("invalid")."""
    return "" if text == "none" else choice(text, BY, "by")


def needed(by: By) -> frozenset[str]:
    """Dimensions of the counts that a report by this is made of."""
    own = {"channel": {"share", CHANNELS}, "": {"total"}, "hour": {"total"}, "day": {"total"}}
    return frozenset({"total", "ms", "pct", *own.get(by, {by})})


def build(facts: Facts, by: By, tz: ZoneInfo, page: Page | None = None) -> Report:
    """The report by a dimension; all rows without `page`."""
    totals = _sum(cell.figures for cell in facts.cells if cell.dimension == "total")
    grouped = _grouped(facts, by, tz, totals) if by else {}
    carried = itemgetter(*CARRIED_BY_SLOTS if by == "slot" else CARRIED)
    ordered = sorted((each for each in grouped.items() if any(carried(each[1]))), key=_order(by))
    following = None
    if by in PAGED and page:
        ordered, following = _paged(ordered, page)
    rows: list[Row] | list[SlotRow]
    if by == "slot":
        rows = [SlotRow(key, *carried(figures)) for key, figures in ordered]
    else:
        rows = [Row(key, *carried(figures)) for key, figures in ordered]
    return Report(
        start=spans.stamp(facts.start),
        end=spans.stamp(facts.end),
        by=by or "none",
        totals=_totals(facts, totals),
        rows=rows,
        next=following,
        measured=totals[2],
    )


def _sum(all_figures: Iterable[Sequence[int]]) -> Figures:
    return tuple(map(sum, zip(NOTHING, *(figures[:WIDTH] for figures in all_figures), strict=True)))


def _grouped(facts: Facts, by: By, tz: ZoneInfo, totals: Figures) -> dict[str, Figures]:
    """Key -> figures; a dimension of its own has a row "" for what it does not know."""
    dimension, key_of = _keyed(by, facts.channels, tz)
    if key_of:
        return _by_key((key_of(cell), cell) for cell in facts.cells if cell.dimension == dimension)
    rows = _by_key((cell.key, cell) for cell in facts.cells if cell.dimension == by)
    if by == "slot":
        return rows
    rest = tuple(a - b for a, b in zip(totals, _sum(rows.values()), strict=True))
    return rows | {"": rest}


def _keyed(
    by: By, channels: Mapping[str, str], tz: ZoneInfo
) -> tuple[str, Callable[[Cell], str] | None]:
    """Where cells of another dimension are broken down: which, and how one names its row."""
    named: dict[By, tuple[str, Callable[[Cell], str]]] = {
        "hour": ("total", lambda cell: spans.stamp(cell.hour, tz)),
        "day": ("total", lambda cell: spans.day(cell.hour, tz)),
        "share": ("share", lambda cell: cell.key),
        "channel": ("share", lambda cell: channels.get(cell.key, "")),
    }
    return named.get(by, (by, None))


def _by_key(keyed: Iterable[tuple[str, Cell]]) -> dict[str, Figures]:
    grouped: dict[str, list[Sequence[int]]] = {}
    for key, cell in keyed:
        grouped.setdefault(key, []).append(cell.figures)
    return {key: _sum(found) for key, found in grouped.items()}


Entry = tuple[str, Figures]


def _order(by: By) -> Callable[[Entry], tuple[int | str, ...]]:
    """Times and depths in their order, slots from the top, all else largest first."""
    if by == "hour":
        return lambda entry: (spans.hour_of(entry[0], "key"),)
    if by == "day":
        return lambda entry: (entry[0],)
    if by == "depth":
        return lambda entry: (int(entry[0] or 0),)
    if by == "slot":
        return lambda entry: (SLOT_ORDER.index(entry[0]),)
    return _largest_first


def _largest_first(entry: Entry) -> tuple[int, str]:
    return (-entry[1][0], entry[0])


def _paged(ordered: Sequence[Entry], page: Page) -> tuple[list[Entry], str | None]:
    """Rows after the cursor, which names the last row's opens and key: rows may come meanwhile."""
    opens, _, key = page.cursor.partition(".")
    after = (-int(opens), key) if opens else None
    rest = [entry for entry in ordered if after is None or _largest_first(entry) > after]
    shown = rest[: page.limit]
    more = len(rest) > page.limit
    return shown, f"{shown[-1][1][0]}.{shown[-1][0]}" if more else None


def _totals(facts: Facts, sums: Figures) -> Totals:
    opens, views, _, taps, shares, plain, closes, readers = sums
    whole = (cell.figures for cell in facts.cells if cell.dimension == "total")
    return Totals(
        opens=opens,
        readers=readers,
        views=views,
        taps=taps,
        shares=shares,
        plain=plain,
        closes=closes,
        forwarded_readers=sum(figures[FORWARDED] for figures in whole),
        read_ms_median=median(facts.readings.get("ms", {})),
        read_pct_median=median(facts.readings.get("pct", {})),
        tap_rate=round(taps / views, 6) if views else 0.0,
    )


def median(counts: Mapping[int, int]) -> int:
    """The middle of so many of each value; the mean of the middle two, rounded; 0 without any."""
    values = sorted(counts)
    upto = list(accumulate(map(counts.__getitem__, values)))
    if not values:
        return 0
    low, high = (bisect_right(upto, place) for place in ((upto[-1] - 1) // 2, upto[-1] // 2))
    return (values[low] + values[high] + 1) // 2
