"""What readers do with windows and tabs, for real: the test fakes no event."""

import asyncio
import tempfile
from typing import Any

import pytest

from proxy.frame import script
from tests.browser.origin import Origin
from tests.browser.seeing import BELOW, shape, views
from tests.chromium import BARE, PHONE, chromium, chromium_path

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_tab_behind_another_sees_nothing_until_it_is_in_front(origin, tab) -> None:
    first = await tab()
    await first.clock.run_for(900)
    second = await tab()
    assert await first.evaluate("document.hidden")
    await first.clock.run_for(5000)
    assert not origin.of("view")
    await first.bring_to_front()
    await first.clock.run_for(900)
    assert await views(origin, first) == []
    await first.clock.run_for(1100)
    assert await views(origin, first) == ["top"]
    await second.bring_to_front()


async def test_of_two_tabs_of_a_share_each_has_its_open_and_sees_for_itself(origin, tab) -> None:
    first = await tab()
    second = await tab()
    await second.clock.run_for(1100)
    await first.clock.run_for(1100)
    assert await views(origin, second) == ["top"]
    one, two = origin.of("open")
    assert one["n"] == two["n"]
    assert [view["o"] for view in origin.of("view")] == [two["o"]] != [one["o"]]


async def test_a_window_behind_another_is_visible_but_sees_nothing(origin, tab) -> None:
    first = await tab()
    await tab(kind="window")
    assert await first.evaluate("[document.hidden, document.hasFocus()]") == [False, False]
    await first.clock.run_for(3000)
    assert await views(origin, first) == []
    await first.bring_to_front()
    await first.clock.run_for(1100)
    assert await views(origin, first) == ["top"]


async def test_chromium_tells_of_a_lost_focus_too(origin, visit) -> None:
    first = await visit(still=True)
    session = await first.context.new_cdp_session(first)
    await session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    await first.clock.run_for(900)
    await first.context.new_page()
    assert not await first.evaluate("document.hasFocus()")
    await first.clock.run_for(3000)
    assert not origin.of("view")
    await first.bring_to_front()
    await first.wait_for_function("document.hasFocus()", polling=20)
    await first.clock.run_for(1100)
    assert await views(origin, first) == ["top"]


async def test_a_page_made_larger_shows_less_of_a_slot_and_smaller_more(origin, tab) -> None:
    origin.lead = '<div style="height:650px"></div>'
    page = await tab()
    await shape(page, 300, 200)
    await page.zoom(2)
    assert await page.evaluate("devicePixelRatio") > 1
    await page.clock.run_for(3000)
    assert await views(origin, page) == []
    await page.zoom(-3)
    assert await page.evaluate("devicePixelRatio") < 1
    await page.clock.run_for(1200)
    assert await views(origin, page) == ["top"]


async def test_what_two_fingers_push_off_the_screen_is_not_seen(origin, visit) -> None:
    """Pinch zoom: the layout viewport stays, the screen shows less of it."""
    origin.lead = '<div style="height:500px"></div>'
    page = await visit(still=True)
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    assert await page.evaluate("[innerHeight, visualViewport.height]") == [800, 400]
    await page.clock.run_for(3000)
    assert await views(origin, page) == []
    await session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
    await page.clock.run_for(1200)
    assert await views(origin, page) == ["top"]


async def test_a_slot_is_seen_on_a_page_for_desktops_that_a_phone_shrinks(origin) -> None:
    """Also in engines before 2024, which measure a zoomed element in its own pixels."""
    older = "--disable-blink-features=StandardizedBrowserZoom"
    origin.viewport, origin.lead = "width=980", '<div style="height:300px"></div>'
    async with chromium([*BARE, older]) as browser:
        context = await browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
        page = await context.new_page()
        await page.goto(origin.link())
        await origin.until(lambda: origin.of("view"))


@pytest.mark.parametrize("printed", ["below the window", "in view"])
async def test_printing_shows_nobody_anything(origin, look, printed: str) -> None:
    if printed == "below the window":
        origin.lead = BELOW
    page = await look()
    await page.clock.run_for(500)
    await (page.print() if hasattr(page, "print") else page.pdf())
    await page.clock.run_for(3000)
    assert await views(origin, page) == (["top"] if printed == "in view" else [])
    assert len(origin.of("open")) == 1


async def test_each_reload_and_way_back_is_an_open_whose_second_starts_anew(origin, look) -> None:
    page = await look()
    await page.clock.run_for(900)
    await page.reload()
    await page.clock.run_for(900)
    await origin.until(lambda: len(origin.of("open")) == 2)
    assert not origin.of("view")
    await page.clock.run_for(200)
    await origin.until(lambda: origin.of("view"))
    assert origin.of("view")[0]["o"] == origin.of("open")[1]["o"]


async def _kept(page: Any) -> bool:
    """Whether the page was restored; its `pageshow` may come after the navigation has ended."""
    for _ in range(250):
        if (kept := await page.evaluate("self.kept ?? null")) is not None:
            return bool(kept)
        await asyncio.sleep(0.02)
    return False


async def restored(origin: Origin, page: Any, **how: str) -> None:
    """Leave after 0.9 s, return to the restored page, and stay for a second."""
    await page.evaluate("addEventListener('pageshow', event => { self.kept = event.persisted })")
    await page.clock.run_for(900)
    await page.goto(f"{origin.url}/blank")
    await origin.until(lambda: origin.of("read"))
    await page.go_back(**how)
    if not await _kept(page):
        assert "unload" not in script(), "a handler of ours keeps pages out of the cache"
        pytest.skip("NOT KEPT: the browser dropped the page this time, as it is free to")
    await page.clock.run_for(900)
    assert await views(origin, page) == []
    await page.clock.run_for(1200)
    assert await views(origin, page) == ["top"]
    assert len(origin.of("open")) == 1
    told = len(origin.of("read"))
    await page.clock.run_for(1000)
    await page.goto(f"{origin.url}/blank")
    await origin.until(lambda: len(origin.of("read")) > told)
    assert origin.of("read")[-1]["ms"] >= 4000


async def test_firefox_brings_a_page_back_as_it_was_and_nothing_opens_again(origin, tab) -> None:
    await restored(origin, await tab())


async def test_chromium_does_so_too(origin) -> None:
    async with chromium(BARE, ignore_default_args=["--disable-back-forward-cache"]) as browser:
        page = await browser.new_page()
        await page.clock.install(time=0)
        await page.clock.pause_at(1000)
        await page.goto(origin.link())
        await page.clock.run_for(1)
        await origin.until(lambda: origin.of("open"))
        await restored(origin, page, wait_until="commit")


async def test_a_page_made_ready_in_advance_opens_when_it_is_shown(origin) -> None:
    """Chromium prerenders nothing for an automated navigation, so a page links to the share."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as at:
        flags = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={at}", *BARE]
        process = await asyncio.create_subprocess_exec(
            *(chromium_path(), *flags, f"{origin.url}/before"), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await origin.until(lambda: origin.of("view"))
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 20)
    assert origin.unturned == origin.pages == ["prefetch;prerender"]
    assert len(origin.of("open")) == len(origin.of("view")) == 1
