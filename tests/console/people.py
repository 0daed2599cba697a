"""People at the console in a real browser."""

from playwright.async_api import BrowserContext, Page

from tests.console.conftest import Console


async def signed_in(context: BrowserContext, console: Console) -> tuple[Page, list[str]]:
    """Mei's page on the front page, and what its console complains of."""
    page, faults = await context.new_page(), []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    stores = console.parts.stores
    account = await stores.accounts.by_email("mei@halfhill.example")
    assert account
    session = await stores.accounts.new_session(account.id)
    await context.add_cookies([{"name": "passalong", "value": session, "url": console.url}])
    await page.goto(console.url)
    return page, faults
