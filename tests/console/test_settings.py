"""Settings, people, and reports of pages."""

import html
import json
import re

import pytest

from ads.accounts import Account, access
from ads.errors import Problem
from ads.store import apikeys
from ads.store.complaints import Complaints
from proxy.moderation.takedown import Reason
from proxy.publish import PublishRequest
from tests.client import AD
from tests.console.conftest import PASSWORD, Browser, Console, token, told_once, visitor
from tests.console.reading import shared

pytestmark = pytest.mark.timeout(60)


async def test_the_language_of_the_account_wins_over_the_browsers(member: Browser) -> None:
    form = {"name": "陈屿", "locale": "zh", "time_zone": "Asia/Shanghai"}
    _, page = await member.send("/settings", "/settings/profile", form)
    assert '<html lang="zh-Hans">' in page
    assert "已保存" in page


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    member: Browser, console: Console
) -> None:
    _, page = await member.send("/settings", "/settings/keys", {"label": "my script"})
    shown = told_once(page)
    key = {"Authorization": f"Bearer {shown}"}
    async with member.session.get(f"{console.url}/api/v1/ads", headers=key) as answer:
        assert answer.status == 200
    _, page = await member.get("/settings")
    assert shown not in page
    found = re.search(r'/settings/keys/revoke.*?name="id" value="(\w+)"', page, re.DOTALL)
    await member.send("/settings", "/settings/keys/revoke", {"id": found[1]})
    async with member.session.get(f"{console.url}/api/v1/ads", headers=key) as answer:
        assert answer.status == 401


async def test_a_key_whose_page_is_reloaded_is_the_same_key(member: Browser) -> None:
    _, page = await member.get("/settings")
    form = {"label": "my script", "csrf": token(page)}
    pages = [(await member.post("/settings/keys", form))[1] for _ in range(2)]
    assert told_once(pages[0]) == told_once(pages[1])
    assert pages[1].count('action="/settings/keys/revoke"') == 1


async def test_an_invitation_makes_one_account(member: Browser, console: Console) -> None:
    form = {"email": "jonas@halfhill.example", "role": "member"}
    _, page = await member.send("/settings", "/settings/people", form)
    link = re.search(r"/join\?token=[\w-]+", page)
    async with visitor(console) as guest:
        form = {"name": "Jonas", "email": "jonas@halfhill.example", "password": PASSWORD}
        form["token"] = link[0].partition("=")[2]
        answer, _ = await guest.send(link[0], "/join", form)
        assert answer.status == 200
        form = form | {"email": "b@halfhill.example"}
        assert (await guest.get(link[0]))[0].status == 410
        assert (await guest.send("/report", "/join", form))[0].status == 410
    answer, _ = await member.get("/settings")
    assert answer.status == 200


async def test_a_new_password_ends_every_other_session(member: Browser, console: Console) -> None:
    account = await console.parts.stores.accounts.by_email("mei@halfhill.example")
    other = await console.parts.stores.accounts.new_session(account.id)
    form = {"old": PASSWORD, "password": "another sentence entirely"}
    answer, page = await member.send("/settings", "/settings/password", form)
    assert (answer.status, "Saved" in page) == (200, True)
    assert await console.parts.stores.accounts.by_session(other) is None


