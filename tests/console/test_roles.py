"""An advertiser, a sharer and a viewer of theirs: each sees what is theirs."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from ads.accounts import Account
from ads.accounts.access import may_change
from ads.web.console.account import settings
from tests.client import AD
from tests.console.conftest import PASSWORD, Browser, Console, told_once, visitor
from tests.console.reading import Reading

pytestmark = pytest.mark.timeout(60)


@asynccontextmanager
async def _joined(member: Browser, console: Console, role: str) -> AsyncIterator[Browser]:
    """The browser of somebody whom Mei invited in this role, signed in."""
    form = {"email": f"{role}@halfhill.example", "role": role}
    _, page = await member.send("/settings", "/settings/people", form)
    link = re.search(r"/join\?token=([\w-]+)", page)
    form = {"name": role.title(), "email": f"{role}@halfhill.example", "password": PASSWORD}
    async with visitor(console) as guest:
        answer, _ = await guest.send(link[0], "/join", form | {"token": link[1]})
        assert answer.status == 200
        yield guest


@pytest_asyncio.fixture(loop_scope="session")
async def sharer(member: Browser, console: Console) -> AsyncIterator[Browser]:
    async with _joined(member, console, "sharer") as guest:
        yield guest


@pytest_asyncio.fixture(loop_scope="session")
async def viewer(member: Browser, console: Console) -> AsyncIterator[Browser]:
    async with _joined(member, console, "viewer") as guest:
        yield guest


async def _published(browser: Browser, console: Console, ad: str) -> str:
    form = {"url": f"{console.source}/tea", "ad": ad, "channel": "Friends"}
    answer, page = await browser.send("/settings", "/publish", form)
    assert answer.url.path.endswith("/ready"), page
    return answer.url.path.split("/")[2]


async def test_a_sharer_passes_the_advertisers_ad_along_and_both_read_its_numbers(
    member: Browser, sharer: Browser, stranger: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    share = await _published(sharer, console, ad.id)
    kept = await console.parts.stores.shares.get(share)
    assert kept
    reading = Reading(console, kept)
    reading.opens(reading.opens("", "top"), depth=2)
    await reading.fold()
    for browser, path, status in (
        (sharer, f"/shares/{share}/report", 200),
        (sharer, f"/shares/{share}/spread", 200),
        (sharer, f"/ads/{ad.id}/report", 404),
        (sharer, f"/ads/{ad.id}", 404),
        (member, f"/ads/{ad.id}/report", 200),
        (member, f"/shares/{share}/spread", 200),
        (stranger, f"/shares/{share}/report", 404),
        (stranger, f"/shares/{share}/spread", 404),
    ):
        answer, page = await browser.get(path)
        assert answer.status == status, (path, answer.status)
        assert status != 200 or "2 readers" in re.sub(r"<[^>]+>", "", page), path
        for back in re.findall(r'class="back" href="([^"]+)"', page):
            assert (await browser.get(back))[0].status == 200, (path, back)


async def test_a_sharer_makes_no_ads_on_screen_or_by_the_api(
    sharer: Browser, console: Console
) -> None:
    answer, _ = await sharer.send("/settings", "/ads/new", {"kind": "text", "title": "Mine"})
    assert answer.status == 403
    for path, where in (("/ads", "/"), ("/ads/new", "/"), ("/reports", "/shares")):
        answer, page = await sharer.get(path)
        assert answer.url.path == where
        assert "Make an ad" not in page
    _, page = await sharer.send("/settings", "/settings/keys", {"label": "mine"})
    headers = {"Authorization": f"Bearer {told_once(page)}"}
    url = f"{console.url}/api/v1/ads"
    async with sharer.session.post(url, json=AD, headers=headers) as answer:
        assert answer.status == 403


async def test_a_viewer_reads_the_advertisers_reports_and_changes_nothing(
    viewer: Browser, console: Console, mei: Account
) -> None:
    _, page = await viewer.get("/")
    assert "Whoever invited you has no ad yet." in page
    assert "Make an ad" not in page
    ad = await console.ad(mei)
    preview = f"/preview?url={console.source}/tea"
    for path in ("/", preview, "/share?text=tea", "/shares", "/ads", "/ads/new"):
        answer, _ = await viewer.get(path)
        assert answer.url.path == f"/ads/{ad.id}/report", path
    for path in (f"/ads/{ad.id}/ledger", f"/ads/{ad.id}/report.csv"):
        answer, _ = await viewer.get(path)
        assert answer.status == 200, path
    answer, _ = await viewer.get(f"/ads/{ad.id}")
    assert answer.status == 404
    form = {"url": f"{console.source}/tea", "ad": ad.id}
    answer, _ = await viewer.send("/settings", "/publish", form)
    assert answer.status == 403
    answer, page = await viewer.get("/settings")
    assert "Invite someone" not in page


async def test_an_advertiser_invites_for_themselves_only(
    stranger: Browser, console: Console
) -> None:
    for role, status in (("member", 404), ("owner", 404), ("viewer", 200)):
        form = {"email": "x@y.example", "role": role}
        answer, _ = await stranger.send("/settings", "/settings/people", form)
        assert answer.status == status, role
    assert "Reported pages" not in (await stranger.get("/settings"))[1]


@pytest.mark.parametrize(
    ("role", "path", "may"),
    [
        ("owner", "/ads/new", True),
        ("member", "/publish", True),
        ("sharer", "/publish", True),
        ("sharer", "/stage/picture", False),
        ("sharer", "/api/v1/pictures", False),
        ("viewer", "/settings/profile", True),
        ("viewer", "/api/v1/shares", False),
        ("viewer", "/ads/x/report/links", False),
    ],
)
def test_what_each_role_may_change(role: str, path: str, may: bool) -> None:
    assert may_change(role, path) is may  # type: ignore[arg-type]


async def _called(
    console: Console, who: str, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    """The API's answer to an account with a key of its own."""
    accounts = console.parts.stores.accounts
    account = await accounts.by_email(who)
    headers = {"Authorization": f"Bearer {await accounts.new_key(account.id, 'test')}"}
    async with (
        aiohttp.ClientSession(console.url, headers=headers) as session,
        session.request(method, f"/api/v1{path}", json=body) as answer,
    ):
        return answer.status, await answer.json() if answer.status != 204 else None


