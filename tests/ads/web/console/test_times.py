"""When an ad begins and ends, as its form shows it."""

from datetime import UTC, datetime

import pytest

from ads.web.console.ad import times


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "said", "meant"),
    [
        ("2026-10-24T12:00", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T00:29", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T00:30", "2026-10-25T02:30", "2026-10-25T01:30"),
        ("2026-10-25T01:29", "2026-10-25T02:30", "2026-10-25T01:30"),
        ("2027-03-28T00:59", "2027-03-28T02:30", "2027-03-28T01:30"),
        ("2027-03-28T00:10", "2027-03-28T02:30+02:00", "2027-03-28T00:30"),
    ],
)
def test_a_time_that_comes_twice_in_autumn_is_the_next_one(now: str, said: str, meant: str) -> None:
    form = {"starts": said, "ends": "2028-01-01T00:00"}
    found = times.read(form, "Europe/Berlin", _ms(now))
    assert found.starts == _ms(meant)
    shown = times.fields(found, "Europe/Berlin", _ms(now))
    assert times.read(shown, "Europe/Berlin", _ms(now)) == found, "saved again as it is shown"
