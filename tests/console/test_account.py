"""An account from invitation to deletion, in a real browser on a phone and a desktop."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from ads.accounts import Account
from tests.chromium import DESK, PHONE
from tests.console.conftest import PASSWORD, Console
from tests.console.people import signed_in
from tests.test_journey import make_account, make_ad, paste

pytestmark = pytest.mark.timeout(120)


async def _invited(page: Page, console: Console) -> str:
    """The invitation's link, as the inviter copies it."""
    await page.goto(f"{console.url}/settings")
    await page.get_by_label("Email", exact=True).fill("jo@halfhill.example")
    await page.get_by_role("button", name="Make the link").click()
    return await page.locator("#people .key").inner_text()


async def _accepts(page: Page, link: str) -> None:
    await page.goto(link)
    await page.get_by_label("Your name").fill("Jo Ito")
    await page.get_by_label("Email").fill("jo@halfhill.example")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make account").click()
    await expect(page.get_by_role("heading", name="What will you pass along?")).to_be_visible()


async def _signs_in_again(page: Page) -> None:
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.get_by_label("Email").fill("jo@halfhill.example")
    await page.get_by_label("Password", exact=True).fill("the words of somebody else")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("The email or the password is not right.")).to_be_visible()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="What will you pass along?")).to_be_visible()


async def _makes_a_key(page: Page) -> None:
    await page.get_by_label("What it is for").fill("a report of ours")
    await page.get_by_role("button", name="Make a key").click()
    await expect(page.locator("#keys .key")).to_be_visible()
    await page.goto(page.url.partition("/keys")[0])
    await expect(page.get_by_text("a report of ours").first).to_be_visible()
    await expect(page.locator("#keys .key")).to_have_count(0)


async def _takes_the_data(page: Page, folder: Path) -> None:
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download your data").click()
    await (await coming.value).save_as(folder / "data")
    assert json.loads((folder / "data").read_bytes())["account"]["email"] == "jo@halfhill.example"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
async def test_one_who_was_invited_comes_back_makes_a_key_takes_the_data_and_leaves(
    window: Browser, console: Console, mei: Account, tmp_path: Path, viewport: ViewportSize
) -> None:
    page, _ = await signed_in(await window.new_context(locale="en-GB", viewport=viewport), console)
    link = await _invited(page, console)
    guest = await (await window.new_context(locale="en-GB", viewport=viewport)).new_page()
    guest.on("dialog", lambda dialog: dialog.accept())
    await _accepts(guest, link)
    await guest.goto(f"{console.url}/settings")
    await _signs_in_again(guest)
    await guest.goto(f"{console.url}/settings")
    await _makes_a_key(guest)
    await _takes_the_data(guest, tmp_path)
    await guest.get_by_text("Delete your account").first.click()
    await guest.get_by_label("Your password").fill(PASSWORD)
    await guest.get_by_role("button", name="Delete your account").click()
    await expect(guest).to_have_url(re.compile("/signin"))
    assert await console.parts.stores.accounts.by_email("jo@halfhill.example") is None


async def test_at_a_desk_too_the_one_time_link_leads_to_the_first_ad_and_the_first_share(
    window: Browser, console: Console
) -> None:
    page = await (await window.new_context(locale="en-GB", viewport=DESK)).new_page()
    token = await console.parts.stores.accounts.invites.first_link()
    await make_account(page, f"{console.url}/start?token={token}")
    await make_ad(page)
    link = await paste(page, console.url, f"{console.source}/tea")
    assert link.startswith(f"{console.pages}/s/")
