"""A real Chromium for tests: one process, with a profile for each person."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.client import HUMAN

BARE = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Set for the whole browser: requests of a page that is being left ignore a context's user agent.
FLAGS = (f"--user-agent={HUMAN}", "--disable-quic", *BARE)
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
# An expectation's timeout, as long as an action's: in its default of five seconds a busy machine
# loads only a page or two.
expect.set_options(timeout=30_000)


def chromium_path() -> str:
    """Chromium's path; without Chromium the test is skipped loudly."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("NO CHROMIUM: install one, or run ops/test")
    return found


@asynccontextmanager
async def chromium(flags: Sequence[str] = FLAGS, **options: Any) -> AsyncIterator[Browser]:
    """A running headless Chromium."""
    async with async_playwright() as playwright:
        path = chromium_path()
        browser = await playwright.chromium.launch(executable_path=path, args=flags, **options)
        try:
            yield browser
        finally:
            await browser.close()


async def person(browser: Browser, **more: Any) -> BrowserContext:
    """A browser profile of its own."""
    return await browser.new_context(**{"viewport": PHONE, "locale": "en-GB"} | more)


def kinds(request: Request) -> set[tuple[str, str]]:
    """(kind, slot) of the events that a request to /e carries."""
    if not request.url.endswith("/e") or not request.post_data:
        return set()
    sent = json.loads(request.post_data)
    return {(e["k"], e.get("s", "")) for e in (sent if isinstance(sent, list) else [sent])}


class Reader:
    """A reader: a page, and the acknowledged events of its script."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acknowledged: list[tuple[str, str]] = []
        page.on("requestfinished", self._note)

    def _note(self, request: Request) -> None:
        self.acknowledged.extend(kinds(request))

    async def opens(self, url: str) -> None:
        """Open a link and wait until the open is acknowledged."""
        async with self.page.expect_event("requestfinished", lambda r: ("open", "") in kinds(r)):
            await self.page.goto(url)

    async def again(self, how: str) -> None:
        """`reload` or `go_back`, and wait until the new open is acknowledged."""
        async with self.page.expect_event("requestfinished", lambda r: ("open", "") in kinds(r)):
            await getattr(self.page, how)()

    async def looks_at(self, slot: str) -> None:
        """Scroll to a slot and wait until the view is acknowledged."""
        if ("view", slot) in self.acknowledged:
            return
        async with self.page.expect_event("requestfinished", lambda r: ("view", slot) in kinds(r)):
            await self.page.locator(f'[data-slot="{slot}"]').scroll_into_view_if_needed()
