"""Buttons: the ad's own, the share block's, the sticky bar's; variants by the reader's id."""

import pytest
from playwright.async_api import Page, expect

from ads.ad import Card, Variant, variant
from tests.browser.origin import SHARE, SOURCE, Origin
from tests.browser.test_ad_look import SHIFTED
from tests.chromium import DESK, PHONE
from tests.pages import an_ad

pytestmark = pytest.mark.asyncio(loop_scope="session")

both_screens = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
# No dialogs, as before 2022.
OLD = "['showModal', 'close'].forEach(each => delete HTMLDialogElement.prototype[each])"
STAY = "addEventListener('click', event => event.preventDefault())"
SHARES = """() => {
  self.shared = [];
  navigator.share = async what => { self.shared.push(what.url) };
}"""


async def copied(page: Page) -> str:
    return await page.evaluate("navigator.clipboard.readText()")


async def test_a_link_into_the_web_carries_what_the_server_needs_to_count_it(origin, visit) -> None:
    page = await visit()
    ids = set()
    for button in ("left", "left", "middle"):
        seen = len(origin.clicks)
        await page.locator("note-card a").click(button=button)
        await origin.until(lambda seen=seen: len(origin.clicks) > seen)
        click = origin.clicks[-1]
        ids.add(click["i"])
        opened = origin.of("open")[0]
        assert (click["h"], click["o"], click["t"]) == (opened["n"], opened["i"], "ticket-1")
        assert (click["share"], click["slot"]) == (SHARE, "top")
    assert len(ids) == 3
    assert not origin.of("tap")


async def test_a_number_is_a_plain_link_whose_tap_comes_by_beacon(origin, visit) -> None:
    origin.ad = an_ad("call", target="tel:+442079460123")
    page = await visit()
    await page.evaluate(STAY)
    await page.get_by_text("Call +442079460123").click()
    await origin.until(lambda: origin.of("tap"))
    assert origin.of("tap")[0]["s"] == "top"


@pytest.mark.parametrize("strict", [False, True])
async def test_a_file_that_the_article_links_to_comes(origin, visit, strict: bool) -> None:
    origin.strict = strict
    origin.lead = '<a id="file" href="/list.zip">The list</a>'
    page = await visit()
    said = {"Content-Disposition": "attachment"}
    await page.route("**/list.zip", lambda asked: asked.fulfill(body="PK", headers=said))
    async with page.expect_download(timeout=5000) as coming:
        await page.click("#file")
    assert (await coming.value).suggested_filename == "list.zip"


@both_screens
async def test_copying_the_wechat_id_is_a_tap(origin, visit, profile, viewport) -> None:
    origin.ad = an_ad("card", target="", card=Card(person="Mei Lin", wechat="meilin-tea"))
    allowed = ["clipboard-read", "clipboard-write"]
    context = await profile(permissions=allowed, viewport=viewport)
    page = await visit(context=context)
    await page.get_by_role("button", name="Copy WeChat ID").click()
    await expect(page.locator("button[aria-live]", has_text="Copied")).to_be_visible()
    await origin.until(lambda: origin.of("tap"))
    assert await copied(page) == "meilin-tea"


async def test_icons_are_there_in_colours_that_a_reader_forces(origin, visit) -> None:
    origin.ad = an_ad("call", target="tel:+442079460123")
    page = await visit(forced_colors="active")
    unseen = await page.evaluate(
        """() => [...document.querySelectorAll('.e')].filter(at => {
            const around = at.closest('note-card, section, note-line');
            const [one, other] = [at, around].map(each => getComputedStyle(each).backgroundColor);
            return one == other;
        }).length"""
    )
    assert unseen == 0


async def test_share_and_plain_hand_on_the_own_link_and_the_original(origin, visit) -> None:
    page = await visit()
    await page.evaluate(SHARES)
    await page.locator("[data-passalong=share]").click()
    await page.locator("[data-passalong=plain]").click()
    await origin.until(lambda: origin.of("plain"))
    own = origin.of("open")[0]["n"]
    assert await page.evaluate("self.shared") == [origin.link(own), SOURCE]
    assert len(origin.of("share")) == 1


