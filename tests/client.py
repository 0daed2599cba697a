"""A client of the contract: an advertiser at the API, readers at the pages origin."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.pages import ARTICLE
from tests.service import Service

HUMAN = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
AD = {
    "name": "Autumn oolong",
    "advertiser": "Half Hill Tea",
    "kind": "text",
    "title": "Last pick of the year",
    "body": "Autumn oolong from one hillside.",
    "button": "See the harvest",
    "target": "https://halfhill.example/harvest",
}

Json = dict[str, Any]


def hop(depth: int) -> str:
    """A fresh hop id at `depth` (contract, section 6)."""
    return DIGITS[depth >> 6] + DIGITS[depth & 63] + secrets.token_urlsafe(8)[:10]


def depth_of(hop: str) -> int:
    """The depth in a hop id."""
    return DIGITS.index(hop[0]) * 64 + DIGITS.index(hop[1])


def event(ticket: str, kind: str, n: str, p: str, **more: Any) -> Json:
    """An event with a fresh id; kinds other than open need `o`."""
    return {"v": 1, "t": ticket, "i": secrets.token_urlsafe(15), "k": kind, "n": n, "p": p} | more


@asynccontextmanager
async def origin(pages: Mapping[str, bytes | str]) -> AsyncIterator[str]:
    """A publisher on loopback: path -> HTML."""

    async def answer(request: web.Request) -> web.Response:
        page = pages.get(request.path)
        if page is None:
            raise web.HTTPNotFound
        body = page.encode() if isinstance(page, str) else page
        kind = "text/html; charset=utf-8" if isinstance(page, str) else "text/html"
        return web.Response(body=body, headers={"Content-Type": kind})

    async with serving(answer) as address:
        yield address


@asynccontextmanager
async def serving(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """A server on loopback that answers every GET with `answer`."""
    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    async with listening(app) as address:
        yield address


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """The address of an application on loopback."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Client:
    """One advertiser with an API key, and any number of readers."""

    def __init__(self, service: Service, http: aiohttp.ClientSession, key: str) -> None:
        self.service = service
        self.http = http
        self.key = key

    async def call(self, method: str, path: str, body: Json | None = None, want: int = 200) -> Json:
        """An API call; the answer must have the status `want`."""
        async with self.http.request(
            method,
            f"{self.service.console}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
        ) as answer:
            text = await answer.text()
            assert answer.status == want, (method, path, answer.status, text)
            found: Json = json.loads(text) if text else {}
            return found

    async def ad(self, **changes: Any) -> Json:
        return await self.call("POST", "/ads", AD | changes, 201)

    async def share(self, url: str, ad: str, **more: Any) -> Json:
        return await self.call("POST", "/shares", {"url": url, "ad": ad} | more, 201)

    async def facts(self, share: Json) -> Json:
        """The facts block of a branded page, read as a reader's script does."""
        async with self.http.get(share["url"], headers={"User-Agent": HUMAN}) as answer:
            page = await answer.text()
            assert answer.status == 200, page
        block = re.search(r'<script type="application/json" id="passalong">(.*?)</script>', page)
        assert block, page[:2000]
        found: Json = json.loads(block[1])
        return found

    async def send(self, *events: Json, agent: str = HUMAN) -> int:
        """Send events as a beacon; returns the status."""
        async with self.http.post(
            f"{self.service.pages}/e",
            data=json.dumps(events[0] if len(events) == 1 else events),
            headers={"Content-Type": "text/plain;charset=UTF-8", "User-Agent": agent},
        ) as answer:
            return answer.status

    async def events(self, ad: str, query: str = "") -> list[Json]:
        """An ad's events, exported."""
        url = f"{self.service.console}/api/v1/ads/{ad}/events?{query}"
        headers = {"Authorization": f"Bearer {self.key}"}
        async with self.http.get(url, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return [json.loads(line) for line in text.splitlines()]

    async def ledger(self, ad: str) -> Json:
        return await self.call("GET", f"/ads/{ad}/ledger")

    async def folded(self, ad: str, received: int, seconds: float = 30.0) -> None:
        """Wait until the ad's ledger has exactly so many events."""

        async def there() -> bool:
            return bool((await self.ledger(ad))["received"] == received)

        await until(there, "not everything was folded", seconds)


@asynccontextmanager
async def advertiser(service: Service, email: str = "mei@example.com") -> AsyncIterator[Client]:
    """A client with a new account; the service need not run yet."""
    made = service.command("account", "create", "--email", email, "--print-key")
    assert made.returncode == 0, made.stderr
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        yield Client(service, http, made.stdout.strip())


@asynccontextmanager
async def passed_along(service: Service) -> AsyncIterator[tuple[Client, Json, Json, str]]:
    """A client, an ad, a share with it, and a ticket of its page."""
    async with advertiser(service) as client, origin({"/a": ARTICLE}) as publisher:
        ad = await client.ad()
        share = await client.share(f"{publisher}/a", ad["id"])
        yield client, ad, share, (await client.facts(share))["ticket"]


async def until(true: Callable[[], Awaitable[bool]], what: str = "", seconds: float = 30.0) -> None:
    """Poll until `true` holds; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < deadline, what or "it never came true"
        await asyncio.sleep(0.05)