async def test_who_guesses_at_an_email_keeps_nobody_from_a_new_password(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = console.parts.stores.accounts._sign_in
    monkeypatch.setattr(sign_in._throttle, "_enabled", True)
    for crowd in range(access.PASSWORD_BY_EMAIL.burst):
        await sign_in.brake(None, mei.email, f"192.0.2.{crowd}")
    with pytest.raises(Problem, match="Too many attempts"):
        await sign_in.brake(mei, mei.email, "198.51.100.7")
    form = {"old": PASSWORD, "password": "another sentence entirely"}
    _, page = await member.send("/settings", "/settings/password", form)
    assert "Saved" in page
    own = access.PASSWORD_BY_EMAIL_AND_ADDRESS.burst
    for _ in range(own - 1):
        await sign_in.brake_confirming(mei)
    answer, _ = await member.send("/settings", "/settings/delete", {"leaving": "a guess"})
    assert answer.status == 429


async def test_what_is_wrong_with_who_advertises_is_said_beside_it_and_nothing_typed_is_lost(
    member: Browser,
) -> None:
    form = {"legal_name": "Half Hill Tea Ltd", "address": "x" * 201}
    answer, page = await member.send("/settings", "/settings/identity", form)
    assert answer.status == 422
    assert 'id="h-address">One line, at most 200 characters.' in page
    assert 'value="Half Hill Tea Ltd"' in page
    form = {"name": "Mei Lin-Ott", "locale": "", "time_zone": "Mars/Olympus"}
    _, page = await member.send("/settings", "/settings/profile", form)
    assert 'value="Mei Lin-Ott"' in page


async def test_a_limit_of_an_account_is_told_as_one(
    member: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apikeys, "KEYS_MAX", 0)
    answer, page = await member.send("/settings", "/settings/keys", {"label": "one more"})
    assert (answer.status, "as many of these as an account may have" in page) == (409, True)


async def test_anyone_may_report_a_page_and_the_operator_reads_it(
    member: Browser, console: Console
) -> None:
    async with visitor(console) as reader:
        _, page = await reader.get("/report?share=abc123")
        sent = re.search(r'method="post" action="([^"]+)"', page)
        form = {"csrf": token(page), "reason": "label", "words": "<b>No label</b>"}
        answer, page = await reader.post(html.unescape(sent[1]), form)
        assert (answer.status, "Thank you" in page) == (200, True)
        assert f'href="{console.pages}/s/abc123"' in page, "the way back to the article"
        answer, page = await reader.send("/report", "/report", {"words": "no reason"})
        assert answer.status == 422
        assert "no reason" in page
    _, page = await member.get("/settings")
    assert "It is not labelled as an ad" in page
    assert "/s/abc123" in page
    assert "&lt;b&gt;No label&lt;/b&gt;" in page


async def test_a_report_has_its_words_whatever_was_copied_with_them(
    browser: Browser, console: Console
) -> None:
    form = {
        "share": "abc",
        "words": "Column A\tColumn B:\r\nfalse",
        "contact": "\u202a+41 44\u202c",
    }
    _, page = await browser.send("/report?share=abc", "/report?share=abc", form)
    assert 'name="contact" value="\u202a+41 44\u202c"' in page, "nothing typed is lost"
    await browser.send("/report", "/report", form | {"reason": "false"})
    [said] = await Complaints(console.parts.stores.redis).newest(9)
    assert (said.words, said.contact) == ("Column A Column B:\nfalse", "+41 44")


@pytest.mark.parametrize(
    ("written", "meant", "shown"),
    [
        ("abc123", "abc123", "/s/abc123"),
        ("{pages}/s/abc123?h=AB-_cdefghij#top", "abc123", "/s/abc123"),
        ("{host}/s/abc123/", "abc123", "/s/abc123"),
        ("https://news.example/s/abc", "https://news.example/s/abc", ">news.example/s/abc<"),
    ],
)
async def test_a_report_names_its_page_however_that_is_written(
    browser: Browser, console: Console, written: str, meant: str, shown: str
) -> None:
    share = written.format(pages=console.pages, host=console.pages.partition("://")[2])
    _, page = await browser.send("/report", "/report", {"share": share})
    assert shown in page
    await browser.send("/report", "/report", {"share": share, "reason": "rights"})
    [said] = await Complaints(console.parts.stores.redis).newest(9)
    assert said.page == meant


@pytest.mark.parametrize(
    ("tag", "shown"),
    [("", "Someone"), ("\u202djo@x.example\u202c", "jo@x.example"), ("a" * 90, "a" * 80)],
)
async def test_an_invitation_needs_no_name_tag_and_takes_any(
    member: Browser, tag: str, shown: str
) -> None:
    _, page = await member.send("/settings", "/settings/people", {"email": tag, "role": "member"})
    assert "/join?token=" in page
    assert f"<b>{shown}</b>" in page


async def test_how_we_count_is_ten_sentences_for_anyone(browser: Browser) -> None:
    answer, page = await browser.get("/about")
    assert answer.status == 200
    assert page.count("<li>") == 10


async def test_a_key_that_only_reads_changes_nothing(member: Browser, console: Console) -> None:
    form = {"label": "a dashboard", "scope": "read"}
    _, page = await member.send("/settings", "/settings/keys", form)
    assert "read only" in page
    key = {"Authorization": f"Bearer {told_once(page)}"}
    url = f"{console.url}/api/v1/ads"
    async with member.session.get(url, headers=key) as answer:
        assert answer.status == 200
    async with member.session.post(url, headers=key, json=AD) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "forbidden")


async def test_signing_out_everywhere_ends_every_session(
    member: Browser, console: Console, mei: Account
) -> None:
    accounts = console.parts.stores.accounts
    other = await accounts.new_session(mei.id)
    _, page = await member.get("/settings")
    assert page.count("<b>this browser</b>") == 1
    answer, _ = await member.send("/settings", "/settings/sessions/all", {})
    assert answer.url.path == "/signin"
    assert await accounts.by_session(other) is None
    answer, _ = await member.get("/settings")
    assert answer.url.path == "/signin"


