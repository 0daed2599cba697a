"""axe finds no fault on any page in either language, theme and size, a phone's and a desktop's.

With text twice as large nothing is cut or scrolls sideways (WCAG 2.2, 1.4.4 and 1.4.10).
"""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from ads.accounts import Account
from proxy.publish import PublishRequest
from tests.console.conftest import Console
from tests.console.reading import Reading, shared

pytestmark = pytest.mark.timeout(240)
AXE = Path(__file__).parents[2] / "ops/node_modules/axe-core/axe.min.js"
RUN = """axe.run(document, {iframes: false, resultTypes: ["violations"]}).then((r) =>
  r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ")))"""
SIZES: tuple[ViewportSize, ...] = ({"width": 360, "height": 640}, {"width": 1280, "height": 800})
Theme = Literal["light", "dark"]
# The theme for each size; the two languages together have all four pairs.
THEMES: dict[str, tuple[Theme, Theme]] = {"en-GB": ("light", "dark"), "zh-CN": ("dark", "light")}
# Cells with words in a column without a heading.
UNNAMED = """() => [...document.querySelectorAll("table:has(thead)")].flatMap((table) => {
  const words = (cell) => cell.textContent.trim(), [head, ...rows] = table.rows;
  const heads = [...head.cells].flatMap((cell) => Array(cell.colSpan).fill(words(cell)));
  return rows.flatMap((row) => [...row.cells].map(words).filter((text, at) => text && !heads[at]));
})"""
# Words beyond the window, or outside a box that hides overflow. Elements that use an ellipsis, and
# rows that scroll, are excepted by their style.
CUT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
    range.selectNodeContents(text);
    const at = range.getBoundingClientRect();
    if (at.width < 2) continue;
    let box = {left: 0, right: innerWidth}, meant = false;
    for (let e = parent; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      meant ||= style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none"
        || style.clipPath !== "none" || /auto|scroll/.test(style.overflowX);
      if (style.overflowX !== "visible") {
        const edge = e.getBoundingClientRect();
        box = {left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right)};
      }
    }
    const cut = at.left < box.left - 1 || at.right > box.right + 1;
    if (!meant && cut) found.push(text.data.trim());
  }
  return found;
}"""


def _paths(console: Console, many: Reading, few: Reading) -> list[str]:
    ad, share = many.share.ad, many.share.id
    return [
        "/",
        "/shares",
        "/ads",
        "/ads/new?kind=card",
        f"/ads/{ad}",
        f"/ads/{ad}/versions",
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
        "/operator",
        "/about",
        "/report",
        "/offline",
        "/nowhere",
        f"/preview?url={console.source}/tea",
        f"/preview?url={console.source}/shop",
    ]


async def _all(context: BrowserContext, urls: Iterable[str], themes: Sequence[Theme]) -> list[str]:
    """The faults at these addresses; of two windows, one loads while the other is checked."""
    left = iter(urls)

    async def looked() -> list[str]:
        page = await context.new_page()
        return [fault for url in left for fault in await _found(page, url, themes)]

    return [fault for found in await asyncio.gather(looked(), looked()) for fault in found]


async def _found(page: Page, url: str, themes: Sequence[Theme]) -> list[str]:
    answer = await page.goto(url)
    assert answer.status < 500, url
    await page.evaluate(AXE.read_text())
    found = [f"{url} tells a cell of no column: {w}" for w in await page.evaluate(UNNAMED)]
    for size, theme in zip(SIZES, themes, strict=True):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=theme)
        found += [f"{url} {theme} {size['width']} {v}" for v in await page.evaluate(RUN)]
        for text in ("100%", "200%"):
            await page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            at = f"{url} {size['width']} {text}"
            found += [f"{at} goes sideways: {wide}"] if wide > size["width"] else []
            found += [f"{at} is cut: {words}" for words in await page.evaluate(CUT)]
        await page.evaluate("document.documentElement.style.fontSize = ''")
    return found


@pytest.mark.parametrize("locale", THEMES)
async def test_axe_finds_nothing_on_any_page_and_large_text_is_whole(
    window: Browser, console: Console, mei: Account, locale: str
) -> None:
    many, few = await shared(console), await shared(console)
    # A publisher's markup may lack landmarks; ours may not.
    request = PublishRequest(f"{console.source}/tea", many.share.ad, mode="reader")
    plain = await console.parts.publisher.publish(mei, request)
    first = many.opens("", "top", "end")
    for _ in range(60):
        many.opens(first, "top", depth=2)
    few.opens(few.opens("", "top"), depth=2)
    await many.fold()
    await few.fold()
    # The page's policy need not allow the test's own script.
    context = await window.new_context(locale=locale, bypass_csp=True, reduced_motion="reduce")
    session = await console.parts.stores.accounts.new_session(mei.id)
    anyone = (f"{console.url}/signin", f"{console.url}/start?token=x")
    readers = (
        f"{console.pages}/s/{plain.id}",
        f"{console.pages}/s/none",
        f"{console.pages}/me",
    )
    themes = THEMES[locale]
    found = await _all(context, (*anyone, *readers), themes)
    await context.add_cookies([{"name": "passalong", "value": session, "url": console.url}])
    own = (console.url + path for path in _paths(console, many, few))
    found += await _all(context, own, themes)
    assert not found, "\n".join(found)
