"""Spans of hours in somebody's time zone (pure)."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ads.clock import DAY, HOUR
from ads.errors import invalid

LAST_YEAR = 2200
ZONE_CHARACTERS = 64
AHEAD_MS = 4 * DAY
"""How far ahead a clock may have been, before it was set back, when it dated something."""

HOURS_KEPT_MS = 8 * DAY
"""For so long hours are kept at the least."""

_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")
# RFC 3339 is stricter than ISO 8601: whole dates, seconds and an offset, each with its marks.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def hour_of(text: str, field: str) -> int:
    """An RFC 3339 time that falls on an hour of UTC, as ms. Raises Problem("invalid").

    A `+` that a client left unescaped has become a space on its way here.
    """
    told = _LOST_PLUS.sub("+", text.upper())
    try:
        when = datetime.fromisoformat(told) if _TIME.fullmatch(told) else None
    except ValueError:
        when = None
    if when is None or when.year > LAST_YEAR:
        raise invalid(field, "time", "An RFC 3339 time such as 2026-11-22T05:00:00Z.")
    ms = round(when.timestamp() * 1000)
    if ms % HOUR or ms < 0:
        raise invalid(field, "hour", "On the hour, UTC, since 1970.")
    return ms


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name; "" is UTC. Raises Problem("invalid")."""
    try:
        return ZoneInfo(name[:ZONE_CHARACTERS] or "UTC")
    # A name such as "Europe" or one with a NUL reaches the file system before it is refused.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise invalid("tz", "time_zone", "An IANA time zone such as Asia/Shanghai.") from error


def span(start: int | None, end: int | None, since: int, now: int) -> tuple[int, int]:
    """[from, to) in ms; without `start` from `since`, without `end` through the hour of `now`.

    Raises Problem("invalid") for an end that is not after the start.
    """
    first = since - since % HOUR if start is None else start
    last = now - now % HOUR + HOUR if end is None else end
    if start is not None and end is not None and end <= start:
        raise invalid("to", "order", "After `from`.")
    # A span in the future, or before it was made, is empty; asking for it is no fault.
    return (min(first, last), last) if start is None else (first, max(first, last))


def counted(start: int, end: int, since: int, now: int) -> tuple[int, int]:
    """The part of a span in which something made at `since` (ms) can have counts.

    A span from 1970, or until 2200, would read every day in it and store empty roll-ups, and the
    store numbers no days after June 2199. Days whose hours are no longer kept stand at their noon:
    a span from the hour of the making has the whole of that day, once that is so.
    """
    made, latest = since - since % DAY, now - now % DAY + DAY + AHEAD_MS
    merged = start <= since < now - HOURS_KEPT_MS
    begins = min(start, made + DAY // 2) if merged else start
    first = min(max(begins, made - AHEAD_MS), latest)
    return first, max(min(end, latest), first)


def stamp(ms: int, where: ZoneInfo | None = None) -> str:
    """RFC 3339, to the second; UTC as Z."""
    when = datetime.fromtimestamp(ms // 1000, where or UTC)
    text = when.isoformat()
    return text.replace("+00:00", "Z") if not when.utcoffset() else text


def day(ms: int, where: ZoneInfo) -> str:
    """The local date on which this hour begins.

    Counts are folded by hours of UTC: where a zone stands half an hour off, the hour that local
    midnight cuts belongs to the day in which it begins.
    """
    return datetime.fromtimestamp(ms // 1000, where).date().isoformat()
