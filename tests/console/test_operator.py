"""Open sign-up, and the operator's page: ads to review, sites, the audit trail."""

import json
import re
from collections.abc import AsyncIterator
from typing import get_args

import aiohttp
import pytest_asyncio

from ads.accounts import Account
from proxy.moderation.takedown import Reason
from proxy.moderation.vetting import VERDICTS
from proxy.store.audit import Act, What
from tests.client import AD
from tests.console.conftest import PASSWORD, Browser, Console, visitor
from tests.console.reading import shared

FIELDS = {"name": "Jo", "email": "jo@halfhill.example", "password": PASSWORD}


@pytest_asyncio.fixture(loop_scope="session")
async def jo(console: Console, mei: Account) -> Account:
    """A newcomer; Mei is the operator."""
    return await console.parts.stores.accounts.sign_up("open", FIELDS["email"], "Jo", PASSWORD)


@pytest_asyncio.fixture(loop_scope="session")
async def hers(console: Console, jo: Account) -> AsyncIterator[Browser]:
    async with visitor(console) as browser:
        await browser.enter(jo)
        yield browser


async def test_nobody_signs_up_without_an_invitation_unless_it_is_open(
    console: Console, browser: Browser, mei: Account
) -> None:
    answer, _ = await browser.get("/join")
    assert answer.status == 410
    answer, _ = await browser.send("/signin", "/join", FIELDS)
    assert answer.status == 410
    assert await console.parts.stores.accounts.by_email(FIELDS["email"]) is None
    assert "/join" not in (await browser.get("/signin"))[1]


async def test_where_it_is_open_a_form_makes_a_newcomers_account(
    console: Console, browser: Browser, mei: Account
) -> None:
    object.__setattr__(console.parts.config.ads, "signup", "open")
    _, page = await browser.get("/signin")
    assert 'href="/join"' in page
    answer, page = await browser.send("/join", "/join", FIELDS, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    made = await console.parts.stores.accounts.by_email(FIELDS["email"])
    assert (made.newcomer, made.role) == (True, "member")


async def test_the_advertiser_is_told_and_the_operator_passes_it_with_one_click(
    console: Console, member: Browser, jo: Account, hers: Browser
) -> None:
    ad = await console.ad(jo, title="Leaves <b>of</b> May")
    _, page = await hers.get(f"/ads/{ad.id}")
    assert "looks at this ad first" in page
    assert "Waits to be looked at" in (await hers.get("/ads"))[1]
    _, page = await member.get("/operator")
    assert "Leaves &lt;b&gt;of&lt;/b&gt; May" in page
    assert jo.email in page
    form = {"id": ad.id, "version": str(ad.version), "what": "passed"}
    answer, _ = await member.send("/operator", "/operator/review", form)
    assert answer.status == 200
    now = await console.parts.stores.ads.get(ad.id)
    assert now.runs
    answer, _ = await member.send("/settings", "/operator/review", form)
    assert answer.status == 412, "what was looked at is not what is there"


async def test_the_operator_sees_all_that_readers_would(
    console: Console, member: Browser, jo: Account
) -> None:
    card = {
        "person": "Jo Lee",
        "role": "Healer",
        "phone": "+44 1",
        "wechat": "jo1",
        "email": "j@e.fr",
    }
    variant = {"id": "b", "title": "Cures all", "button": "Buy now", "card": {"phone": "+44 2"}}
    await console.ad(jo, kind="card", card=card, variants=[variant])
    _, page = await member.get("/operator")
    words = [AD[field] for field in ("advertiser", "title", "body", "button", "target")]
    for word in (*words, *card.values(), "Cures all", "Buy now", "+44 2"):
        assert word in page, word


async def test_the_operator_reads_where_look_alike_letters_lead(
    console: Console, member: Browser, jo: Account
) -> None:
    await console.ad(jo, target="https://b\u0430nk.example/{share}?by={channel}")
    _, page = await member.get("/operator")
    assert "https://xn--bnk-6cd.example/SHARE?by=CHANNEL" in page
    assert "b\u0430nk" not in page


async def test_a_refusal_is_read_by_the_advertiser_and_stands_in_the_trail(
    console: Console, member: Browser, jo: Account, hers: Browser
) -> None:
    ad = await console.ad(jo)
    form = {"id": ad.id, "version": "1", "what": "refused", "why": "No medicine, please."}
    await member.send("/operator", "/operator/review", form)
    _, page = await hers.get(f"/ads/{ad.id}")
    assert "This ad was refused. Change it, and it is looked at again." in page
    assert "No medicine, please." in page
    _, page = await member.get("/operator")
    assert f"Ad {ad.id}: Refused" in page


async def test_the_operators_page_is_nobody_elses(
    console: Console, hers: Browser, jo: Account
) -> None:
    ad = await console.ad(jo)
    for path in ("/operator", "/operator/register"):
        assert (await hers.get(path))[0].status == 404
    share = (await shared(console)).share.id
    ending = {"share": share, "what": "share", "why": "I want to."}
    for path, form in (
        ("/operator/review", {"id": ad.id, "version": "1", "what": "passed", "why": "x"}),
        ("/operator/lift", {"what": "source", "target": "a.example", "why": "x"}),
        ("/takedown", ending),
    ):
        assert (await hers.send("/settings", path, form))[0].status == 404
    assert (await console.parts.stores.ads.get(ad.id)).review.state == "waiting"
    assert (await console.parts.stores.shares.get(share)).state == "active"


async def test_the_api_tells_the_operator_alone_and_judges(
    console: Console, member: Browser, mei: Account, jo: Account
) -> None:
    accounts = console.parts.stores.accounts
    ad = await console.ad(jo)
    keys = {who.email: await accounts.new_key(who.id, "k") for who in (mei, jo)}

    async def call(who: Account, method: str, path: str, body: object = None) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {keys[who.email]}"}
        async with aiohttp.request(
            method, f"{console.url}/api/v1{path}", headers=headers, json=body
        ) as answer:
            return answer.status, await answer.text()

    for path in ("/reviews", "/takedowns", "/register"):
        assert (await call(jo, "GET", path))[0] == 404
        assert (await call(mei, "GET", path))[0] == 200
    passing = {"verdict": "passed", "version": 1}
    assert (await call(jo, "PATCH", f"/reviews/{ad.id}", passing))[0] == 404
    status, text = await call(mei, "GET", "/reviews")
    waiting = json.loads(text)["items"]
    assert [(each["ad"]["id"], each["email"]) for each in waiting] == [(ad.id, jo.email)]
    assert (await call(mei, "PATCH", f"/reviews/{ad.id}", {"verdict": "refused"}))[0] == 422
    refusing = {"verdict": "refused", "version": 1, "why": "No."}
    status, text = await call(mei, "PATCH", f"/reviews/{ad.id}", refusing)
    assert (status, json.loads(text)["review"]) == (200, {"state": "refused", "why": "No."})
    assert (await call(mei, "PATCH", f"/reviews/{ad.id}", passing))[0] == 412
    status, text = await call(mei, "PATCH", f"/reviews/{ad.id}", {"verdict": "vouched"})
    assert json.loads(text)["review"]["state"] == "passed"
    assert not (await accounts.by_id(jo.id)).newcomer  # type: ignore[union-attr]
    acts = json.loads((await call(mei, "GET", "/takedowns?limit=2"))[1])
    assert [act["done"] for act in acts["items"]] == ["vouched", "passed"]
    rest = json.loads((await call(mei, "GET", f"/takedowns?cursor={acts['next']}"))[1])
    assert [act["done"] for act in rest["items"]] == ["refused"]
    _, text = await call(mei, "GET", "/register")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["standing"] for line in lines] == ["waiting", "refused", "active"]