async def test_a_sharer_finds_the_advertisers_ads_by_the_api_and_changes_none(
    sharer: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    who = "sharer@halfhill.example"
    status, found = await _called(console, who, "GET", "/ads")
    assert (status, [each["id"] for each in found["items"]]) == (200, [ad.id])
    status, found = await _called(console, who, "GET", f"/ads/{ad.id}")
    assert (status, found["name"]) == (200, ad.name)
    status, found = await _called(console, who, "PATCH", f"/ads/{ad.id}", {"name": "Mine"})
    assert (status, found["code"]) == (403, "forbidden")


async def test_what_is_done_by_the_api_stands_in_the_audit_list_too(
    member: Browser, console: Console, mei: Account
) -> None:
    _, ad = await _called(console, mei.email, "POST", "/ads", AD)
    wanted = {"url": f"{console.source}/tea", "ad": ad["id"]}
    _, share = await _called(console, mei.email, "POST", "/shares", wanted)
    await _called(console, mei.email, "PATCH", f"/ads/{ad['id']}", {"title": "New"})
    await _called(console, mei.email, "DELETE", f"/shares/{share['id']}")
    await _called(console, mei.email, "DELETE", f"/ads/{ad['id']}")
    done = [each.what for each in await console.parts.stores.accounts.audit.newest(mei.id)]
    assert [what for what in reversed(done) if what not in ("key", "entered")] == [
        "ad",
        "share",
        "ad",
        "share-ended",
        "ad-deleted",
    ]
    _, page = await member.get("/settings")
    assert "Share published" in page
    assert "Ad deleted" in page


async def test_an_advertiser_who_leaves_takes_those_along_who_share_and_read_for_them(
    member: Browser, sharer: Browser, viewer: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    share = await _published(sharer, console, ad.id)
    form = {"email": "later@halfhill.example", "role": "sharer"}
    await member.send("/settings", "/settings/people", form)
    answer, _ = await member.send("/settings", "/settings/delete", {"leaving": PASSWORD})
    assert answer.url.path == "/signin"
    stores = console.parts.stores
    assert await stores.accounts.all() == []
    assert await stores.accounts.invites.list() == []
    async with member.session.get(f"{console.pages}/s/{share}") as shown:
        assert shown.status == 404
    answer, _ = await sharer.get("/shares")
    assert answer.url.path == "/signin"


async def test_a_sharer_without_an_ad_to_share_is_told_so_and_offered_none(
    sharer: Browser, console: Console
) -> None:
    _, page = await sharer.get(f"/preview?url={console.source}/tea")
    assert "Whoever invited you has no ad running now." in page
    assert "/ads/new" not in page


async def test_an_advertiser_ends_the_access_of_a_guest_and_gives_it_back(
    member: Browser, sharer: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    share = await _published(sharer, console, ad.id)
    accounts = console.parts.stores.accounts
    guest = await accounts.by_email("sharer@halfhill.example")
    await member.send("/settings", "/settings/people/access", {"id": guest.id, "end": "1"})
    answer, _ = await sharer.get("/shares")
    assert answer.url.path == "/signin"
    assert (await _called(console, guest.email, "GET", "/shares"))[0] == 403
    form = {"email": guest.email, "password": PASSWORD}
    _, page = await sharer.send("/signin", "/signin", form)
    assert "Whoever invited you ended your access." in page
    async with member.session.get(f"{console.pages}/s/{share}") as read:
        assert read.status == 200
    _, page = await member.send("/settings", "/settings/people/access", {"id": guest.id})
    assert "Access given back" in page
    answer, _ = await sharer.send("/signin", "/signin", form)
    assert answer.url.path == "/"


async def test_no_host_ends_who_is_not_their_guest_or_lets_in_whom_the_operator_ended(
    member: Browser, sharer: Browser, stranger: Browser, console: Console
) -> None:
    accounts = console.parts.stores.accounts
    guest = await accounts.by_email("sharer@halfhill.example")
    form = {"id": guest.id, "end": "1"}
    answer, _ = await stranger.send("/settings", "/settings/people/access", form)
    assert answer.status == 404
    await accounts.end(guest.id, "spam", 1)
    answer, _ = await member.send("/settings", "/settings/people/access", {"id": guest.id})
    assert answer.status == 404


async def test_of_many_people_the_newest_are_shown_and_how_many_there_are(
    member: Browser, sharer: Browser, viewer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PEOPLE_SHOWN", 2)
    _, page = await member.get("/settings")
    assert "The newest 2 of 3." in page
    assert "viewer@halfhill.example" in page
    assert "sharer@halfhill.example" in page
    monkeypatch.setattr(settings, "PEOPLE_SHOWN", 3)
    _, page = await member.get("/settings")
    assert "The newest" not in page
