"""Opens and times seen over time: by hour, day, week or month, by the range's length. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from babel.dates import format_date

from ads.clock import HOUR
from ads.events.ledger import OPENS, VIEWS
from ads.i18n import gettext
from ads.reports import spans
from ads.reports.report import Facts
from ads.store.counts import Cell
from ads.web.console import words
from ads.web.console.report.charts import first_place
from ads.web.console.report.period import Range

BARS_MAX = 62  # bars of one unit; a longer range takes the next larger unit
Unit = Literal["hour", "day", "week", "month"]
_MONTH = {"en": "MMM", "zh": "M月"}
_MONTH_YEAR = {"en": "MMM y", "zh": "y年M月"}


class Bar(NamedTuple):
    """A bar: its label, opens, times seen in the ad's first place, and whether its time is over."""

    label: str
    opens: int
    seen: int
    unfinished: bool


def unit(range_: Range) -> Unit:
    """The unit of time of a bar."""
    if range_.one_day:
        return "hour"
    days = len(range_.days)
    return "day" if days <= BARS_MAX else "week" if days <= 7 * BARS_MAX else "month"


def times(facts: Facts, range_: Range, locale: str, time_zone: str, now: int) -> list[Bar]:
    """Opens and times seen, by hour within a day, else by day, week or month."""
    kind, where = unit(range_), words.zone(time_zone)

    def key(cell: Cell) -> str:
        if kind == "hour":
            return spans.stamp(cell.hour, where)[:13]
        return begin(date.fromisoformat(spans.day(cell.hour, where)), kind).isoformat()

    slot = first_place(facts)
    opens, seen = _series(facts, key, "total", "", OPENS), _series(facts, key, "slot", slot, VIEWS)
    hour = words.local(now - now % HOUR, time_zone)
    if kind == "hour":
        return _hours(range_.last, opens, seen, hour)
    today = hour.date()
    starts = list(dict.fromkeys(begin(day, kind) for day in range_.days))
    running = begin(today, kind)
    return [
        Bar(
            _label(start, kind, locale, first=start == starts[0], today=today),
            opens.get(start.isoformat(), 0),
            seen.get(start.isoformat(), 0),
            start == running and range_.last == today,
        )
        for start in starts
    ]


def begin(day: date, kind: Unit) -> date:
    """The first day of the bar that holds this day: weeks begin on Monday (ISO 8601)."""
    if kind == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if kind == "month" else day


def _label(start: date, kind: Unit, locale: str, *, first: bool, today: date) -> str:
    if kind == "month":
        shape = _MONTH_YEAR if first or start.month == 1 else _MONTH
        return format_date(start, shape[locale], locale=locale)
    if kind == "day" and start == today:
        return gettext(locale, "today")
    if kind == "week" or first or start.day == 1:
        return format_date(start, words.DAY[locale], locale=locale)
    return str(start.day)


def _series(facts: Facts, key: Any, dimension: str, name: str, place: int) -> Mapping[str, int]:
    series: dict[str, int] = {}
    for cell in facts.cells:
        if cell.dimension == dimension and cell.key == name:
            series[key(cell)] = series.get(key(cell), 0) + cell.figures[place]
    return series


def _hours(
    day: date, opens: Mapping[str, int], seen: Mapping[str, int], running: datetime
) -> list[Bar]:
    # Figures are kept by UTC's hours, which begin at half past in India.
    running = running.replace(tzinfo=None)
    starts = (datetime.combine(day, time(n, running.minute)) for n in range(24))
    return [
        Bar(f"{at:%H:%M}", opens.get(_key(at), 0), seen.get(_key(at), 0), at == running)
        for at in starts
        if at <= running or not at.hour
    ]


def _key(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H}"


def times_facts(bars: Sequence[Bar], locale: str, over: str) -> dict[str, Any]:
    """The day chart for the script; `over` is said of nothing (`sentences.over`)."""
    return {
        "kind": "days",
        "empty": over or gettext(locale, "The first bar appears with the first open."),
        "bars": [bar._asdict() | {"read": _time_read(bar, locale)} for bar in bars],
    }


def _time_read(bar: Bar, locale: str) -> str:
    return gettext(locale, "%(when)s: %(opens)s, ad seen %(seen)s") % {
        "when": bar.label,
        "opens": words.counted(locale, "%(n)s open", "%(n)s opens", bar.opens),
        "seen": words.number(bar.seen, locale),
    }