async def test_everything_about_an_account_is_handed_out_without_a_secret(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    await console.parts.stores.accounts.new_key(mei.id, "a script")
    answer, text = await member.get("/settings/export")
    told = json.loads(text)
    assert answer.content_type == "application/json"
    assert told["account"]["email"] == mei.email
    assert [each["id"] for each in told["ads"]] == [ad.id]
    assert told["api_keys"][0]["label"] == "a script"
    for secret in ("password_hash", "digest", "public_key", mei.password_hash):
        assert secret not in text


async def test_an_account_goes_for_good_with_its_password_alone(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    answer, page = await member.send("/settings", "/settings/delete", {"leaving": "wrong"})
    assert (answer.status, "That is not your password." in page) == (422, True)
    answer, _ = await member.send("/settings", "/settings/delete", {"leaving": PASSWORD})
    assert answer.url.path == "/signin"
    stores = console.parts.stores
    assert await stores.accounts.by_id(mei.id) is None
    assert await stores.ads.get(ad.id) is None


async def test_what_was_done_is_listed(member: Browser) -> None:
    await member.send("/settings", "/settings/keys", {"label": "my script"})
    _, page = await member.get("/settings")
    text = re.sub(r"<[^>]+>", "", page[page.index('id="audit"') :])
    assert text.index("API key made") < text.index("Signed in")


async def test_a_theme_is_kept_in_this_browser_until_it_follows_the_system_again(
    member: Browser,
) -> None:
    form = {"name": "Mei Lin", "locale": "", "time_zone": "UTC"}
    for wanted, shown in (("dark", ' data-theme="dark">'), ("", ">"), ("<b>", ">")):
        _, page = await member.send("/settings", "/settings/profile", form | {"theme": wanted})
        assert f'<html lang="en"{shown}' in page


@pytest.mark.parametrize(
    ("what", "target", "state"),
    [("share", "", "ended"), ("lowered", "", "active"), ("source", "127.0.0.1/", "active")],
)
async def test_one_click_ends_what_was_reported_and_settles_the_report(
    member: Browser, console: Console, mei: Account, what: str, target: str, state: str
) -> None:
    share = (await shared(console)).share
    form = {"share": share.id, "reason": "rights", "words": "It is mine."}
    await member.send(f"/report?share={share.id}", "/report", form)
    [said] = await Complaints(console.parts.stores.redis).newest(9)
    click = {"id": said.id, "share": share.id, "what": what, "why": "It was theirs.", "law": ""}
    answer, page = await member.send("/settings", "/takedown", click)
    assert (answer.status, "It is mine." in page) == (200, False)
    told = await console.parts.stores.shares.get(share.id)
    assert told.state == state
    [act] = await console.parts.stores.audit.newest(1)
    assert (act.what, act.target) == ("source" if target else "share", target or share.id)
    assert (act.who, act.why) == (mei.email, "It was theirs.")
    _, page = await member.get(f"/shares/{share.id}")
    assert ("ended it: It was theirs." in page) is (what == "share")
    assert ("allows no more of it: It was theirs." in html.unescape(page)) is (what == "lowered")


@pytest.mark.parametrize(
    ("locale", "law", "told"),
    [
        ("en", False, "ended it: A court said so."),
        ("en", True, "ended it because the law required it: A court said so."),
        ("zh", True, "依法结束了它：A court said so."),
    ],
)
async def test_the_owner_of_a_share_reads_whether_the_law_ended_it(
    member: Browser, console: Console, mei: Account, locale: str, law: bool, told: str
) -> None:
    share = (await shared(console)).share
    await console.parts.takedown.share(share.id, Reason("boss", "A court said so.", law))
    await console.parts.stores.accounts.patch(mei.id, {"locale": locale})
    assert told in (await member.get(f"/shares/{share.id}"))[1]


async def test_one_click_ends_whose_ad_a_guest_has_shared(
    member: Browser, console: Console
) -> None:
    accounts = console.parts.stores.accounts
    jo = await accounts.create("jo@halfhill.example", "Jo", PASSWORD)
    guest = await accounts.create("ann@halfhill.example", "Ann", PASSWORD, "sharer", jo.id)
    request = PublishRequest(f"{console.source}/tea", (await console.ad(jo)).id)
    share = await console.parts.publisher.publish(guest, request)
    click = {"share": share.id, "what": "advertiser", "why": "Not what it says."}
    await member.send("/settings", "/takedown", click)
    trail = await console.parts.stores.audit.newest(9)
    assert {act.target for act in trail} == {jo.email, guest.email}
    told = await console.parts.stores.shares.get(share.id)
    assert told.state == "ended"


async def test_one_click_has_the_advertisers_ads_looked_at_before_readers_do(
    member: Browser, console: Console
) -> None:
    jo = await console.parts.stores.accounts.create("jo@halfhill.example", "Jo", PASSWORD)
    share = (await shared(console, jo.email)).share
    click = {"share": share.id, "what": "newcomer", "why": "Is that so?"}
    await member.send("/settings", "/takedown", click)
    _, page = await member.get("/operator")
    assert AD["title"] in page
