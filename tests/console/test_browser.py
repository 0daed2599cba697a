"""The console in a real browser: what scripts add; no request fails, no text is cut."""

import io
import re
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from ads import picture_id
from ads.accounts import Account
from ads.errors import Problem
from tests.chromium import DESK, PHONE
from tests.console.conftest import Console
from tests.console.people import on_both_screens, signed_in
from tests.console.reading import Reading, shared

pytestmark = pytest.mark.timeout(120)

# Elements that overflow the card around them, which does not clip.
BEYOND = """() => [...document.querySelectorAll(".card table, .card dl, .card figure, .card form")]
  .filter((each) => {
    const [inner, outer] = [each, each.closest(".card")].map((e) => e.getBoundingClientRect());
    return inner.width && inner.right > outer.right;
  }).map((each) => each.textContent.trim().slice(0, 60))"""
DOCK = "document.querySelector('.editor .dock')?.offsetHeight ?? 0"
# A failed resource or a script's error; a 4xx of the page itself is neither.
EXPECTED = re.compile(r"Permissions-Policy|status of 4\d\d")


# Real taps and clicks over all pages of a visit, without those made by scripts.
COUNT_TAPS = """addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.taps = Number(sessionStorage.taps ?? 0) + 1;
}, true)"""


@pytest.mark.parametrize(
    ("way", "taps", "screen"),
    [(*way, screen) for way in (("clipboard", 3), ("share sheet", 2)) for screen in (PHONE, DESK)],
    ids=["phone", "desk", "share sheet of a phone", "share sheet of a desk"],
)
async def test_three_taps_from_a_copied_link_to_a_copied_link(
    window: Browser, console: Console, mei: Account, way: str, taps: int, screen: ViewportSize
) -> None:
    await console.ad(mei)
    context = await window.new_context(
        locale="en-GB",
        viewport=screen,
        has_touch=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    await context.add_init_script(COUNT_TAPS)
    page, faults = await signed_in(context, console)
    said = f"You must read {console.source}/tea."
    if way == "clipboard":
        # More than fits into an address: an article's whole text, its link below.
        long = "茶山上的清晨很安静，大家都在等雾散去。" * 300 + said
        await page.evaluate("(text) => navigator.clipboard.writeText(text)", long)
        await page.get_by_role("button", name="Paste").tap()
    else:
        await page.goto(f"{console.url}/share?title=Tea&text={quote(said)}")
    shown = page.frame_locator("iframe.viewport")
    await expect(shown.locator('[data-slot="top"]')).to_contain_text("Half Hill Tea")
    await page.get_by_role("button", name="Publish").tap()
    await page.get_by_role("button", name="Copy link").tap()
    await expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await page.locator("[data-link]").input_value()
    assert copied.startswith(f"{console.pages}/s/")
    assert await page.evaluate("Number(sessionStorage.taps)") == taps
    assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def test_the_first_reader_appears_by_itself(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await shared(console)
    both = await on_both_screens(window, console, f"/shares/{reading.share.id}/ready")
    for page, _ in both:
        await expect(page.get_by_text("Nobody has opened it yet")).to_be_visible()
    reading.opens()
    await reading.fold()
    for page, _ in both:
        await expect(page.get_by_text("1 reader so far")).to_be_visible(timeout=10_000)


async def test_every_key_press_shows_on_the_stage_and_nothing_runs_there(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, faults in await on_both_screens(window, console, "/ads/new?kind=text"):
        stage = page.frame_locator("iframe.slot-stage")
        await page.get_by_label("Title", exact=True).press_sequentially("Last <b>pick</b>")
        await expect(stage.locator('[data-slot="top"]')).to_contain_text("Last <b>pick</b>")
        await page.get_by_role("button", name="Sticky").click()
        await expect(stage.locator('[data-slot="sticky"]')).to_be_visible()
        await page.locator('label.kind:has(input[value="card"])').click()
        await expect(page.get_by_label("Person")).to_be_visible()
        assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def test_whatever_leads_away_from_an_ad_that_was_changed_asks_first(
    window: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    page, _ = await signed_in(await window.new_context(locale="en-GB"), console)
    await page.goto(f"{console.url}/ads/{ad.id}")
    here, asked = page.url, []
    page.on("dialog", lambda dialog: asked.append(dialog.message) or dialog.dismiss())
    await page.get_by_label("Title").fill("Forty kilos")
    for name in ("Back", "Shares", "Discard"):
        await page.get_by_role("link", name=name, exact=True).click()
    await page.get_by_role("button", name="Pause this ad").click()
    assert asked == ["Discard what you changed?"] * 4
    async with page.expect_event("dialog", lambda dialog: dialog.type == "beforeunload"):
        await page.evaluate("history.back()")
    assert page.url == here
    await expect(page.get_by_label("Title")).to_have_value("Forty kilos")
    await page.get_by_role("button", name="Add a variant").click()
    await expect(page.get_by_text("Variant B")).to_be_visible()
    await page.get_by_role("link", name="Discard").click()
    assert len(asked) == 6, "what came back in the form is not saved either"


async def test_enter_in_a_field_of_an_ad_saves_the_ad(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/ads/new?kind=text"):
        await page.get_by_label("Advertiser").fill("Acme Tea")
        await page.get_by_label("Title", exact=True).fill("Last pick")
        await page.get_by_label("Name of this ad").fill("Autumn")
        await page.get_by_label("Name of this ad").press("Enter")
        await expect(page.get_by_role("button", name="Pause this ad")).to_be_visible()
        await expect(page.locator("#said")).to_have_text("Saved")
        await expect(page.locator(".dock [data-said]")).to_be_in_viewport()


async def test_charts_are_drawn_with_text_as_text_and_the_table_opens(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _read(console)
    for page, faults in await on_both_screens(window, console, f"/ads/{reading.share.ad}/report"):
        charts = page.locator("figure .chart svg")
        await expect(charts).to_have_count(2)
        assert "×1.00" in await charts.nth(1).inner_html()
        rows = page.locator("#hops-rows table")
        await page.get_by_role("button", name="As a table").nth(1).click()
        await expect(rows).to_be_visible()
        assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def test_without_scripts_numbers_stand_in_tables_and_an_ad_has_the_fields_of_its_kind(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _read(console)
    for page, _ in await on_both_screens(window, console, java_script_enabled=False):
        await page.goto(f"{console.url}/ads/new?kind=text")
        await expect(page.get_by_label("Title", exact=True)).to_be_visible()
        await expect(page.get_by_label("Person")).to_be_hidden()
        await page.locator('[name="kind"][value="card"]').check()
        await expect(page.get_by_label("Person")).to_be_visible()
        await page.goto(f"{console.url}/ads/{reading.share.ad}/report")
        await expect(page.locator("#hops-rows table")).to_be_visible()
        await expect(page.locator("#bars-rows table")).to_be_visible()


async def _read(console: Console) -> Reading:
    reading = await shared(console)
    reading.opens(reading.opens("", "top"), "top", depth=2)
    await reading.fold()
    return reading


SIZES = [(320, 640), (360, 640), (768, 1024), (900, 640), (1280, 800)]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_nothing_goes_sideways_at_any_size_in_any_language(
    window: Browser, console: Console, mei: Account, locale: str
) -> None:
    reading = await _read(console)
    for _ in range(100):  # enough to compare places
        reading.opens("", "top", "end")
    await reading.fold()
    page, faults = await signed_in(await window.new_context(locale=locale), console)
    ad, share = reading.share.ad, reading.share.id
    paths = ["/", "/shares", "/ads", f"/ads/{ad}", f"/ads/{ad}/report", f"/ads/{ad}/ledger"]
    paths += [f"/shares/{share}{end}" for end in ("", "/ready", "/spread")]
    paths += ["/settings", "/about", f"/preview?url={console.source}/tea"]
    for path in paths:
        await page.goto(console.url + path)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)
            assert not await page.evaluate(BEYOND), (path, width)
            assert await page.evaluate(DOCK) < height / 2, (path, width)
    assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def test_text_of_twice_its_size_has_room_on_a_phone(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _read(console)
    page = (await on_both_screens(window, console))[0][0]
    one = f"/shares/{reading.share.id}"
    for path, texts in (
        ("/", ".list .title, #url"),
        ("/shares", ".list .title"),
        (one, "#arrival b"),
        (f"/preview?url={console.source}/tea&ad={reading.share.ad}", ".dock .grow"),
    ):
        await page.goto(console.url + path)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        sides = "all => all.map((each) => each.getBoundingClientRect().width)"
        assert min(await page.locator(texts).evaluate_all(sides)) > 100, path
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await expect(page.locator(".skip")).not_to_be_in_viewport()


async def test_what_the_consoles_pages_load_weighs_at_most_40_kilobytes(console: Console) -> None:
    from ads.web.console.views import assets

    found = {n: asset for n, asset in assets().items() if n.endswith((".css", ".js", ".svg"))}
    assert {"console.css", "console.js", "chart.js"} <= set(found)
    assert sum(len(asset.packed) for asset in found.values()) <= 40_000


async def test_a_passkey_is_made_and_signs_in_without_a_password(
    window: Browser, console: Console, mei: Account
) -> None:
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    for page, _ in await on_both_screens(window, console):
        device = await page.context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        await page.goto(f"{console.url}/settings")
        await page.get_by_label("Name of this device").fill("My laptop")
        await page.get_by_role("button", name="Make a passkey").click()
        await expect(page.get_by_text("My laptop").first).to_be_visible()
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("heading", name="What will you pass along?")).to_be_visible()
    keys = await console.parts.stores.accounts.passkeys.list(mei.id)
    assert len(keys) == 2
    assert all(key.used_at > key.created_at for key in keys)


async def test_a_passkeys_answer_is_good_once_and_for_its_own_challenge(
    window: Browser, console: Console, mei: Account
) -> None:
    kept = console.parts.stores.accounts.passkeys
    ticket = await kept.challenge("enter", b"abc")
    assert await kept.take("enter", ticket) == b"abc"
    for purpose, used in (("enter", ticket), ("make x", await kept.challenge("enter", b"d"))):
        with pytest.raises(Problem):
            await kept.take(purpose, used)


async def test_the_bookmark_brings_the_page_it_is_pressed_on(
    window: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    for page, _ in await on_both_screens(window, console, "/settings"):
        script = await page.get_by_role("link", name="Pass this along").get_attribute("href")
        await page.goto(f"{console.source}/tea")
        await page.evaluate(script.removeprefix("javascript:"))
        shown = page.frame_locator("iframe.viewport")
        await expect(shown.locator('[data-slot="top"]')).to_contain_text("Half Hill Tea")


async def test_a_report_moves_while_one_looks(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _read(console)
    both = await on_both_screens(window, console, f"/ads/{reading.share.ad}/report")
    for page, _ in both:
        await expect(page.get_by_role("heading", level=1)).to_contain_text("2 readers")
        await expect(page.get_by_text("Live: as of")).to_be_visible()
    reading.opens("", "top")
    await reading.fold()
    for page, faults in both:
        first = page.get_by_role("heading", level=1)
        await expect(first).to_contain_text("3 readers", timeout=15_000)
        await expect(page.locator("figure .chart svg")).to_have_count(2)
        assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def test_a_branch_opens_in_the_list_and_the_replay_ends_as_it_began(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await shared(console)
    first = reading.opens()
    for _ in range(60):
        reading.opens(first, depth=2)
    await reading.fold()
    both = await on_both_screens(window, console, f"/shares/{reading.share.id}/spread?view=list")
    for page, _ in both:
        await page.locator("a[data-below]").first.click()
        await expect(page.locator(".nested li")).to_have_count(51)
        await page.get_by_text("10 smaller branches").click()
        await expect(page.locator(".nested li")).to_have_count(60)
        await page.goto(f"{console.url}/shares/{reading.share.id}/spread")
        assert await _counted(page) == ["1", "60"]
        await page.get_by_role("button", name="Replay").click()
    for page, faults in both:
        play = page.locator(".play")
        await expect(play).to_have_attribute("aria-pressed", "false", timeout=15_000)
        assert await _counted(page) == ["1", "60"]
        assert not [fault for fault in faults if not EXPECTED.search(fault)]


async def _counted(page: Page) -> list[str]:
    """The readers of each hop, as the map (on a phone the bars) shows them."""
    return await page.locator(".count").all_text_contents()


async def test_a_variant_has_a_picture_of_its_own_and_is_shown_while_it_is_written(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console):
        ad = await console.ad(mei, kind="banner", title="One", image=await _picture(console, mei))
        await page.goto(f"{console.url}/ads/{ad.id}")
        await page.get_by_role("button", name="Add a variant").click()
        second = page.locator('[data-variant="b"]')
        await expect(second.get_by_label("Title")).to_be_focused()
        await expect(second).to_be_in_viewport()
        await page.get_by_role("button", name="Variant A").click()
        await expect(second).to_be_hidden()
        await page.get_by_role("button", name="Variant B").click()
        await second.get_by_label("Title").fill("Two")
        data = io.BytesIO()
        Image.new("RGB", (30, 30), "red").save(data, "PNG")
        file = {"name": "b.png", "mimeType": "image/png", "buffer": data.getvalue()}
        await second.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
        stage = page.frame_locator("iframe.slot-stage")
        await expect(stage.locator("#slot")).to_contain_text("Two")
        await expect(stage.locator("#slot img").first).to_have_attribute("width", "30")
        await page.get_by_role("button", name="Save").click()
        await expect(page).to_have_url(re.compile("saved=1"))
        kept = await console.parts.stores.ads.owned(mei.id, ad.id)
        assert [picture_id.size(each.image or "") for each in kept.variants] == [(0, 0), (30, 30)]


async def _picture(console: Console, owner: Account) -> str:
    data = io.BytesIO()
    Image.new("RGB", (60, 30), "navy").save(data, "PNG")
    return (await console.parts.stores.pictures.keep(owner.id, data.getvalue())).id


async def test_numbers_stay_with_their_time_while_nothing_answers(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await _read(console)
    both = await on_both_screens(window, console, f"/ads/{reading.share.ad}/report")
    for page, _ in both:
        await expect(page.get_by_text("Live: as of")).to_be_visible()
        await page.context.set_offline(True)
    console.parts.live.close()
    for page, _ in both:
        await expect(page.get_by_text("Numbers as of")).to_be_visible(timeout=15_000)
        await expect(page.get_by_role("heading", level=1)).to_contain_text("2 readers")
