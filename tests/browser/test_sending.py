"""How events leave the page: batches, one retry, a beacon at the end, both sandboxes."""

import re
from contextlib import suppress

import pytest
from playwright.async_api import Error, Route

from tests.browser.origin import Origin
from tests.browser.seeing import turn

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(params=[False, True], ids=["own origin", "strict sandbox"])
def sandboxed(request: pytest.FixtureRequest, origin: Origin) -> Origin:
    origin.strict = request.param
    return origin


async def test_a_refused_call_is_tried_once_more_with_the_same_events(sandboxed, visit) -> None:
    sandboxed.status = 503
    page = await visit(still=True)
    await page.clock.run_for(2900)
    assert len(sandboxed.of("open")) == 1
    for _ in range(3):
        await page.wait_for_load_state("networkidle")
        await page.clock.run_for(3100)
    await sandboxed.until(lambda: len(sandboxed.of("open")) >= 2)
    await page.evaluate("dispatchEvent(new Event('pagehide'))")
    await sandboxed.until(lambda: sandboxed.of("read"))
    first, *more = sandboxed.of("open")
    assert more.count(first) == len(more) > 0


async def test_a_call_that_is_always_refused_is_given_up_some_day(origin, profile) -> None:
    page, tried = await (await profile(still=True)).new_page(), 0

    async def refuse(call: Route) -> None:
        # Counted as it leaves: a leap of the clock may cut it off before it arrives.
        nonlocal tried
        tried += '"open"' in (call.request.post_data or "")
        with suppress(Error):
            await call.fulfill(status=503)

    await page.route("**/e", refuse)
    await page.goto(origin.link())
    for _ in range(60):
        await page.wait_for_load_state("networkidle")
        await page.clock.fast_forward(10**8)
    assert tried == 17


async def test_what_had_no_luck_goes_when_the_network_is_back(sandboxed, profile) -> None:
    context = await profile(still=True)
    page = await context.new_page()
    await page.route("**/e", lambda call: call.abort())
    await page.goto(sandboxed.link())
    for _ in range(3):
        await page.wait_for_load_state("networkidle")
        await page.clock.run_for(3100)
    assert not sandboxed.events
    await page.unroute("**/e")
    await context.set_offline(True)
    await turn(page, hidden=True)
    await page.clock.run_for(3100)
    await context.set_offline(False)
    await page.wait_for_function("navigator.onLine", polling=20)
    # How long each call still waits depends on when its failure was noticed.
    while not (sandboxed.of("open") and sandboxed.of("read")):
        await page.clock.run_for(3100)
    assert len({event["o"] for event in sandboxed.events}) == 1


async def test_what_is_left_goes_by_the_last_chance_in_both_sandboxes(sandboxed, visit) -> None:
    page = await visit(still=True)
    await page.clock.run_for(1000)
    await page.goto(f"{sandboxed.url}/blank")
    await sandboxed.until(lambda: sandboxed.of("read"))
    read = sandboxed.of("read")[0]
    assert read["o"] == sandboxed.of("open")[0]["i"]
    assert 1000 <= read["ms"] < 1500


async def test_where_there_are_no_beacons_what_is_left_goes_as_well(origin, visit) -> None:
    page = await visit(still=True)
    await page.evaluate("delete Navigator.prototype.sendBeacon")
    await page.clock.run_for(1000)
    await page.goto(f"{origin.url}/blank")
    await origin.until(lambda: origin.of("read"))


async def test_a_call_holds_at_most_32_events(origin, visit) -> None:
    page = await visit(still=True)
    await page.evaluate(
        """() => {
            navigator.share = () => Promise.resolve();
            const share = document.querySelector('[data-passalong=share]');
            for (let i = 0; i < 70; i++) share.click();
        }"""
    )
    await page.clock.run_for(10)
    await origin.until(lambda: len(origin.of("share")) == 70)
    assert max(len(call) for call in origin.calls) == 32
    ids = [event["i"] for event in origin.events]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[A-Za-z0-9_-]{16,32}", i) for i in ids)


@pytest.mark.parametrize(
    ("referrer", "told"),
    [
        ("https://t.co/AbC?secret=1#there", "via=t.co"),
        ("android-app://com.twitter.android/", "via=com.twitter.android"),
        ("", ""),
        ("weixin", ""),
    ],
)
async def test_each_call_names_the_site_that_led_here_and_nothing_of_its_address(
    origin, profile, referrer: str, told: str
) -> None:
    page = await (await profile()).new_page()
    await page.add_init_script(
        f"Object.defineProperty(document, 'referrer', {{value: {referrer!r}}})"
    )
    await page.goto(origin.link())
    await origin.until(lambda: origin.of("open"))
    await page.evaluate("dispatchEvent(new Event('pagehide'))")
    await origin.until(lambda: origin.of("read"))
    assert origin.asked == [told] * len(origin.calls)


async def test_a_reader_who_asks_not_to_be_tracked_names_no_site(origin, profile) -> None:
    page = await (await profile()).new_page()
    await page.add_init_script(
        """Object.defineProperty(document, 'referrer', {value: 'https://t.co/'});
        Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"""
    )
    await page.goto(origin.link())
    await origin.until(lambda: origin.of("open"))
    assert origin.asked == [""]
