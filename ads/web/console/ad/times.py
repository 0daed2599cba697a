"""When an ad starts and ends: a form's local times <-> a timetable's milliseconds. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ads.errors import invalid
from ads.reports.spans import LAST_YEAR
from ads.store.schedule import Timetable
from ads.web.console.words import local, zone


def fields(times: Timetable, time_zone: str, now: int) -> dict[str, str]:
    """The form's fields: 2026-11-28T18:00, or "" for never and for a time that has passed."""

    def field(at: int) -> str:
        return local(at, time_zone).strftime("%Y-%m-%dT%H:%M") if at > now else ""

    return {"starts": field(times.starts), "ends": field(times.ends)}


def read(form: Mapping[str, Any], time_zone: str, now: int) -> Timetable:
    """The timetable; a start that has passed becomes 0. Raises Problem("invalid")."""
    starts, ends = (_at(form.get(name, ""), name, time_zone, now) for name in ("starts", "ends"))
    if ends and ends <= max(starts, now):
        raise invalid("ends", "order", "After the beginning, and in the future.")
    return Timetable(starts if starts > now else 0, ends)


def _at(text: str, field: str, time_zone: str, now: int) -> int:
    """The next moment with this local time, which in autumn may occur twice; ms, 0 if empty."""
    if not text.strip():
        return 0
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise invalid(field, "time", "A date and a time.") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone(time_zone))
    if not 2000 <= when.year <= LAST_YEAR:
        raise invalid(field, "time", "A date and a time.")
    first, again = (round(when.replace(fold=fold).timestamp() * 1000) for fold in (0, 1))
    return first if first > now else again
