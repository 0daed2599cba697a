"""What the report's charts draw and their tables say, from folded figures. Pure.

Each chart has `facts`, the JSON that the script draws, and `rows` with the same numbers.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from ads import spans
from ads.i18n import gettext, ngettext
from ads.report import SLOT_ORDER, Cell, Facts
from ads.web.console import words
from ads.web.console.period import Range, within_a_day

OPENS, VIEWS, READERS = 0, 1, 7
HOPS_DRAWN = 8  # deeper ones stand together: a bar a hop has to fit 360 px
DAYS_DRAWN = 62


class Bar(NamedTuple):
    """One time: its label, opens, times the ad was seen in its first place, and is it over?"""

    label: str
    opens: int
    seen: int
    unfinished: bool


class Hop(NamedTuple):
    """One depth: readers, and readers at the next depth per reader here (None: nobody deeper)."""

    label: str
    readers: int
    rate: float | None


class Place(NamedTuple):
    """A slot and the opens in which the ad was seen there."""

    slot: str
    views: int


def first_place(facts: Facts) -> str:
    """The first place in the article where the ad was seen at all, "" for none."""
    return next((place.slot for place in places(facts) if place.views), "")


def places(facts: Facts) -> list[Place]:
    """The slots in the article's order; those that were never seen are left out."""
    views: dict[str, int] = {}
    for cell in facts.cells:
        if cell.dimension == "slot":
            views[cell.key] = views.get(cell.key, 0) + cell.figures[VIEWS]
    return [Place(slot, views[slot]) for slot in SLOT_ORDER if slot in views]


def times(facts: Facts, range_: Range, locale: str, time_zone: str, now: int) -> list[Bar]:
    """Opens and times seen per day, per hour within a day; the last 62 days at most."""
    slot = first_place(facts)
    where = words.zone(time_zone)
    hourly = within_a_day(range_)

    def key(cell: Cell) -> str:
        stamp = spans.stamp(cell.hour, where) if hourly else spans.day(cell.hour, where)
        return stamp[:13] if hourly else stamp

    opens, seen = _series(facts, key, "total", "", OPENS), _series(facts, key, "slot", slot, VIEWS)
    today = words.local(now, time_zone)
    if hourly:
        return [_hour(range_, n, opens, seen, today) for n in _hours(range_, today)]
    days = range_.days[-DAYS_DRAWN:]
    return [_day(day, opens, seen, today, locale, day == days[0]) for day in days]


def _series(facts: Facts, key: Any, dimension: str, name: str, place: int) -> Mapping[str, int]:
    series: dict[str, int] = {}
    for cell in facts.cells:
        if cell.dimension == dimension and cell.key == name:
            series[key(cell)] = series.get(key(cell), 0) + cell.figures[place]
    return series


def _hours(range_: Range, today: datetime) -> range:
    """Of the one day: those that have begun."""
    return range(today.hour + 1) if range_.last == today.date() else range(24)


def _hour(
    range_: Range, hour: int, opens: Mapping[str, int], seen: Mapping[str, int], today: datetime
) -> Bar:
    key = f"{range_.last.isoformat()}T{hour:02}"
    running = range_.last == today.date() and hour == today.hour
    return Bar(f"{hour:02}:00", opens.get(key, 0), seen.get(key, 0), running)


def _day(
    day: date,
    opens: Mapping[str, int],
    seen: Mapping[str, int],
    today: datetime,
    locale: str,
    first: bool,
) -> Bar:
    key = day.isoformat()
    running = day == today.date()
    if running:
        label = gettext(locale, "today")
    elif first or day.day == 1:
        label = words.short_date(day, locale)
    else:
        label = str(day.day)
    return Bar(label, opens.get(key, 0), seen.get(key, 0), running)


def hops(widths: Mapping[int, int]) -> list[Hop]:
    """Readers at each depth from 1 to the deepest; depths without readers are zero."""
    deepest = max((depth for depth, readers in widths.items() if readers), default=0)
    counts = [widths.get(depth, 0) for depth in range(1, deepest + 1)]
    following: list[int | None] = [*counts[1:], None]
    return [
        Hop(str(depth), here, None if deeper is None or not here else deeper / here)
        for depth, (here, deeper) in enumerate(zip(counts, following, strict=False), 1)
    ]


def depths(facts: Facts) -> dict[int, int]:
    """Readers by depth."""
    found: dict[int, int] = {}
    for cell in facts.cells:
        if cell.dimension == "depth":
            found[int(cell.key)] = found.get(int(cell.key), 0) + cell.figures[READERS]
    return found


def together(drawn: Sequence[Hop]) -> list[Hop]:
    """At most eight bars: the deeper hops as one, without a rate that would compare unlike."""
    if len(drawn) <= HOPS_DRAWN:
        return list(drawn)
    kept = list(drawn[: HOPS_DRAWN - 1])
    kept[-1] = kept[-1]._replace(rate=None)
    rest = sum(hop.readers for hop in drawn[HOPS_DRAWN - 1 :])
    return [*kept, Hop(f"{HOPS_DRAWN}+", rest, None)]


def times_facts(bars: Sequence[Bar], locale: str) -> dict[str, Any]:
    """The day chart for the script."""
    return {
        "kind": "days",
        "empty": gettext(locale, "The first bar appears with the first open."),
        "bars": [bar._asdict() | {"read": _time_read(bar, locale)} for bar in bars],
    }


def _time_read(bar: Bar, locale: str) -> str:
    opens = ngettext(locale, "%(n)s open", "%(n)s opens", bar.opens)
    return gettext(locale, "%(when)s: %(opens)s, ad seen %(seen)s") % {
        "when": bar.label,
        "opens": opens % {"n": words.number(bar.opens, locale)},
        "seen": words.number(bar.seen, locale),
    }


def hops_facts(drawn: Sequence[Hop], locale: str) -> dict[str, Any]:
    """The hop chart for the script."""
    return {"kind": "hops", "bars": [_hop_bar(hop, locale) for hop in together(drawn)]}


def _hop_bar(hop: Hop, locale: str) -> dict[str, Any]:
    readers = ngettext(locale, "%(n)s reader", "%(n)s readers", hop.readers)
    read = gettext(locale, "Hop %(hop)s: %(readers)s") % {
        "hop": hop.label,
        "readers": readers % {"n": words.number(hop.readers, locale)},
    }
    rate = "" if hop.rate is None else words.factor(hop.rate, locale)
    return {"label": hop.label, "readers": hop.readers, "rate": rate, "read": read}
