"""Real browsers for the whole run, and an origin with a share for them to open."""

import functools
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from proxy.frame.script import Missing, source
from tests.browser.firefox import Firefox, Tab, firefox
from tests.browser.origin import Origin
from tests.chromium import BARE, chromium
from tests.client import listening

Size = dict[str, int]
PHONE: Size = {"width": 400, "height": 800}
Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(BARE) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def origin() -> AsyncIterator[Origin]:
    try:
        source()
    except Missing as error:
        pytest.skip(f"NO BUNDLE: {error}")
    origin = Origin()
    async with listening(origin.app()) as origin.url:
        yield origin


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fox() -> AsyncIterator[Firefox]:
    path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("NO FIREFOX: neither $FIREFOX nor firefox-esr on PATH")
    async with firefox(path) as running:
        yield running


Profile = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="session")
async def profile(browser: Browser) -> AsyncIterator[Profile]:
    """Makes browser profiles; with `still` time stands still until a test lets it run."""
    made: list[BrowserContext] = []

    async def make(*, still: bool = False, **options: object) -> BrowserContext:
        context = await browser.new_context(**({"viewport": PHONE} | options))
        made.append(context)
        if still:
            await context.clock.install(time=0)
            await context.clock.pause_at(1000)
        return context

    yield make
    for context in made:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(origin: Origin, profile: Profile) -> AsyncIterator[Open]:
    """Opens the share and waits for its `open`; nothing may fail or violate the page's policy."""
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and re.search("Refused|violates|Policy directive", said.text):
            complaints.append(said.text)

    async def go(hop: str = "", context: BrowserContext | None = None, **options: object) -> Page:
        page = await (context or await profile(**options)).new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        before = len(origin.of("open"))
        await page.goto(origin.link(hop))
        if options.get("still"):
            await page.clock.run_for(1)
        await origin.until(lambda: len(origin.of("open")) > before)
        return page

    yield go
    assert not complaints


@pytest_asyncio.fixture(loop_scope="session")
async def tab(origin: Origin, fox: Firefox) -> AsyncIterator[Callable[..., Awaitable[Tab]]]:
    """Opens the share in Firefox, with time still, and waits for its `open`; nothing may fail."""
    person = await fox.new_context()

    async def go(hop: str = "", *, kind: str = "tab", viewport: Size = PHONE) -> Tab:
        page = await person.new_page(kind=kind)
        await page.resize(**viewport)
        before = len(origin.of("open"))
        await page.goto(origin.link(hop))
        await page.clock.run_for(1)
        await origin.until(lambda: len(origin.of("open")) > before)
        return page

    yield go
    await person.close()
    complaints, fox.wire.complaints = fox.wire.complaints, []
    assert not complaints


@pytest.fixture(params=["chromium", "firefox"])
def look(request: pytest.FixtureRequest) -> Open:
    """Opens the share in a browser with time still: one test for each browser."""
    if request.param == "firefox":
        return request.getfixturevalue("tab")
    return functools.partial(request.getfixturevalue("visit"), still=True)
