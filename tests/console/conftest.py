"""The console on real stores, over real HTTP, with a publisher's site to paste from."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from redis.asyncio import Redis
from yarl import URL

from ads.accounts import Account
from ads.ad import Ad, parse
from ads.clock import Clock, now_ms
from proxy.parts import Parts
from tests.chromium import chromium
from tests.client import AD, origin
from tests.conftest import emptied
from tests.pages import ARTICLE
from tests.worker import serving

PASSWORD = "a sentence you remember"
REFUSING = ARTICLE.replace("<head>", '<head><meta name="robots" content="noarchive">')
SHOP = "<!doctype html><title>Shop</title><ul><li>A pot<li>A cup</ul>"
PAGES = {"/tea": ARTICLE, "/kept": REFUSING, "/shop": SHOP}


@dataclass
class Console:
    """A running console: its origin, its parts, a publisher's site."""

    url: str
    pages: str
    source: str
    parts: Parts

    async def member(self, email: str = "mei@halfhill.example", name: str = "Mei Lin") -> Account:
        """An account with the tests' password."""
        return await self.parts.stores.accounts.create(email, name, PASSWORD)

    async def ad(self, owner: Account, **fields: Any) -> Ad:
        """A running ad."""
        return await self.parts.stores.ads.create(owner.id, parse(AD | fields))


class Browser:
    """A person at the console without scripts: follows links, sends the forms of a page."""

    def __init__(self, console: Console, session: aiohttp.ClientSession) -> None:
        self.console = console
        self.session = session
        self.headers = {"Origin": console.url, "Accept-Language": "en"}

    async def get(self, path: str, **options: Any) -> tuple[aiohttp.ClientResponse, str]:
        async with self.session.get(
            self.console.url + path, headers=self.headers, **options
        ) as answer:
            return answer, await answer.text()

    async def post(
        self, path: str, data: Any, **options: Any
    ) -> tuple[aiohttp.ClientResponse, str]:
        headers = self.headers | options.pop("headers", {})
        async with self.session.post(
            self.console.url + path, data=data, headers=headers, **options
        ) as answer:
            return answer, await answer.text()

    async def send(
        self, page: str, action: str, data: Mapping[str, str], **options: Any
    ) -> tuple[aiohttp.ClientResponse, str]:
        """Send a form of `page`, with its token."""
        _, text = await self.get(page)
        return await self.post(action, {"csrf": token(text), **data}, **options)

    async def enter(self, account: Account) -> None:
        """Sign in without the form, as hashing a password is slow."""
        token = await self.console.parts.stores.accounts.new_session(account.id)
        self.session.cookie_jar.update_cookies({"passalong": token}, URL(self.console.url))


def token(page: str) -> str:
    """The form token on a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def told_once(page: str) -> str:
    """The key or the link that a page shows this once."""
    return re.findall(r'class="key" data-selectable>([^<]+)<', page)[0]


@asynccontextmanager
async def visitor(console: Console) -> AsyncIterator[Browser]:
    """A browser of its own, not signed in."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(console, session)


@asynccontextmanager
async def running(redis: Redis, folder: Path, now: Clock = now_ms) -> AsyncIterator[Console]:
    """The console and the pages' origin on a free port."""
    async with origin(PAGES) as source, serving(redis, folder, source, now) as parts:
        config = parts.config.ads
        yield Console(config.console_origin, config.pages_origin, source, parts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the folder's tests one event loop, as they share a browser, which starts slowly."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    """A client of an empty store, in the folder's event loop."""
    async with emptied(valkey_url) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    """The machine's clock; a test file may override it."""
    return now_ms


@pytest_asyncio.fixture(loop_scope="session")
async def console(redis: Redis, tmp_path: Path, clock: Clock) -> AsyncIterator[Console]:
    """A console without any account."""
    async with running(redis, tmp_path, clock) as console:
        yield console


@pytest_asyncio.fixture(loop_scope="session")
async def browser(console: Console) -> AsyncIterator[Browser]:
    """A browser that is not signed in."""
    async with visitor(console) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def mei(console: Console) -> Account:
    """The first account."""
    return await console.member()


@pytest_asyncio.fixture(loop_scope="session")
async def member(browser: Browser, mei: Account) -> Browser:
    """Mei's browser, signed in."""
    await browser.enter(mei)
    return browser


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(console: Console, mei: Account) -> AsyncIterator[Browser]:
    """The browser of another account, signed in."""
    jo = await console.member("jo@halfhill.example", "Jo")
    async with visitor(console) as other:
        await other.enter(jo)
        yield other


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _chromium() -> AsyncIterator[Chromium]:
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def window(_chromium: Chromium) -> AsyncIterator[Chromium]:
    """A real browser, not signed in."""
    yield _chromium
    for context in _chromium.contexts:
        await context.close()
