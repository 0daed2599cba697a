"""The public blocking lists hide and block nothing of ours: our ads are labelled.

The lists are EasyList and EasyPrivacy as Debian ships them with uBlock Origin; see ops/test.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import adblock
import pytest

from ads.ad import Card
from ads.ad.shape import KINDS, PLACEMENTS
from proxy.pictures.address import PictureAddresses
from tests.browser import hostile
from tests.pages import an_ad

pytestmark = pytest.mark.asyncio(loop_scope="session")

LISTS = Path(__file__).parents[2] / ".venv" / "blocklists"
PICTURE = "0123456789abcdef01234567" + "4b0" + "276"
# A selector for all sites that browsers understand, not only extensions.
GENERIC = re.compile(r"^##(?!\+js|\^)(.+)$", re.MULTILINE)
PROCEDURAL = re.compile(r":(?:-abp-|has-text|matches-|upward|xpath|style|remove|min-text|others)")
# The elements of ours that a list would hide: its selectors, one by one, in the real browser.
HIDDEN = """selectors => {
    const ours = [...document.querySelectorAll('note-card, note-line, note-pass')]
        .flatMap(host => [host, ...host.querySelectorAll('*')]);
    return selectors.flatMap(selector => {
        try { return ours.some(each => each.matches(selector)) ? [selector] : [] }
        catch { return [] }
    });
}"""


def lists() -> list[str]:
    paths = [LISTS / "easylist.txt", LISTS / "easyprivacy.txt"]
    if not all(path.exists() for path in paths):
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("NO BLOCKING LISTS: ops/test takes them from Debian's webext-ublock-origin-firefox")
    return [path.read_text("utf-8") for path in paths]


def selectors() -> list[str]:
    return [s for text in lists() for s in GENERIC.findall(text) if not PROCEDURAL.search(s)]


def addresses(origin: str) -> Iterator[tuple[str, str]]:
    """One address of each kind that readers' browsers request, and the kind of request."""
    share = "0123456789abcdef"
    yield f"{origin}/s/{share}?h=ABabcdefghij", "document"
    yield from ((f"{origin}/e", kind) for kind in ("xmlhttprequest", "ping", "fetch", "beacon"))
    yield from (
        (f"{origin}/g/{share}/{slot}?h=ABabcdefghij&i=x&o=y&t=z", "document") for slot in PLACEMENTS
    )
    yield f"{origin}/m/{PICTURE}", "image"
    signed = PictureAddresses(origin, (b"k" * 32,)).of("http://ads.example/banner-ad/728x90.gif")
    yield signed, "image"


@pytest.mark.parametrize("kind", KINDS)
async def test_no_selector_of_the_lists_hides_an_ad_or_our_parts(browser, kind: str) -> None:
    found = selectors()
    assert len(found) > 10_000
    card = Card(person="Mei Lin", role="Buyer", phone="+44 1", email="m@tea.example", wechat="m")
    ad = an_ad(kind, image=PICTURE, button="See more", placements=PLACEMENTS, card=card)
    page = hostile.compiled(hostile.article(""))
    assert page
    eyes = await hostile.ChromiumEyes.of(browser)
    async with hostile.stage() as stage:
        assert await eyes.look(stage.put(page, "two", ad), HIDDEN, found) == []
    await eyes.close()


async def test_the_lists_hide_what_calls_itself_an_ad(browser) -> None:
    page = await browser.new_page()
    await page.set_content('<note-card class="ad-slot"><b class="banner-ad">x</b></note-card>')
    assert {".ad-slot", ".banner-ad"} <= set(await page.evaluate(HIDDEN, selectors()))
    await page.close()


async def test_no_rule_of_the_lists_stops_what_a_page_asks_its_origin_for() -> None:
    rules = adblock.FilterSet()
    for text in lists():
        rules.add_filter_list(text)
    engine = adblock.Engine(rules)
    for origin in ("https://pages.example", "https://read.passalong.example"):
        for url, kind in addresses(origin):
            assert not engine.check_network_urls(url, f"{origin}/", kind).matched, (url, kind)
        counting = engine.check_network_urls(f"{origin}/api/collect", origin, "xmlhttprequest")
        assert counting.matched, "the lists do stop what looks like counting"