@both_screens
async def test_without_a_share_sheet_links_are_copied(origin, visit, profile, viewport) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    context = await profile(permissions=allowed, viewport=viewport)
    page = await visit(context=context)
    await page.evaluate("delete Navigator.prototype.share")
    own = origin.link(origin.of("open")[0]["n"])
    for name, kind, text in (
        ("Copy my link", "share", own),
        ("Share the original, without the ad", "plain", SOURCE),
        ("Share", "share", own),
    ):
        before = len(origin.of(kind))
        await page.locator("note-pass").get_by_text(name, exact=True).click()
        await expect(page.locator("[aria-live]", has_text="Copied").first).to_be_visible()
        await origin.until(lambda kind=kind, before=before: len(origin.of(kind)) > before)
        assert await copied(page) == text


@pytest.mark.parametrize("more", ["", OLD])
@both_screens
async def test_without_any_clipboard_the_link_stands_there_selected(
    origin, visit, viewport, more: str
) -> None:
    page = await visit(viewport=viewport)
    lacking = "delete Navigator.prototype.share; delete Navigator.prototype.clipboard;"
    await page.evaluate(lacking + more)
    await page.get_by_text("Copy my link").click()
    await expect(page.locator("note-pass dialog")).to_be_visible()
    selected = await page.evaluate("getSelection().toString()")
    assert selected == origin.link(origin.of("open")[0]["n"])
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("note-pass dialog")).to_be_hidden()


async def test_a_reader_who_calls_the_share_sheet_off_gets_no_copy(origin, visit) -> None:
    page = await visit()
    await page.evaluate(
        "navigator.share = async () => { throw new DOMException('', 'AbortError') }; 0"
    )
    await page.locator("[data-passalong=share]").click()
    await origin.until(lambda: origin.of("share"))
    await expect(page.locator("note-pass dialog")).to_be_hidden()


@both_screens
async def test_on_a_phone_and_a_desk_in_any_browser_it_is_passed_on_tapped_and_the_bar_closed(
    origin, look, viewport
) -> None:
    origin.slots = ("top", "sticky")
    page = await look(viewport=viewport)
    own = origin.of("open")[0]["n"]
    await page.evaluate(SHARES)
    for mark, kind in (("share", "share"), ("plain", "plain")):
        await page.click(f"[data-passalong={mark}]")
        await page.clock.run_for(3100)
        await origin.until(lambda kind=kind: origin.of(kind))
    assert await page.evaluate("self.shared") == [origin.link(own), SOURCE]
    await page.evaluate(COVERS)  # the bar has slid in
    await page.click("note-card[data-slot=sticky] button")
    await page.clock.run_for(3100)
    await origin.until(lambda: origin.of("close"))
    assert (await page.evaluate(COVERS))[0] is False
    await page.click("note-card[data-slot=top] a")
    await origin.until(lambda: origin.clicks)
    assert (origin.clicks[0]["h"], origin.clicks[0]["slot"]) == (own, "top")


def bar(page: Page):
    return page.locator("note-card[data-slot=sticky]")


COVERS = """async () => {
  const at = document.querySelector("note-card[data-slot=sticky]");
  await Promise.allSettled(at.getAnimations().map(each => each.finished)); // it slides in and out
  const box = at.getBoundingClientRect();
  const shown = getComputedStyle(at).visibility === "visible" && !at.hidden;
  const words = [...document.querySelectorAll("body > p")].filter(p => {
    const {top, bottom} = p.getBoundingClientRect();
    return bottom > box.top && top < box.bottom && Math.max(top, box.top) + scrollY < innerHeight;
  });
  return [shown, box.height / innerHeight, words.length];
}"""
SCROLLED = """down => new Promise(done => {
  addEventListener("scroll", () => done(true), {once: true});
  scrollTo(0, down);
})"""
SCREENS = [(390, 844), (360, 640), (320, 568), (1280, 800)]


@pytest.mark.parametrize(("width", "height"), SCREENS)
async def test_the_bar_covers_a_fifth_of_the_screen_at_most_and_no_word_of_the_first_one(
    origin, look, width: int, height: int
) -> None:
    origin.slots = ("end", "sticky")
    origin.ad = an_ad("card", card=Card(person="Mei Lin", phone="+44 1", wechat="meilin-tea"))
    page = await look(viewport={"width": width, "height": height})
    await page.clock.run_for(9000)
    assert (await page.evaluate(COVERS))[0] is False, "nobody has scrolled"
    for down, shown in ((60, False), (81, True), (0, False)):
        await page.evaluate(SCROLLED, down)
        seen, part, words = await page.evaluate(COVERS)
        assert seen is shown
        assert part < 0.2
        assert words == 0 or not shown


