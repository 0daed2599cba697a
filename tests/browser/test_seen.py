"""What counts as seen: slots by half of the pixels for a second, the article by running totals.

By MRC's Viewable Ad Impression Measurement Guidelines, in both browsers. For windows and tabs see
test_windows.
"""

import pytest

from tests.browser.seeing import BELOW, leave, shape, show, turn, views

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(("pixels", "seen"), [(98, []), (100, ["top"])])
async def test_half_of_a_slot_must_be_in_the_window(origin, look, pixels, seen) -> None:
    origin.lead = BELOW
    page = await look()
    await shape(page, 300, 200)
    await show(page, pixels)
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


@pytest.mark.parametrize(
    ("wide", "high", "part", "seen"),
    [
        (970, 250, 0.3, ["top"]),
        (970, 250, 0.29, []),
        (970, 249, 0.49, []),
        (347, 700, 0.31, ["top"]),
        (347, 700, 0.29, []),
    ],
)
async def test_of_a_very_large_slot_three_tenths_are_enough(
    origin, look, wide, high, part, seen
) -> None:
    origin.lead = BELOW
    page = await look(viewport={"width": 1000, "height": 800})
    await shape(page, wide, high)
    await show(page, part * high)
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


@pytest.mark.parametrize("late", [0, 99])
@pytest.mark.parametrize(("ms", "seen"), [(900, []), (1000, ["top"])])
async def test_a_slot_must_be_in_view_for_a_second(origin, look, late, ms, seen) -> None:
    """At any time and to the millisecond, as our checks start when it comes into view."""
    origin.lead = BELOW
    page = await look()
    await page.clock.run_for(late)
    await show(page, 400)
    await page.clock.run_for(ms)
    await show(page, -1000)
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


async def test_a_second_must_pass_and_a_slot_is_reported_once(origin, look) -> None:
    page = await look()
    await page.clock.run_for(900)
    assert await views(origin, page) == []
    await page.clock.run_for(1600)
    assert await views(origin, page) == ["top"]
    await show(page, 50)
    await page.clock.run_for(5000)
    await show(page, 400)
    await page.clock.run_for(5000)
    assert await views(origin, page) == ["top"]


async def test_a_slot_that_was_seen_is_looked_at_no_more(origin, look) -> None:
    page = await look()
    await page.clock.run_for(1200)
    await page.evaluate("void (document.elementFromPoint = () => { self.looked = true })")
    await show(page, 60)
    await page.clock.run_for(1200)
    assert await views(origin, page) == ["top"]
    assert await page.evaluate("self.looked ?? null") is None


@pytest.mark.parametrize("away", [300, 10])
async def test_two_halves_of_a_second_are_not_a_continuous_one(origin, look, away: int) -> None:
    page = await look()
    for _ in range(4):
        await page.clock.run_for(800)
        await turn(page, hidden=True)
        await page.clock.run_for(away)
        await turn(page, hidden=False)
    assert await views(origin, page) == []


async def test_a_slot_that_is_scrolled_past_again_and_again_is_not_seen(origin, look) -> None:
    origin.lead = BELOW
    page = await look()
    for _ in range(4):
        await show(page, 400)
        await page.clock.run_for(850)
        await show(page, -1000)
        await page.clock.run_for(20)
    assert await views(origin, page) == []


async def test_a_page_that_slept_vouches_for_nothing(origin, look) -> None:
    page = await look()
    await page.clock.run_for(500)
    await page.clock.fast_forward(60_000)
    assert await views(origin, page) == []
    await page.clock.run_for(1200)
    assert await views(origin, page) == ["top"]


@pytest.mark.parametrize(
    ("told", "seen"), [([], []), (["touchstart"], ["top"]), (["touchstart", "blur"], [])]
)
async def test_who_touches_a_page_is_there_though_its_app_gives_it_no_focus(
    origin, look, told, seen
) -> None:
    """A web view of iOS gets focus by a tap, not by scrolling."""
    page = await look()
    await page.evaluate("void (document.hasFocus = () => false)")
    for each in told:
        await page.evaluate(f"dispatchEvent(new Event('{each}'))")
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


@pytest.mark.parametrize(
    ("cover", "seen"),
    [
        ("inset:0", []),
        ("inset:0;opacity:0", []),
        ("left:0;top:0;width:60%;height:100%", []),
        ("left:0;top:0;width:40%;height:100%", ["top"]),
        ("left:0;bottom:0;width:100%;height:30%", ["top"]),
    ],
)
async def test_a_slot_under_something_else_is_not_seen(origin, look, cover, seen) -> None:
    # Higher than any page may lay something: an extension of the browser does.
    origin.lead = f'<div style="position:fixed;{cover};z-index:2147483647"></div>'
    page = await look()
    await page.clock.run_for(3000)
    assert await views(origin, page) == seen


@pytest.mark.parametrize(
    ("style", "lead"),
    [
        ("", '<div style="transform:translateX(-2000px)!important">'),
        ("", '<div style="opacity:0!important">'),
        ("", '<div style="display:none">'),
        (
            "html{overflow:hidden}body{height:10px;overflow:hidden;position:relative}",
            '<div style="height:300px"></div>',
        ),
    ],
)
async def test_a_slot_that_the_page_hides_is_not_seen(origin, look, style, lead) -> None:
    origin.style = style
    origin.lead = lead
    page = await look()
    await page.clock.run_for(3000)
    assert await views(origin, page) == []


async def test_reading_is_told_as_totals_that_only_grow(origin, look) -> None:
    page = await look()
    await page.clock.run_for(5000)
    await turn(page, hidden=True)
    await origin.until(lambda: origin.of("read"))
    await page.clock.run_for(60_000)
    await turn(page, hidden=False)
    await show(page, 1e6)
    await page.clock.run_for(2000)
    await leave(page)
    await turn(page, hidden=False)
    await page.clock.run_for(1000)
    await leave(page)
    await origin.until(lambda: len(origin.of("read")) >= 3)
    first, last, end = origin.of("read")
    assert end["ms"] == last["ms"] + 1000
    assert 5000 <= first["ms"] < 5100
    assert 7000 <= last["ms"] < 7100
    assert 0 < first["pct"] < last["pct"] == 100
    assert first["o"] == last["o"] == origin.of("open")[0]["i"]
    assert first["i"] != last["i"]


async def test_how_far_is_told_by_the_length_that_the_article_has_in_the_end(origin, look) -> None:
    """Pictures without a declared size take room when they load."""
    page = await look(viewport={"width": 400, "height": 3000})
    await page.evaluate("document.querySelector('body > p').style.height = '30000px'")
    await turn(page, hidden=True)
    await origin.until(lambda: origin.of("read"))
    assert 0 < origin.of("read")[0]["pct"] < 10
