"""What counts as seen: slots by half of the pixels for a second, the article by running totals."""

import pytest
from playwright.async_api import Page

from tests.browser.origin import Origin

pytestmark = pytest.mark.asyncio(loop_scope="session")

SET = "Object.defineProperty(document, '{0}', {{value: {1}, configurable: true}})"


async def turn(page: Page, *, hidden: bool) -> None:
    """The page goes to the background, or comes back."""
    await page.evaluate(SET.format("hidden", str(hidden).lower()))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


async def views(origin: Origin, page: Page) -> list[str]:
    """The slots reported so far, after everything that was under way has arrived."""
    reads = len(origin.of("read"))
    await page.clock.run_for(2)
    await turn(page, hidden=True)
    await page.clock.run_for(2)
    await origin.until(lambda: len(origin.of("read")) > reads)
    await turn(page, hidden=False)
    return [event["s"] for event in origin.of("view")]


async def scroll_to_show(page: Page, part: float) -> None:
    """Scrolls until exactly the upper `part` of the slot is in the window."""
    await page.evaluate(
        """part => {
            const box = document.querySelector('note-card').getBoundingClientRect();
            scrollTo(0, scrollY + box.top + part * box.height - innerHeight);
        }""",
        part,
    )


@pytest.mark.parametrize(("part", "seen"), [(0.4, []), (0.49, []), (0.52, ["top"]), (1, ["top"])])
async def test_half_of_a_slot_must_be_in_the_window(origin, visit, part, seen) -> None:
    origin.lead = '<div style="height:1500px"></div>'
    page = await visit(still=True)
    await scroll_to_show(page, part)
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


@pytest.mark.parametrize(("part", "seen"), [(0.25, []), (0.35, ["top"])])
async def test_of_a_very_large_slot_three_tenths_are_enough(origin, visit, part, seen) -> None:
    origin.lead = '<div style="height:1500px"></div>'
    page = await visit(still=True)
    slot = page.locator("note-card")
    await slot.evaluate("at => at.style.setProperty('min-height', '700px', 'important')")
    await scroll_to_show(page, part)
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


async def test_a_second_must_pass_and_a_slot_is_reported_once(origin, visit) -> None:
    page = await visit(still=True)
    await page.clock.run_for(900)
    assert await views(origin, page) == []
    await page.clock.run_for(1600)
    assert await views(origin, page) == ["top"]
    await page.clock.run_for(5000)
    assert await views(origin, page) == ["top"]


async def test_two_halves_of_a_second_are_not_a_continuous_one(origin, visit) -> None:
    page = await visit(still=True)
    for _ in range(4):
        await page.clock.run_for(800)
        await turn(page, hidden=True)
        await page.clock.run_for(300)
        await turn(page, hidden=False)
    assert await views(origin, page) == []


async def test_a_page_that_slept_vouches_for_nothing(origin, visit) -> None:
    page = await visit(still=True)
    await page.clock.run_for(500)
    await page.clock.fast_forward(60_000)
    assert await views(origin, page) == []


@pytest.mark.parametrize(
    "cover",
    [
        "position:fixed;inset:0",
        "position:fixed;inset:0 0 0 0;opacity:0",
        "position:fixed;left:0;top:0;width:60%;height:100%",
    ],
)
async def test_a_slot_under_something_else_is_not_seen(origin, visit, cover: str) -> None:
    origin.lead = f'<div style="{cover};z-index:9"></div>'
    page = await visit(still=True)
    await page.clock.run_for(3000)
    assert await views(origin, page) == []


@pytest.mark.parametrize(
    "style",
    [
        "body{visibility:hidden}note-card{visibility:hidden}",
        "body{opacity:0}",
        "html{overflow:hidden}body{height:10px;overflow:hidden;position:relative}",
    ],
)
async def test_a_slot_that_the_page_hides_is_not_seen(origin, visit, style: str) -> None:
    origin.lead = '<div style="height:300px"></div>'
    origin.style = style
    if "visibility" in style:
        origin.lead = '<div style="transform:translateX(-2000px);position:absolute">'
    page = await visit(still=True)
    await page.clock.run_for(3000)
    assert await views(origin, page) == []


async def test_a_window_without_focus_sees_nothing(origin, visit, profile) -> None:
    context = await profile(still=True)
    await context.add_init_script("document.hasFocus = () => self.focused")
    page = await context.new_page()
    await page.goto(origin.link())
    await page.clock.run_for(3000)
    assert await views(origin, page) == []
    await page.evaluate("self.focused = true")
    await page.clock.run_for(1500)
    assert await views(origin, page) == ["top"]


async def test_reading_is_told_as_totals_that_only_grow(origin, visit) -> None:
    page = await visit(still=True)
    await page.clock.run_for(5000)
    await turn(page, hidden=True)
    await origin.until(lambda: origin.of("read"))
    await page.clock.run_for(60_000)
    await turn(page, hidden=False)
    await page.evaluate("scrollTo(0, 1e6)")
    await page.clock.run_for(2000)
    await turn(page, hidden=True)
    await origin.until(lambda: len(origin.of("read")) == 2)
    first, last = origin.of("read")
    assert 5000 <= first["ms"] < 5100
    assert 7000 <= last["ms"] < 7100
    assert 0 < first["pct"] < last["pct"] == 100
    assert first["o"] == last["o"] == origin.of("open")[0]["i"]
    assert first["i"] != last["i"]


async def test_leaving_and_coming_back_from_the_cache_opens_nothing_again(origin, visit) -> None:
    page = await visit(still=True)
    await page.clock.run_for(2000)
    for kind in ("pagehide", "pageshow"):
        made = f"new PageTransitionEvent('{kind}', {{persisted: true}})"
        await page.evaluate(f"dispatchEvent({made})")
    await page.clock.run_for(3000)
    assert await views(origin, page) == ["top"]
    assert len(origin.of("open")) == 1
