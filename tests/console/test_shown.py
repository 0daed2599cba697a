"""Reports shown to people without an account, until they expire or are withdrawn."""

import re

import pytest
from redis.asyncio import Redis

from ads.clock import DAY, now_ms
from ads.web.console import words
from tests.console.conftest import Browser, Console, told_once, visitor
from tests.console.reading import shared

pytestmark = pytest.mark.timeout(60)


class Hands:
    """A clock (ms) that a test advances."""

    def __init__(self) -> None:
        self.at = now_ms()

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Hands:
    """The console's clock."""
    return Hands()


async def test_a_read_only_link_shows_the_report_to_anyone_until_it_is_withdrawn(
    member: Browser, browser: Browser, console: Console
) -> None:
    reading = await shared(console)
    reading.opens("", "top")
    await reading.fold()
    path = f"/ads/{reading.share.ad}/report/links"
    _, page = await member.send(path, path, {"days": "7"})
    link = told_once(page)
    shown = link.removeprefix(console.url)
    async with visitor(console) as guest:
        answer, page = await guest.get(shown)
        assert answer.status == 200
        assert "1 reader" in page
        assert f"/ads/{reading.share.ad}" not in page, "nothing leads further"
        answer, _ = await guest.get(f"{shown}/report.csv")
        assert answer.content_type == "text/csv"
        _, page = await member.get(path)
        assert link not in page
        found = re.search(r'name="id" value="(\w+)"', page)
        await member.send(path, f"{path}/withdraw", {"id": found[1]})
        answer, page = await guest.get(shown)
        assert answer.status == 410
        assert "This link is over" in page


async def test_a_read_only_link_tells_the_days_of_whoever_made_it(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    reading.opens("", "top")
    await reading.fold()
    form = {"name": "Mei Lin", "locale": "", "time_zone": "Pacific/Kiritimati"}
    await member.send("/settings", "/settings/profile", form)
    report = f"/ads/{reading.share.ad}/report"
    _, page = await member.send(f"{report}/links", f"{report}/links", {"days": "7"})
    path = told_once(page).removeprefix(console.url)
    _, own = await member.get(f"{report}.csv?range=all&by=hour")
    async with visitor(console) as guest:
        _, theirs = await guest.get(f"{path}/report.csv?range=all&by=hour")
        assert own == theirs
        assert "+14:00" in theirs
        _, page = await guest.get(path)
        assert "Times are those of Pacific/Kiritimati." in page


async def test_a_day_is_named_by_its_date_where_midnight_is_no_hour_of_utc_and_may_be_quiet(
    member: Browser, console: Console, clock: Hands
) -> None:
    reading = await shared(console)
    form = {"name": "Mei Lin", "locale": "", "time_zone": "Asia/Kolkata"}
    await member.send("/settings", "/settings/profile", form)
    born = words.local(clock.at, "Asia/Kolkata").date()
    clock.at += 3 * DAY
    own = f"/ads/{reading.share.ad}/report?from={born}&to={born}"
    _, page = await member.get(own)
    assert f'aria-label="Range: {words.span(born, born, "en", born)}"' in page
    for days in (f"from={born}&to={born}", "range=today"):
        _, page = await member.get(f"/ads/{reading.share.ad}/report?{days}")
        assert page.count("Nobody opened it in these days.") == 4, "and in the chart"
    _, page = await member.get(f"/ads/{reading.share.ad}/report?range=all")
    assert "Nobody has opened it yet." in page


async def test_a_read_only_link_ends_by_itself_at_its_time(
    member: Browser, console: Console, clock: Hands, redis: Redis
) -> None:
    reading = await shared(console)
    path = f"/ads/{reading.share.ad}/report/links"
    _, page = await member.send(path, path, {"days": "1"})
    made, shown = clock.at, told_once(page).removeprefix(console.url)
    async with visitor(console) as guest:
        for at, status, listed in ((DAY - 1, 200, 1), (DAY, 410, 0)):
            clock.at = made + at
            for each in (shown, f"{shown}/report.csv"):
                answer, page = await guest.get(each)
                assert answer.status == status, (each, at)
                assert "no-store" in answer.headers["Cache-Control"], "nobody shows it for longer"
            _, page = await member.get(path)
            assert page.count(f'action="{path}/withdraw"') == listed
    keys = [key async for key in redis.scan_iter(match="report-link:*")]
    assert [0 < await redis.pttl(key) <= DAY for key in keys] == [True], "the store forgets it, too"
