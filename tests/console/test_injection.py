"""What people, publishers and browsers write is shown in the console as they wrote it, as text."""

import re
from html import unescape

import pytest

from ads.ad import parse
from ads.clock import now_ms
from ads.complaint import parse as complaint
from ads.store.complaints import Complaints
from proxy.moderation.takedown import Reason
from proxy.publish import PublishRequest
from tests.client import AD, hop
from tests.console.conftest import PAGES, PASSWORD, Browser, Console
from tests.console.reading import Reading
from tests.pages import ARTICLE

pytestmark = pytest.mark.timeout(60)

# Unescaped, it would end a tag, a quoted attribute, a script, a style and a comment; in a template,
# it would be evaluated.
HOSTILE = '"\'></script></style>--><x-hack onclick="alert(1)">{{7*191}}'
TITLE = "What the last oolong tastes like"
HEADING = "What the last oolong of the year tastes like"
PAGES_MAX = 80


async def hostile(console: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator is signed in; every name, ad, article, reader and complaint is an attack."""
    parts, stores = console.parts, console.parts.stores
    boss = await stores.accounts.create("mei@halfhill.example", HOSTILE, PASSWORD)
    guest = await stores.accounts.sign_up("open", "jo@halfhill.example", HOSTILE, PASSWORD)
    await browser.enter(boss)
    await browser.send("/settings", "/settings/keys", {"label": HOSTILE[:60]})
    words = dict.fromkeys(("name", "advertiser", "title", "body"), HOSTILE) | {"button": "<x-hack>"}
    ad = await console.ad(boss, **words)
    await stores.ads.create(guest.id, parse(AD | words))
    written = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    told = "".join(
        f'<meta {kind}="{name}" content="{written}">'
        for kind, name in (
            ("name", "author"),
            ("property", "og:site_name"),
            ("name", "description"),
        )
    )
    page = ARTICLE.replace(TITLE, written).replace(HEADING, written)
    page = page.replace("<head>", f"<head>{told}")
    monkeypatch.setitem(PAGES, "/hostile", page)
    request = PublishRequest(f"{console.source}/hostile?q=<x-hack>", ad.id, channel="'><x-hack>")
    share = await parts.publisher.publish(boss, request)
    assert HOSTILE[-36:] in share.article.title
    reading = Reading(console, share)
    reader = dict.fromkeys(("country", "device", "source"), "<x-hack>")
    reading.event("open", hop(1), "", "o" * 20, **reader)
    await reading.fold()
    said = {"reason": "false", "share": share.id, "words": HOSTILE, "contact": HOSTILE}
    await Complaints(stores.redis).put(complaint("one", now_ms(), said))
    await parts.takedown.source("news.example/<x-hack>", "card", Reason(HOSTILE, HOSTILE))


async def test_nothing_that_was_written_becomes_markup_on_any_page_of_the_console(
    console: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hostile(console, browser, monkeypatch)
    ahead, seen, told = ["/", f"/?url={console.source}/hostile&x=<x-hack>"], set[str](), 0
    while ahead and len(seen) < PAGES_MAX:
        path = ahead.pop(0)
        seen.add(path)
        async with browser.session.get(console.url + path) as answer:
            if not answer.content_type.startswith(("text/html", "image/svg")):
                continue
            page = await answer.text()
        told += page.count("x-hack")
        assert "<x-hack" not in page, path
        assert str(7 * 191) not in page, path
        assert "x-hack" not in str(answer.headers), path
        found = (unescape(each) for each in re.findall(r'(?:href|src)="(/[^"]*)"', page))
        ahead += [each for each in found if each not in seen and each not in ahead]
    for place in ("/settings", "/operator", "/ads", "/shares"):
        assert place in seen
    assert any(re.match(r"/shares/[^/]+/(spread|report)", path) for path in seen)
    assert told > 60, "what was written was not shown"
