"""Other things that people do with ads, shares and reports, on a phone and a desktop."""

import re

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from ads.accounts import Account
from proxy.web import qr
from tests.chromium import DESK, PHONE
from tests.console.conftest import PASSWORD, Console
from tests.console.people import on_both_screens, signed_in
from tests.console.reading import shared

pytestmark = pytest.mark.timeout(120)


async def test_an_ad_rests_begins_later_and_is_brought_back_as_it_was(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console):
        ad = await console.ad(mei, title="First pick")
        await page.goto(f"{console.url}/ads/{ad.id}")
        await page.get_by_role("button", name="Pause this ad").click()
        await page.get_by_role("button", name="Run this ad").click()
        await page.get_by_label("Title", exact=True).fill("Second pick")
        await page.get_by_label("Begins").fill("2099-05-01T08:00")
        await page.get_by_role("button", name="Save").click()
        await expect(page).to_have_url(re.compile("saved=1"))
        await expect(page.get_by_label("Begins")).to_have_value("2099-05-01T08:00")
        await page.get_by_role("link", name="versions").click()
        await page.get_by_role("button", name="Bring it back").last.click()
        await expect(page.get_by_label("Title", exact=True)).to_have_value("First pick")
        kept = await console.parts.stores.ads.owned(mei.id, ad.id)
        assert kept.title == "First pick"


async def test_a_report_is_read_by_whoever_has_its_link_until_that_is_withdrawn(
    window: Browser, console: Console, mei: Account
) -> None:
    reading = await shared(console)
    reading.opens("", "top")
    await reading.fold()
    for page, _ in await on_both_screens(window, console, f"/ads/{reading.share.ad}/report"):
        await page.locator("summary[aria-label=Export]").click()
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Hops").click()
        assert b"readers" in (await (await coming.value).path()).read_bytes()
        await page.get_by_role("link", name="A read-only link").click()
        await page.get_by_role("button", name="Make the link").click()
        link = await page.locator(".key").inner_text()
        guest = await _nobody(window, page.viewport_size)
        await guest.goto(link)
        await expect(guest.get_by_role("heading", level=1)).to_contain_text("1 reader")
        await page.get_by_role("button", name="Withdraw").click()
        answer = await guest.goto(link)
        assert answer.status == 410


async def test_whoever_changes_the_ad_begins_at_the_ads(
    window: Browser, console: Console, mei: Account
) -> None:
    ads = [await console.ad(mei, name=f"Ad {n}") for n in range(4)]
    context = await window.new_context(locale="en-GB", viewport=PHONE)
    page, _ = await signed_in(context, console)
    await page.goto(f"{console.url}/preview?url={console.source}/tea&ad={ads[0].id}")
    await page.get_by_role("button", name="Change ad").click()
    await expect(page.get_by_role("radio", name="Ad 0")).to_be_focused()
    await expect(page.get_by_text("Which ad rides along?")).to_be_in_viewport()


async def test_a_share_gets_a_link_for_each_channel_a_poster_and_an_end(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console):
        page.on("dialog", lambda dialog: dialog.accept())
        share = (await shared(console)).share
        await page.goto(f"{console.url}/shares/{share.id}")
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Save poster").click()
        assert (await (await coming.value).path()).read_bytes().startswith(b"\x89PNG")
        await page.get_by_text("Make a link per channel").click()
        await page.get_by_label("Channels, one a line").fill("Shop window\nFriends")
        await page.get_by_role("button", name="Make the links").click()
        await expect(page.get_by_text("Shop window").first).to_be_visible()
        await page.goto(f"{console.url}/shares/{share.id}")
        await page.get_by_role("button", name="End this share").click()
        await expect(page.get_by_text("This share ended")).to_be_visible()


async def test_a_reader_shows_their_own_link_as_a_code_and_makes_the_article_theirs(
    window: Browser, console: Console, mei: Account
) -> None:
    share = (await shared(console)).share
    for screen in (PHONE, DESK):
        reader = await _nobody(window, screen)
        await reader.goto(f"{console.pages}/s/{share.id}")
        async with reader.expect_response(re.compile("/q/")) as coming:
            await reader.get_by_text("QR code").click()
        own = f"{console.pages}/s/{share.id}?h={reader.url.partition('h=')[2]}"
        assert await (await coming.value).body() == qr.svg(own, "m")
        await expect(reader.get_by_alt_text("QR code of the link")).to_be_visible()
        await reader.get_by_role("link", name="Make it mine").click()
        await reader.get_by_label("Email").fill(mei.email)
        await reader.get_by_label("Password", exact=True).fill(PASSWORD)
        await reader.get_by_role("button", name="Sign in", exact=True).click()
        shown = reader.frame_locator("iframe.viewport")
        await expect(shown.locator('[data-slot="top"]')).to_contain_text("Half Hill Tea")


async def _nobody(window: Browser, screen: ViewportSize | None) -> Page:
    """A window in which nobody is signed in."""
    context = await window.new_context(locale="en-GB", viewport=screen)
    return await context.new_page()
