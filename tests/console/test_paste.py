"""Pasting, previewing, publishing and forwarding without scripts."""

import asyncio
import html
import io
import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import pytest
from PIL import Image

from ads.accounts import Account
from ads.errors import Problem
from proxy.poster import posters
from proxy.poster.drawing import Words
from proxy.web import paste
from tests.console.conftest import Browser, Console, token

pytestmark = pytest.mark.timeout(60)


async def _publish(member: Browser, console: Console, **more: str) -> str:
    """Publish a share; returns its id."""
    _, page = await member.get(f"/preview?url={console.source}/tea")
    form = dict(
        re.findall(
            r'type="hidden" name="(\w+)" value="([^"]*)"', page[page.index('id="publish"') :]
        )
    )
    answer, _ = await member.post("/publish", form | more)
    assert answer.url.path.endswith("/ready"), answer.url
    return answer.url.path.split("/")[2]


async def test_a_link_with_text_around_it_is_previewed_with_the_ad(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    said = f"You must read this: {console.source}/tea, it is good"
    answer, page = await member.get("/preview", params={"url": said})
    assert answer.status == 200
    frame = re.search(r'<iframe class="viewport[^>]* src="([^"]+)"', page)
    assert frame[1].startswith(f"{console.pages}/p/")
    assert f'name="ad" value="{ad.id}" checked' in page
    async with member.session.get(frame[1]) as shown:
        assert "Half Hill Tea" in await shown.text()


async def test_a_shared_article_is_handed_on_by_link_and_code(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console, channel="Newsletter", rights="quotation")
    _, page = await member.get(f"/shares/{share}/ready")
    assert f'value="{console.pages}/s/{share}"' in page
    assert "Nobody has opened it yet" in page
    code, drawing = await member.get(f"/shares/{share}/qr.svg")
    assert (code.content_type, "<svg" in drawing) == ("image/svg+xml", True)
    async with member.session.get(f"{console.pages}/s/{share}") as shown:
        assert shown.status == 200
    kept = await console.parts.stores.shares.get(share)
    assert (kept.channel, kept.rights) == ("Newsletter", "quotation")


async def test_what_the_publisher_does_not_allow_is_shown_disabled_with_the_reason(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    _, page = await member.get(f"/preview?url={console.source}/kept&mode=full")
    assert 'value="full" disabled' in page
    assert 'value="reader" disabled' in page
    assert 'value="excerpt" checked' in page
    assert "the publisher allows no copy (noarchive)" in page


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait longer for a quick answer, which has another status: the machine may be busy."""
    monkeypatch.setattr("proxy.web.paste.AT_ONCE_SECONDS", 60)


@pytest.mark.parametrize(
    ("link", "status", "title", "next_step"),
    [
        ("{source}/shop", 415, "This isn't an article", "It is an article: tell us"),
        ("{source}/shop?a", 415, "This isn't an article", ">next to no text of an article<"),
        ("{source}/nothing", 404, "There is nothing at this address", "Check the link"),
        ("what is this", 400, "This address cannot be used", "Paste another link"),
    ],
)
async def test_a_refused_link_stays_in_the_field_with_what_to_do_next(
    member: Browser, console: Console, link: str, status: int, title: str, next_step: str
) -> None:
    link = link.format(source=console.source)
    answer, page = await member.get("/preview", params={"url": link})
    assert answer.status == status
    assert title in page
    assert next_step in page
    assert f'value="{link}"' in page


async def test_what_was_typed_is_kept_when_publishing_is_refused(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ad = await console.ad(mei)
    member.headers["Accept-Language"] = "zh-CN"
    typed = {"url": f"{console.source}/tea", "ad": ad.id, "channel": "朋友圈", "title": "第一泡"}
    for channel, refusal, status, says in (
        ("很" * 65, Problem("invalid"), 422, "一行，最多 64 个字符。"),
        ("朋友圈", Problem("store_unavailable"), 503, "请稍候"),
        ("朋友圈", Problem("internal"), 500, "我们这边出了问题"),
    ):
        monkeypatch.setattr(console.parts.publisher, "publish", _refusing(refusal))
        form = typed | {"channel": channel}
        answer, page = await member.send(f"/preview?url={form['url']}", "/publish", form)
        assert answer.status == status
        assert says in page
        back = re.search(r'class="button large" href="/preview\?([^"]+)"', page)
        assert dict(parse_qsl(html.unescape(back[1]))) == form


def _refusing(refusal: Exception) -> Callable[..., Awaitable[None]]:
    async def refuse(*_: object) -> None:
        raise refusal

    return refuse


async def test_who_may_do_no_more_today_is_told_until_when_and_nothing_counts_down(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = Problem("rate_limited", retry_after=4320)
    monkeypatch.setattr(console.parts.publisher, "preview", _refusing(limit))
    monkeypatch.setattr(console.parts.stores.ads, "create", _refusing(limit))
    await console.parts.stores.accounts.vouch(mei.id, newcomer=True)
    form = {"name": "n", "advertiser": "a", "kind": "text", "title": "t", "placements": "top"}
    shown = await member.get(f"/preview?url={console.source}/tea")
    for answer, page in (shown, await member.send("/ads/new", "/ads/new", form)):
        assert answer.status == 429
        assert "Enough for now" in page
        assert re.search(r"vouches for it\. It goes on [\w ]*\d\d:\d\d\.", page)
        assert "data-retry" not in page


async def test_a_form_that_is_sent_twice_makes_one_thing(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    new = {"advertiser": "a", "kind": "text", "title": "t", "placements": "top"}
    tea = {"url": f"{console.source}/tea", "ad": ad.id}
    share = await _publish(member, console)
    for page, action, form in (
        (f"/preview?url={tea['url']}", "/publish", tea),
        (f"/shares/{share}", f"/shares/{share}/channels", {"channels": "X\nWeibo"}),
        ("/ads/new", "/ads/new", new),
        (f"/ads/{ad.id}", f"/ads/{ad.id}", new | {"version": "1"}),
    ):
        _, text = await member.get(page)
        sent = {"csrf": token(text), **form}
        (one, _), (two, _) = await asyncio.gather(*(member.post(action, sent) for _ in range(2)))
        assert (one.status, one.url) == (two.status, two.url) == (200, one.url), action
        await member.post(action, sent | {"channel": "X", "name": "said anew, made anew"})
    found, _ = await console.parts.publisher.list(mei, "", 100)
    ads, _ = await console.parts.stores.ads.list(mei.id, "", 100)
    assert (len(found), len(ads)) == (1 + 2 + 2 + 2, 1 + 2)


async def test_without_an_ad_a_line_of_text_can_be_added_on_the_spot(
    member: Browser, console: Console
) -> None:
    url = f"{console.source}/tea"
    _, page = await member.get(f"/preview?url={url}")
    assert "Add a line of text" in page
    form = {"csrf": token(page), "kind": "text", "back": "preview", "url": url}
    form |= {"advertiser": "Half Hill Tea", "title": "Last pick", "placements": "top"}
    answer, page = await member.post("/ads/new", form)
    assert answer.url.path == "/preview"
    assert 'action="/publish"' in page
    _, page = await member.get("/ads/new", params={"back": "preview", "url": url})
    assert page.count('href="/preview?url=') == 2, "nor does Discard or Back lose the link"


async def test_a_link_pasted_twice_within_a_day_says_so(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console, rights="licensed")
    _, page = await member.get(f"/preview?url={console.source}/tea?utm_source=x")
    assert "You shared this today" in page
    assert f'href="/shares/{share}"' in page
    assert 'value="licensed" selected' in page, "the right is asked once a site"


async def test_a_link_per_channel_makes_one_share_each(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console)
    names = {"channels": "WeChat groups\nNewsletter, Newsletter"}
    answer, page = await member.send(f"/shares/{share}", f"/shares/{share}/channels", names)
    assert answer.url.path == "/shares"
    assert page.count('class="title two-lines"') == 3


async def test_channels_whose_links_could_not_be_made_stay_in_the_form(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console)
    names = {"channels": "Moments\n" + "x" * 65 + "\nNewsletter"}
    answer, page = await member.send(f"/shares/{share}", f"/shares/{share}/channels", names)
    assert (answer.status, "xxx...: One line, at most 64 characters." in page) == (422, True)
    assert f">{'x' * 65}\nNewsletter</textarea>" in page
    made, _ = await console.parts.publisher.list(mei, "", 9)
    assert [each.channel for each in made] == ["Moments", ""]
    deeds = await console.parts.stores.accounts.audit.newest(mei.id)
    assert {made[0].id, made[1].id} <= {deed.of for deed in deeds}


async def test_an_ad_that_was_deleted_while_it_was_looked_at_is_not_published_and_the_link_stays(
    member: Browser, console: Console, mei: Account
) -> None:
    gone, other = await console.ad(mei), await console.ad(mei, name="Another")
    _, page = await member.get(f"/preview?url={console.source}/tea&ad={gone.id}")
    await console.parts.stores.ads.delete(mei.id, gone.id)
    form = {"url": f"{console.source}/tea", "ad": gone.id, "mode": "full", "channel": "Moments"}
    answer, page = await member.post("/publish", form | {"csrf": token(page)})
    assert (answer.status, answer.url.path) == (200, "/preview")
    assert "The ad that was chosen is not there any more." in page
    assert f'name="ad" value="{other.id}" checked' in page
    assert 'name="channel" value="Moments"' in page
    assert await console.parts.publisher.list(mei, "", 9) == ([], None)


async def test_the_ad_used_last_or_chosen_is_offered_however_many_are_newer(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paste, "ADS_OFFERED", 1)
    older, last = await console.ad(mei), await console.ad(mei)
    await _publish(member, console, ad=last.id)
    await console.ad(mei, name="Newer")
    _, page = await member.get(f"/preview?url={console.source}/tea")
    assert f'name="ad" value="{last.id}" checked' in page
    _, page = await member.get("/")
    assert f'value="{last.id}" selected' in page
    _, page = await member.get(f"/ads/{older.id}")
    assert f'href="/?ad={older.id}"' in page
    _, page = await member.get(f"/?ad={older.id}")
    assert f'value="{older.id}" selected' in page


async def test_an_ended_share_says_so_and_its_page_is_gone(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console)
    _, page = await member.send(f"/shares/{share}", f"/shares/{share}/end", {})
    assert "This share ended" in page
    for path in ("", "/ready", "/spread", "/report"):
        _, page = await member.get(f"/shares/{share}{path}")
        assert "Nobody opened it before it ended." in page
        assert "yet" not in re.sub(r"<template.*?</template>|<[^>]+>", "", page), path
        assert "data-copy" not in page, "its link leads nowhere"
    _, page = await member.get("/shares")
    assert "nobody yet" not in page
    assert share in page
    assert "data-copy" not in page
    async with member.session.get(f"{console.pages}/s/{share}") as shown:
        assert shown.status == 410


async def test_make_it_mine_fills_the_field(member: Browser, console: Console) -> None:
    _, page = await member.get(f"/?url={console.source}/tea")
    assert f'value="{console.source}/tea"' in page


async def test_the_link_of_somebodys_share_leads_to_its_article_until_the_share_ends(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console)
    link = f"看看这篇 {console.pages}/s/{share}?h=AB0123456789"
    answer, page = await member.get("/preview", params={"url": link})
    assert answer.status == 200
    assert f'name="url" value="{console.source}/tea"' in page
    await console.parts.publisher.end(mei, share)
    answer, page = await member.get("/preview", params={"url": link})
    assert answer.status == 400
    assert "This address cannot be used" in page


async def test_an_article_that_takes_its_time_gets_its_frame_first(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    await console.ad(mei)
    monkeypatch.setattr("proxy.web.paste.AT_ONCE_SECONDS", 0)
    answer, page = await member.get(f"/preview?url={console.source}/tea")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    steps = [page.index(f'class="did-{step}"') for step in ("read", "allowed")]
    assert page.index("Checking what the publisher allows") < steps[0] < steps[1]
    assert steps[1] < page.index("<iframe")
    assert page.rstrip().endswith("</html>")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


SHARED = [
    {"url": "https://a.example/b", "title": "B"},
    {"text": "Read this https://a.example/b"},
    {"title": "B https://a.example/b", "text": ""},
]


@pytest.mark.parametrize("shared", SHARED)
async def test_a_phone_shares_an_article_to_us(member: Browser, shared: dict[str, str]) -> None:
    _, text = await member.get("/manifest.webmanifest")
    manifest = json.loads(text)
    assert manifest["share_target"]["action"] == "/share"
    answer, _ = await member.get("/share", params=shared, allow_redirects=False)
    assert answer.headers["Location"] == "/preview?url=https://a.example/b"


@pytest.mark.parametrize(
    "path",
    ["/", "/settings", "/ads", "/ads/new", "/shares", "/reports", "/preview?url={source}/tea"],
)
async def test_no_two_elements_of_a_screen_have_one_id(
    member: Browser, console: Console, path: str
) -> None:
    _, text = await member.get(path.format(source=console.source))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


async def test_all_that_a_screens_head_names_is_there(member: Browser, console: Console) -> None:
    _, text = await member.get("/")
    named = re.findall(r'<(?:link|script)\b[^>]*(?:href|src)="(/[^"]+)"', text)
    assert len(named) >= 5
    for address in named:
        async with member.session.get(console.url + address) as answer:
            assert answer.status == 200, address


async def test_the_icons_of_the_manifest_are_there_and_as_large_as_they_say(
    member: Browser, console: Console
) -> None:
    _, text = await member.get("/manifest.webmanifest")
    for icon in json.loads(text)["icons"]:
        async with member.session.get(console.url + icon["src"]) as answer:
            with Image.open(io.BytesIO(await answer.read())) as image:
                assert f"{image.width}x{image.height}" == icon["sizes"]


async def test_a_poster_is_a_picture_with_the_code_of_the_link(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    share = await _publish(member, console)
    async with member.session.get(f"{console.url}/shares/{share}/poster.png?save") as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        with Image.open(io.BytesIO(await answer.read())) as image:
            assert image.size == (1080, 1440)
            corner = image.crop((1080 - 72 - 300, 1440 - 72 - 300, 1080 - 72, 1440 - 72))
            assert corner.convert("L").getextrema() == (0, 255), "the code is drawn"


async def test_cards_and_posters_announce_the_ad_that_the_page_shows(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def said(words: Words, *_: object) -> bytes:
        return " · ".join(filter(None, (words.ad, words.advertiser))).encode()

    monkeypatch.setattr(posters, "poster", said)
    stand_in = await console.ad(mei, advertiser="Slow Pottery")
    ads, ad = console.parts.stores.ads, await console.ad(mei, fallback=stand_in.id)
    share = await _publish(member, console, ad=ad.id)
    for paused, announced in ((ad, "Ad inside · Slow Pottery"), (stand_in, "")):
        await ads.change(mei.id, paused.id, {"state": "paused"})
        for screen in ("", "/ready"):
            _, page = await member.get(f"/shares/{share}{screen}")
            card = page[page.index("chatcard") :].partition("</div>")[0]
            assert f'<span class="hint" lang="en">{announced}</span>' in card
        _, poster = await member.get(f"/shares/{share}/poster.png")
        assert poster == announced


async def test_who_shares_an_ad_that_does_not_run_is_told_so(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    share = await _publish(member, console)
    screens = f"/preview?url={console.source}/tea&ad={ad.id}", f"/shares/{share}"
    for state, told in (("active", False), ("paused", True), ("ended", True)):
        await console.parts.stores.ads.change(mei.id, ad.id, {"state": state})
        for path in (*screens, f"{screens[1]}/ready"):
            assert ("This ad does not run now." in (await member.get(path))[1]) == told


@pytest.mark.parametrize(("locale", "title"), [("en", "oolong"), ("zh", "老房子")])
async def test_an_empty_home_offers_a_sample_that_goes_all_the_way_to_a_readers_page(
    member: Browser, console: Console, mei: Account, locale: str, title: str
) -> None:
    await console.ad(mei)
    member.headers["Accept-Language"] = locale
    _, home = await member.get("/")
    found = re.search(r'class="hint sample">.*?href="(/preview[^"]+)"', home)
    answer, page = await member.get(found[1].replace("%3A", ":").replace("%2F", "/"))
    assert answer.status == 200
    form = dict(
        re.findall(
            r'name="(url|ad|mode|csrf)" value="([^"]*)"', page[page.index('<form class="dock') :]
        )
    )
    answer, _ = await member.post("/publish", form)
    share = answer.url.path.split("/")[2]
    async with member.session.get(f"{console.pages}/s/{share}") as shown:
        text = await shown.text()
    assert title in text
    assert "Half Hill Tea" in text
    source = re.search(r'<figure[^>]*><img[^>]* src="([^"]+)"', text)
    assert source, text
    async with member.session.get(source[1]) as picture:
        assert picture.content_type.startswith("image/")
    async with member.session.get(form["url"]) as original:
        assert title in await original.text()


async def test_a_chat_card_is_in_the_articles_language_on_a_console_in_another(
    member: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    member.headers["Accept-Language"] = "zh-CN"
    _, page = await member.get("/preview", params={"url": f"{console.source}/tea"})
    assert "Ad inside · Half Hill Tea" in page
    assert "含广告 ·" not in page
