"""Reports by keyboard, on paper, in forced colours, and with large numbers."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.async_api import Browser, Page, expect

from ads.accounts import Account
from tests.console.conftest import Console
from tests.console.people import on_both_screens, signed_in
from tests.console.reading import Reading, shared

pytestmark = pytest.mark.timeout(120)

# The depths of the chart that is drawn, each with many readers.
MORE = """(many) => {
  const facts = document.getElementById("hops-facts");
  const told = JSON.parse(facts.textContent);
  told.bars.forEach((bar) => (bar.readers *= many));
  facts.textContent = JSON.stringify(told);
  document.dispatchEvent(new Event("refreshed"));
}"""
# How many numbers of the chart overlap another one or its edge.
CROWDED = """() => {
  const chart = document.querySelectorAll(".chart")[1], box = chart.getBoundingClientRect();
  const all = [...chart.querySelectorAll(".said-so")].map((e) => e.getBoundingClientRect());
  const apart = (a, b) => a.right < b.left + 1 || a.bottom < b.top + 2 || b.bottom < a.top + 2;
  const free = (at, i) => at.left > box.left - 2 && all.slice(i + 1).every((b) => apart(at, b));
  return all.length - all.filter(free).length;
}"""
SEEN_DARK = "getComputedStyle(document.querySelector('h1')).color"


async def _deep(console: Console) -> Reading:
    """A chain of eight readers."""
    reading, before = await shared(console), ""
    for depth in range(1, 9):
        before = reading.opens(before, "top", depth=depth)
    await reading.fold()
    return reading


async def _report(page: Page, console: Console, reading: Reading) -> None:
    await page.goto(f"{console.url}/ads/{reading.share.ad}/report")
    await expect(page.locator("figure .chart svg")).to_have_count(2)


async def test_numbers_over_a_charts_bars_stand_apart_however_large_they_are(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _deep(console)
    for page, _ in await on_both_screens(window, console):
        await _report(page, console, reading)
        assert not await page.evaluate(CROWDED)
        await page.evaluate(MORE, 123_456)
        assert not await page.evaluate(CROWDED)
        await page.goto(f"{page.url}?lang=zh")
        await page.evaluate(MORE, 1_236)
        numbers = page.locator(".chart:has(~ #hops-facts) .said-so")
        told = {text.replace(",", "") for text in await numbers.all_text_contents()}
        assert told == {"1236"}, "not 1240, which looks exact"


async def test_a_bar_that_is_not_over_yet_is_striped_in_its_own_colour(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _deep(console)
    for page, _ in await on_both_screens(window, console):
        await _report(page, console, reading)
        shown = await page.locator(".chart .seen.soft").last.screenshot()
        red, _, blue = Image.open(BytesIO(shown)).convert("RGB").split()
        warm = ImageChops.subtract(red, blue).point(lambda more: 255 * (more > 60))
        assert 0.1 < ImageStat.Stat(warm).mean[0] / 255 < 0.9


async def test_news_of_a_report_wait_for_whoever_goes_through_it_by_keyboard(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _deep(console)
    (page, _), (other, _) = await on_both_screens(window, console)
    for each in (page, other):
        await _report(each, console, reading)
        await expect(each.get_by_text("Live: as of")).to_be_visible()
    table = page.get_by_role("button", name="As a table").first
    await page.keyboard.press("Tab")
    await table.focus()
    reading.opens("", "top")
    await reading.fold()
    await expect(other.get_by_role("heading", level=1)).to_contain_text("9 readers")
    await expect(table).to_be_focused()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("8 readers")
    await table.blur()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("9 readers")


async def test_on_paper_no_bar_lies_over_the_figures_and_the_ink_is_dark(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _deep(console)
    for page, _ in await on_both_screens(window, console):
        await page.context.add_cookies(
            [{"name": "passalong-theme", "value": "dark", "url": console.url}]
        )
        await _report(page, console, reading)
        await expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        await page.emulate_media(media="print")
        await expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        await expect(page.locator("figure .chart svg").first).to_be_visible()
        assert await page.evaluate(SEEN_DARK) == "rgb(17, 32, 31)"


async def test_the_panel_beside_a_map_begins_at_the_windows_edge(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await shared(console)
    for _ in range(60):
        reading.opens("", "top")
    await reading.fold()
    _, (page, _) = await on_both_screens(window, console)
    await page.goto(f"{console.url}/shares/{reading.share.id}/spread")
    box = await page.get_by_role("complementary", name="Branches").bounding_box()
    assert box["y"] == 0


async def test_what_is_chosen_shows_in_forced_colours(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await shared(console)
    for _ in range(60):
        reading.opens("", "top", "end")
    await reading.fold()
    page, _ = await signed_in(await window.new_context(forced_colors="active"), console)
    await page.goto(f"{console.url}/shares/{reading.share.id}/spread")
    await expect(page.locator(".segments [aria-current]")).to_have_css("border-top-width", "2px")
