"""Which days a report is about: today, 7 days, 28 days, all, or own dates; in the viewer's zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ads.clock import HOUR
from ads.web.console.words import local, marked, zone

CHOICES: Mapping[str, str] = {
    "today": marked("Today"),
    "7": marked("7 days"),
    "28": marked("28 days"),
    "all": marked("All"),
}
DEFAULT = "7"
OWN = "own"
MAX_DAYS = 3660


class Range(NamedTuple):
    """The first and last local day, and the span of counts to read: ms, on hours of UTC.

    `choice` is one of CHOICES or OWN; `end` is exclusive, and never after the hour of now.
    """

    choice: str
    first: date
    last: date
    start: int
    end: int

    @property
    def days(self) -> list[date]:
        """Each day of it."""
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    @property
    def one_day(self) -> bool:
        """Whether it is so short that it is shown by hour."""
        return self.first == self.last


def read(query: Mapping[str, str], since: int, now: int, time_zone: str) -> Range:
    """The range that a report's address asks for, beginning not before `since` (ms)."""
    where = zone(time_zone)
    # Counts are kept by hours; one that local midnight cuts is the day's in which it begins.
    today = local(now - now % HOUR, time_zone).date()
    born = local(since - since % HOUR, time_zone).date()
    choice, first, last = _asked(query, today, born)
    last = min(last, today)
    first = min(max(first, born, last - timedelta(MAX_DAYS)), last)
    start, end = _hour(first, where), _hour(last + timedelta(1), where)
    return Range(choice, first, last, start, max(min(end, now - now % HOUR + HOUR), start + HOUR))


def before(range_: Range, since: int, time_zone: str) -> Range | None:
    """The same number of days before the range; None if all of them lie before `since`."""
    where = zone(time_zone)
    last = range_.first - timedelta(1)
    first = range_.first - timedelta(len(range_.days))
    if last < local(since, time_zone).date() or range_.choice == "all":
        return None
    return Range(OWN, first, last, _hour(first, where), range_.start)


def _asked(query: Mapping[str, str], today: date, born: date) -> tuple[str, date, date]:
    own = _day(query.get("from", "")), _day(query.get("to", ""))
    if own[0] and own[1]:
        return OWN, min(own[0], own[1]), max(own[0], own[1])
    choice = query.get("range", DEFAULT)
    if choice == "today":
        return choice, today, today
    if choice == "all":
        return choice, born, today
    days = 28 if choice == "28" else 7
    return str(days), today - timedelta(days - 1), today


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _hour(day: date, where: ZoneInfo) -> int:
    """Local midnight as ms, on the hour of UTC that it falls into or begins."""
    ms = round(datetime.combine(day, time(), where).astimezone(UTC).timestamp() * 1000)
    return ms + -ms % HOUR
