"""What the console's scripts add beside the main flows: shortcuts, waiting, no connection."""

import pytest
from playwright.async_api import Browser, Route, expect
from redis.exceptions import ConnectionError as Away

from ads.accounts import Account
from proxy.page import Card
from proxy.publish import PublishRequest
from tests.chromium import PHONE
from tests.console.conftest import Browser as Member
from tests.console.conftest import Console
from tests.console.people import on_both_screens, signed_in
from tests.console.reading import shared

pytestmark = pytest.mark.timeout(120)


async def test_a_question_mark_lists_the_shortcuts_unless_single_keys_are_off(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/shares"):
        await page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keyboard shortcuts")
        await expect(keys).to_be_visible()
        await keys.get_by_label("Single keys").uncheck()
        await page.keyboard.press("Escape")
        await expect(keys).to_be_hidden()
        await page.reload()
        await page.keyboard.press("?")
        await expect(keys).to_be_hidden()
        await page.goto(f"{console.url}/settings")
        await page.get_by_role("button", name="Keyboard shortcuts").click()
        await expect(keys).to_be_visible()


async def test_a_form_and_a_list_that_take_their_time_say_so_meanwhile(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/settings"):
        await page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
        await page.get_by_role("button", name="Save").first.click()
        await expect(page.get_by_role("button", name="One moment…")).to_be_disabled()
        # The answer has not come yet: the browser stays at its page.
        await page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
        await page.get_by_role("link", name="Ads").click()
        await expect(page.locator(".shapes .row")).to_have_count(5)
        await expect(page.get_by_role("main")).to_be_hidden()


@pytest.mark.parametrize("why", ["the store is away", "signed out"])
async def test_a_form_that_was_not_taken_stays_and_is_sent_once_more(
    window: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    page, _ = await signed_in(await window.new_context(locale="en-GB"), console)
    accounts = console.parts.stores.accounts
    await page.goto(f"{console.url}/ads/new")
    await page.get_by_label("Advertiser").fill("Half Hill Tea")
    await page.get_by_label("Title").fill("Typed for ten minutes")
    with monkeypatch.context() as patch:
        if why == "signed out":
            await accounts.end_all_sessions(mei.id)
        else:
            patch.setattr(accounts, "by_session", _away)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("link", name="Try again")).to_have_text("Try again")
    session = {"name": "passalong", "value": await accounts.new_session(mei.id)}
    await page.context.add_cookies([{**session, "url": console.url}])
    await page.get_by_role("link", name="Try again").click()
    await expect(page.get_by_label("Title")).to_have_value("Typed for ten minutes")
    [kept], _ = await console.parts.stores.ads.list(mei.id, "", 9)
    assert page.url.endswith(f"/ads/{kept.id}?saved=1")


async def _away(_: str) -> None:
    raise Away


async def test_what_is_tried_again_is_the_page_that_was_asked_for_or_has_the_form(
    member: Member, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"Referer": f"{console.url}/settings?saved=1"}
    for headers, again in ((form, "/settings?saved=1"), ({}, "/")):
        _, page = await member.post("/settings/keys", {"csrf": "x.y"}, headers=headers)
        assert f'class="button" href="{again}"' in page
    monkeypatch.setattr(console.parts.stores.accounts, "by_session", _away)
    _, page = await member.get("/preview?url=https://a.example/b")
    assert 'href="/preview?url=https://a.example/b" data-retry="1"' in page


async def test_without_a_connection_pages_say_so_and_the_next_one_waits(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console):
        await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        await page.reload()
        await page.wait_for_function("navigator.serviceWorker.controller !== null")
        await page.context.set_offline(True)
        await expect(page.get_by_text("What you see stays as it is")).to_be_visible()
        await page.get_by_role("link", name="Ads").click()
        await expect(page.get_by_role("heading", name="No connection")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.get_by_role("heading", name="Ads")).to_be_visible()


async def test_without_a_connection_a_form_stays_with_what_was_typed_until_it_can_be_sent(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/ads/new?kind=text"):
        for name in ("Advertiser", "Title", "Name of this ad"):
            await page.get_by_label(name, exact=True).fill("Typed below the ground")
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("#said")).to_have_text("No connection")
        await expect(page.get_by_label("Title", exact=True)).to_have_value("Typed below the ground")
        await page.context.set_offline(False)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("button", name="Pause this ad")).to_be_visible()


async def test_who_chooses_by_keyboard_goes_on_from_the_choice(
    window: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    for page, _ in await on_both_screens(window, console, f"/preview?url={console.source}/tea"):
        options = page.get_by_role("button", name="Options")
        if await options.is_visible():
            await options.press("Enter")
        full, reader, excerpt = (
            page.get_by_role("radio", name=name) for name in ("Full page", "Reader", "Excerpt")
        )
        await full.press("ArrowDown")
        await page.wait_for_url("**mode=reader**")
        await expect(reader).to_be_focused()
        await reader.press("ArrowDown")
        await page.wait_for_url("**mode=excerpt**")
        await expect(excerpt).to_be_focused()


async def test_what_is_shown_once_is_in_sight_and_read_out(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console):
        for field, button in (("What it is for", "Make a key"), ("Email", "Make the link")):
            await page.goto(f"{console.url}/settings")
            await page.get_by_label(field, exact=True).fill("jo@x.example")
            await page.get_by_role("button", name=button).click()
            await expect(page.locator(".key")).to_be_in_viewport()
            await expect(page.locator("[role=status]:focus")).to_have_count(1)


async def test_the_preview_shows_the_card_as_a_chat_does_with_the_words_as_they_are_written(
    window: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    for page, _ in await on_both_screens(window, console, f"/preview?url={console.source}/tea"):
        await page.get_by_role("button", name="Chat card").click()
        chat = page.get_by_role("region", name="In a chat it looks like this")
        await expect(chat).to_contain_text("Ad inside · Half Hill Tea")
        await expect(page.locator("iframe.viewport")).to_be_hidden()
        options = page.get_by_role("button", name="Options")
        if await options.is_visible():  # on a phone they are a sheet over the card
            await options.click()
        await page.get_by_text("Edit", exact=True).click()
        await page.get_by_role("textbox", name="Title").fill("Read this one")
        await expect(chat).to_contain_text("Read this one")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Page", exact=True).click()
        await expect(page.locator("iframe.viewport")).to_be_visible()


async def test_one_click_takes_a_reported_page_down_and_the_trail_says_who_and_why(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, faults in await on_both_screens(window, console):
        reading = await shared(console)
        reader = await page.context.new_page()
        await reader.goto(f"{console.url}/report?share={reading.share.id}")
        await reader.get_by_role("radio", name="It is false or misleading").check()
        await reader.get_by_role("button", name="Send the report").click()
        await expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
        await page.goto(f"{console.url}/settings")
        await page.get_by_role("button", name="End this share").click()
        await expect(page.get_by_text("Nobody has reported a page.")).to_be_visible()
        await page.goto(f"{console.url}/operator")
        trail = page.locator("#trail li").first
        await expect(trail).to_contain_text(reading.share.id)
        await expect(trail).to_contain_text("mei@halfhill.example")
        await expect(trail).to_contain_text("It is false or misleading")
        answer = await reader.goto(f"{console.pages}/s/{reading.share.id}")
        assert answer.status == 410
        assert not faults


# Our styles as read by a browser of 2022, without popovers and :has().
_OLD = (
    ("@supports not selector(:popover-open)", "@media all"),
    ("@supports not selector(:has(a))", "@media all"),
    (":has(", ":unheard-of("),
    ("[popover]", ""),
)


async def test_in_a_browser_without_popovers_the_options_stand_below_and_show_what_is_chosen(
    window: Browser, console: Console, mei: Account
) -> None:
    await console.ad(mei)
    # Routes do not see a service worker's requests.
    context = await window.new_context(locale="en-GB", viewport=PHONE, service_workers="block")
    page, _ = await signed_in(context, console)

    async def older(route: Route) -> None:
        text = await (await route.fetch()).text()
        for new, old in _OLD:
            text = text.replace(new, old)
        await route.fulfill(body=text, content_type="text/css")

    await page.route("**/console.css", older)
    await page.add_init_script("delete HTMLElement.prototype.popover")
    await page.goto(f"{console.url}/preview?url={console.source}/tea")
    await page.evaluate("document.getElementById('options').removeAttribute('popover')")
    await expect(page.locator(".waiting")).to_have_count(0)
    chosen = page.get_by_role("radio", name="Full page")
    await expect(chosen).to_have_css("opacity", "1")
    below = await chosen.bounding_box()
    await page.get_by_role("button", name="Options").click()
    above = await chosen.bounding_box()
    assert below
    assert above["y"] < below["y"] - 100


async def test_a_long_title_takes_two_lines_of_its_row(
    window: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    card = Card(title="A headline without end " * 12)
    request = PublishRequest(f"{console.source}/tea", ad.id, card=card)
    await console.parts.publisher.publish(mei, request)
    for page, _ in await on_both_screens(window, console):
        box = await page.get_by_role("link", name="A headline").bounding_box()
        assert box["height"] < 50


async def test_a_preview_whose_answer_was_cut_off_can_be_tried_again(
    window: Browser, console: Console, member: Member
) -> None:
    path = f"/preview?url={console.source}/tea"
    _, whole = await member.get(path)
    for page, _ in await on_both_screens(window, console, service_workers="block"):
        await page.route("**/preview**", lambda route: _cut(route, whole), times=1)
        await page.goto(console.url + path)
        again = page.get_by_role("link", name="Try again")
        await expect(page.get_by_text("Reading the page")).to_be_visible()
        await expect(again).to_be_hidden()
        await page.evaluate("document.getAnimations().forEach((each) => each.currentTime = 3e4)")
        await again.click()
        await expect(page.locator(".waiting")).to_have_count(0)


async def _cut(route: Route, whole: str) -> None:
    start, _, _ = whole.partition('<div class="left done">')
    await route.fulfill(body=start, content_type="text/html; charset=utf-8")


async def test_a_clipboard_without_words_is_said_as_one_that_may_not_be_read(
    window: Browser, console: Console, mei: Account
) -> None:
    context = await window.new_context(permissions=["clipboard-read", "clipboard-write"])
    page, _ = await signed_in(context, console)
    await page.evaluate("navigator.clipboard.writeText(' ')")
    await page.get_by_role("button", name="Paste").click()
    await expect(page.get_by_text("Press and hold, then Paste")).to_be_visible()
    await expect(page.get_by_label("Link to an article")).to_be_focused()
