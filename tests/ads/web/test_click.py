import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from ads import ticket
from ads.booking import Booking
from ads.ticket import Ticket
from ads.web import click
from tests.ads.web.receiving import AT, HOP, HUMAN, ID, KEYS, OPEN_ID, TICKET, Here, serving

ASKED = {"h": HOP, "i": ID, "o": OPEN_ID, "t": TICKET}
PATH = "/g/share23456ab/top"


async def go(
    here: Here,
    query: dict[str, str] | None = None,
    path: str = PATH,
    method: str = "GET",
    **headers: str,
) -> ClientResponse:
    named = {"User-Agent": HUMAN} | {k.replace("_", "-"): v for k, v in headers.items()}
    return await here.http.request(method, path, params=query, headers=named, allow_redirects=False)


async def test_a_tap_leads_to_the_target_and_is_counted(here: Here) -> None:
    answer = await go(here, ASKED)
    assert answer.status == 302
    assert answer.headers["Location"] == "https://tea.example/share23456ab?c=we%20chat&d=2"
    assert answer.headers["Cache-Control"] == "no-store"
    (tap,) = here.kept()
    assert (tap.k, tap.s, tap.i, tap.o, tap.n, tap.p) == ("tap", "top", ID, OPEN_ID, HOP, "")
    assert (tap.share, tap.refused, tap.at) == ("share23456ab", "", AT)


async def test_a_tap_of_a_deep_hop_names_no_parent_and_is_no_bad_hop(here: Here) -> None:
    await go(here, ASKED | {"h": "AZabcdefghij"})
    assert [tap.refused for tap in here.kept()] == [""]


OTHER = ticket.sign(Ticket("another", "ad23456abcde", 3, ticket.epoch("another", AT)), KEYS)


@pytest.mark.parametrize(
    ("query", "method", "headers"),
    [
        ({}, "GET", {}),
        *(({k: v for k, v in ASKED.items() if k != gone}, "GET", {}) for gone in "hio"),
        ({**ASKED, "h": "AAabcdefghij"}, "GET", {}),
        ({**ASKED, "i": "short"}, "GET", {}),
        ({**ASKED, "t": OTHER}, "GET", {}),
        ({**ASKED, "t": "forged"}, "GET", {}),
        ({k: v for k, v in ASKED.items() if k != "t"}, "GET", {}),
        (ASKED, "HEAD", {}),
        (ASKED, "GET", {"Sec_Purpose": "prefetch"}),
        (ASKED, "GET", {"Purpose": "prefetch"}),
        (ASKED, "GET", {"X_Moz": "prefetch"}),
    ],
)
async def test_otherwise_it_leads_there_all_the_same_and_counts_nothing(
    here: Here, query: dict[str, str], method: str, headers: dict[str, str]
) -> None:
    answer = await go(here, query, method=method, **headers)
    assert answer.status == 302
    assert answer.headers["Location"].startswith("https://tea.example/share23456ab")
    assert here.kept() == []


async def test_a_robots_tap_is_kept_as_such(here: Here) -> None:
    assert (await go(here, ASKED, User_Agent="curl/8.4.0")).status == 302
    assert [tap.refused for tap in here.kept()] == ["bot"]


async def test_without_a_hop_the_depth_is_nought(here: Here) -> None:
    assert (await go(here)).headers["Location"].endswith("&d=0")


@pytest.mark.parametrize("path", ["/g/unknown/top", "/g/share23456ab/left", "/g/share23456ab/"])
async def test_what_nobody_booked_is_not_found(here: Here, path: str) -> None:
    assert (await go(here, ASKED, path)).status == 404
    assert here.kept() == []


async def test_an_ended_share_is_gone_and_the_tap_is_kept_for_the_ledger(here: Here) -> None:
    ended = Booking("share23456ab", "me", "ad23456abcde", history=((0, "active"), (1, "ended")))
    here.bookings.of["share23456ab"] = ended
    assert (await go(here)).status == 410
    assert here.kept() == []
    assert (await go(here, ASKED)).status == 410
    assert [kept.k for kept in here.kept()] == ["tap"], "the fold refuses it as `ended`"


async def test_a_paused_ad_leads_to_its_fallback_or_is_gone(here: Here) -> None:
    here.book(state="paused")
    assert (await go(here)).status == 410
    here.book(id="other", target="https://other.example/")
    here.book(state="paused", fallback="other")
    assert (await go(here)).headers["Location"] == "https://other.example/"


async def test_a_tap_leads_where_the_ad_does_that_stood_on_the_page_while_it_runs(
    here: Here,
) -> None:
    here.book(id="newer", target="https://newer.example/")
    for state, leads in (("active", "seen"), ("paused", "newer")):
        here.book(target="https://seen.example/", state=state)
        here.bookings.of["share23456ab"] = Booking("share23456ab", "me", "newer")
        assert (await go(here, ASKED)).headers["Location"] == f"https://{leads}.example/"
        other = await go(here, ASKED | {"t": OTHER})
        assert other.headers["Location"] == "https://newer.example/"


@pytest.mark.parametrize("target", ["tel:+4930123456", "mailto:tea@tea.example", ""])
async def test_what_is_no_web_page_is_not_redirected_to(here: Here, target: str) -> None:
    here.book(target=target)
    assert (await go(here)).status == 404


async def test_nothing_in_the_query_changes_where_it_leads(here: Here) -> None:
    evil: dict[str, Any] = {"target": "https://evil.example/", "url": "https://evil.example/"}
    answer = await go(here, evil | {"h": "//evil.examp"})
    assert answer.headers["Location"] == "https://tea.example/share23456ab?c=we%20chat&d=0"


async def test_a_slow_disk_keeps_nobody_from_going_there(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(receipts: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(click, "KEEP_SECONDS", 0.0)
    monkeypatch.setattr(here.spool, "append", never)
    assert (await go(here, ASKED)).status == 302


async def test_a_tap_that_cannot_be_kept_leads_there_all_the_same(tmp_path: Path) -> None:
    async with serving(tmp_path, broken=True) as here:
        here.book()
        assert (await go(here, ASKED)).status == 302
