"""axe finds nothing on any page, in either language and theme, on a phone and on a desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from ads.accounts import Account
from tests.console.conftest import Console
from tests.console.reading import Reading, shared
from tests.journey import chromium

pytestmark = pytest.mark.timeout(240)
AXE = Path(__file__).parents[2] / "ops/node_modules/axe-core/axe.min.js"
RUN = """axe.run(document, {iframes: false, resultTypes: ["violations"]}).then((r) =>
  r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ")))"""
# Language, and two of the four kinds of screen with it: each pair of the three is met.
SCREENS = {
    "en-GB": (({"width": 390, "height": 844}, "light"), ({"width": 1280, "height": 800}, "dark")),
    "zh-CN": (({"width": 390, "height": 844}, "dark"), ({"width": 1280, "height": 800}, "light")),
}


@pytest.fixture
async def window() -> AsyncIterator[Browser]:
    async with chromium() as found:
        yield found


def _paths(console: Console, many: Reading, few: Reading) -> list[str]:
    ad, share = many.share.ad, many.share.id
    return [
        "/",
        "/shares",
        "/ads",
        "/ads/new?kind=card",
        f"/ads/{ad}",
        f"/ads/{ad}/report",
        f"/ads/{ad}/report/links",
        f"/ads/{ad}/ledger",
        f"/shares/{share}",
        f"/shares/{share}/ready",
        f"/shares/{share}/spread",
        f"/shares/{share}/spread?view=list",
        f"/shares/{few.share.id}/spread",
        f"/shares/{few.share.id}/report",
        "/settings",
        "/about",
        "/report",
        "/offline",
        "/nowhere",
        f"/preview?url={console.source}/tea",
        f"/preview?url={console.source}/shop",
    ]


async def _found(
    page: Page, url: str, screens: tuple[tuple[dict[str, int], str], ...]
) -> list[str]:
    await page.goto(url)
    await page.evaluate(AXE.read_text())
    found = []
    for size, theme in screens:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{url} {theme} {size['width']} {v}" for v in await page.evaluate(RUN)]
        wide = await page.evaluate("document.documentElement.scrollWidth")
        found += [f"{url} {size['width']} goes sideways: {wide}"] if wide > size["width"] else []
    return found


@pytest.mark.parametrize("locale", SCREENS)
async def test_axe_finds_nothing_on_any_page(
    window: Browser, console: Console, mei: Account, locale: str
) -> None:
    many, few = await shared(console), await shared(console)
    first = many.opens("", "top", "end")
    for _ in range(60):
        many.opens(first, "top", depth=2)
    few.opens(few.opens("", "top"), depth=2)
    await many.fold()
    await few.fold()
    # Scripts put in by the test are none of the page's: its policy need not let them in.
    context = await window.new_context(locale=locale, bypass_csp=True, reduced_motion="reduce")
    session = await console.parts.stores.accounts.new_session(mei.id)
    page = await context.new_page()
    found = []
    for path in ("/signin", "/start?token=x"):
        found += await _found(page, console.url + path, SCREENS[locale])
    await context.add_cookies([{"name": "passalong", "value": session, "url": console.url}])
    for path in _paths(console, many, few):
        found += await _found(page, console.url + path, SCREENS[locale])
    assert not found, "\n".join(found)