@pytest.mark.parametrize("inset", [0, 34])
async def test_the_bar_has_its_room_at_the_end_above_a_phones_own_bar_as_well(
    origin, visit, inset: int
) -> None:
    origin.slots = ("end", "sticky")
    page = await visit()
    session = await page.context.new_cdp_session(page)
    insets = {"insets": {"bottom": inset}}
    await session.send("Emulation.setSafeAreaInsetsOverride", insets)
    room = await page.evaluate("document.querySelector('note-room').offsetHeight")
    assert room == 80 + inset
    assert await bar(page).evaluate("at => at.clientHeight") == room  # without the border


async def test_where_all_is_on_one_screen_the_bar_takes_its_room_after_three_seconds(
    origin, visit
) -> None:
    origin.slots = ("end", "sticky")
    page = await visit(still=True, viewport={"width": 400, "height": 3000})
    await page.clock.run_for(2900)
    await expect(bar(page)).to_be_hidden()
    await page.clock.run_for(200)
    await expect(bar(page)).to_be_visible()
    assert await bar(page).evaluate("at => getComputedStyle(at).position") == "fixed"


@pytest.mark.parametrize("by", ["tap", "Escape"])
async def test_the_bar_closes_at_once_stays_closed_and_moves_nothing(
    origin, visit, by: str
) -> None:
    origin.slots = ("end", "sticky")
    page = await visit(still=True)
    await page.evaluate("scrollTo(0, 200)")
    await expect(bar(page)).to_be_visible()
    height = await page.evaluate("document.documentElement.scrollHeight")
    close = page.get_by_role("button", name="Close the ad")
    await (close.click() if by == "tap" else close.press("Escape"))
    await expect(bar(page)).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollHeight") == height
    await page.clock.run_for(10)
    await origin.until(lambda: origin.of("close"))
    assert origin.of("close")[0]["s"] == "sticky"
    await page.reload()
    await page.clock.run_for(9000)
    await expect(bar(page)).to_be_hidden()
    assert len(origin.of("close")) == 1


@both_screens
async def test_without_scripts_the_bar_stands_in_the_flow_and_links_work(
    origin: Origin, profile, viewport
) -> None:
    origin.slots = ("top", "sticky")
    page = await (await profile(java_script_enabled=False, viewport=viewport)).new_page()
    await page.goto(origin.link())
    await expect(bar(page)).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    for mark in ("sharer", "source", "plain", "share", "mine", "report"):
        await expect(page.locator(f"[data-passalong={mark}]")).to_be_visible()
    below = await bar(page).bounding_box()
    block = await page.locator("note-pass").bounding_box()
    assert below["y"] >= block["y"] + block["height"]


@pytest.mark.parametrize("picked", ["a", "b", "c"])
async def test_every_slot_shows_the_variant_of_the_readers_id(
    origin, visit, profile, picked: str
) -> None:
    parts = [Variant(id=i, weight=w, title=f"Title {i}") for i, w in (("a", 1), ("b", 3), ("c", 2))]
    origin.ad = an_ad(variants=tuple(parts))
    origin.slots = ("top", "end")
    hops = (f"AB{number:010}" for number in range(1000))
    own = next(hop for hop in hops if variant.pick(hop, variant.weights(origin.ad)) == picked)
    context = await profile()
    await context.add_init_script(f"localStorage.setItem('passalong-{SHARE}', '{own} ')")
    page = await visit(context=context)
    for slot in origin.slots:
        titles = page.locator(f"note-card[data-slot={slot}]").get_by_text("Title ")
        shown = [await t.inner_text() for t in await titles.all() if await t.is_visible()]
        assert shown == [f"Title {picked}"]


async def test_nothing_moves_when_a_readers_variant_comes(origin: Origin, profile) -> None:
    long = "As many words as a phone has no room for in a line. " * 6
    parts = (Variant(id="a", weight=1, title="Short"), Variant(id="b", weight=1, body=long))
    origin.ad = an_ad(body="", variants=parts)
    slow = {"offline": False, "latency": 0, "downloadThroughput": 1e5, "uploadThroughput": -1}
    for number, own in enumerate(("AB0000000000", "AB0000000001"), 1):
        context = await profile()
        await context.add_init_script(f"localStorage.setItem('passalong-{SHARE}', '{own} ')")
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Network.emulateNetworkConditions", slow)
        await page.goto(origin.link())
        await origin.until(lambda number=number: len(origin.of("open")) == number)
        assert await page.evaluate(SHIFTED) == 0
    assert {variant.pick(o["n"], [("a", 1), ("b", 1)]) for o in origin.of("open")} == {"a", "b"}
