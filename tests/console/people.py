"""People at the console in a real browser."""

from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from tests.chromium import DESK, PHONE
from tests.console.conftest import Console


async def signed_in(
    context: BrowserContext, console: Console, path: str = ""
) -> tuple[Page, list[str]]:
    """Mei's tab, by default at the front page, and the messages of its JavaScript console."""
    page, faults = await context.new_page(), []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    stores = console.parts.stores
    account = await stores.accounts.by_email("mei@halfhill.example")
    session = await stores.accounts.new_session(account.id)
    await context.add_cookies([{"name": "passalong", "value": session, "url": console.url}])
    await page.goto(console.url + path)
    return page, faults


async def on_both_screens(
    window: Browser, console: Console, path: str = "", **options: Any
) -> list[tuple[Page, list[str]]]:
    """Mei signed in and at this path, on a phone and on a desktop."""
    contexts = [
        await window.new_context(locale="en-GB", viewport=size, **options) for size in (PHONE, DESK)
    ]
    return [await signed_in(context, console, path) for context in contexts]