async def test_the_operator_judges_no_ad_of_who_was_invited(
    console: Console, member: Browser, mei: Account
) -> None:
    other = await console.member("li@halfhill.example", "Li")
    ad = await console.ad(other)
    form = {"id": ad.id, "version": "1", "what": "refused", "why": "Mine is better."}
    answer, _ = await member.send("/settings", "/operator/review", form)
    assert answer.status == 404
    assert (await console.parts.stores.ads.get(ad.id)) == ad


async def test_an_advertiser_says_who_it_is_and_the_operator_reads_it(
    console: Console, member: Browser, mei: Account
) -> None:
    form = {
        "legal_name": "Halfhill Tea GmbH",
        "address": "Quai 1",
        "contact": "ads@half.example",
    }
    answer, _ = await member.send("/settings", "/settings/identity", form)
    assert answer.status == 200
    assert "Halfhill Tea GmbH" in (await member.get("/settings"))[1]
    await console.ad(mei)
    _, text = await member.get("/operator/register")
    assert json.loads(text.splitlines()[0])["identity"]["legal_name"] == "Halfhill Tea GmbH"
    answer, _ = await member.send("/settings", "/settings/identity", form | {"address": "x" * 201})
    assert answer.status == 422


async def test_a_site_is_lifted_with_one_click(
    console: Console, member: Browser, mei: Account
) -> None:
    await console.parts.takedown.source("a.example", "card", Reason("x", "They asked."))
    _, page = await member.get("/operator")
    assert "a.example" in page
    form = {"what": "source", "target": "a.example", "why": "They agreed."}
    await member.send("/operator", "/operator/lift", form)
    assert await console.parts.stores.lists.every() == []
    assert "They agreed." in (await member.get("/operator"))[1]


async def test_what_was_ended_goes_on_from_where_the_trail_says_so(
    console: Console, member: Browser, jo: Account
) -> None:
    share = (await shared(console, jo.email)).share
    takedown, stores = console.parts.takedown, console.parts.stores
    await takedown.account(jo, Reason("x", "A mistake."))
    await takedown.share(share.id, Reason("x", "Another."))
    for what, target in (("share", share.id), ("account", jo.email)):
        _, page = await member.get("/operator")
        assert f'value="{what}"><input type="hidden" name="target" value="{target}"' in page
        form = {"what": what, "target": target, "why": "It was one."}
        await member.send("/operator", "/operator/lift", form)
    now, account = await stores.shares.get(share.id), await stores.accounts.by_id(jo.id)
    assert (now.state, account.ended_at) == ("active", 0)
    assert "/operator/lift" not in (await member.get("/operator"))[1]
    answer, _ = await member.send("/settings", "/operator/lift", form | {"target": "no@one"})
    assert answer.status == 404


async def test_the_trail_is_told_in_the_operators_language(
    console: Console, member: Browser, mei: Account
) -> None:
    audit = console.parts.stores.audit
    for what in get_args(What):
        for done in ("ended", "lifted", "card", "excerpt", "none", *VERDICTS, "lowered"):
            await audit.put(Act(1, "publisher", what, "?", done, "opt-out"))
    await console.parts.takedown.source("a.example", "none", Reason("?", "?"))
    member.headers["Accept-Language"] = "zh-CN"
    _, page = await member.get("/operator")
    shown = page[page.index('<section class="card" id="sites">') :].partition('id="register"')[0]
    told = re.sub(r"<[^>]*>?", " ", shown)
    assert set(re.findall(r"[A-Za-z.]{3,}", told)) == {"a.example", "Passalong"}
    assert ": " not in told, "a Chinese colon is as wide as a letter"
