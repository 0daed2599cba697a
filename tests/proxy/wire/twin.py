"""The same application behind stock aiohttp and behind the fast path, to compare their bytes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from redis.asyncio import Redis

from ads import ticket
from ads.ad import parse
from ads.clock import now_ms
from ads.tally import Tally
from proxy import config as settings
from proxy.app import application, completed, wire
from proxy.compiler import compile_page
from proxy.page import Stored
from proxy.parts import Parts
from proxy.rights import Signals
from proxy.shares import Share, of_page
from proxy.source import Source
from proxy.wire import WireRunner
from tests.client import AD
from tests.pages import ARTICLE

HOST = "pages.example"
FAREWELL = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
PATIENCE = (0.3, 2.0)
"""Seconds of silence that end an answer; after a difference the longer, as it may be slowness."""
_DATE = re.compile(rb"Date: [^\r]*\r\n")


class Ear(asyncio.Transport):
    """A connection's other end, which records what the server writes.

    A socket may join pieces that were sent separately, and aiohttp drops whole requests before a
    broken one in the same piece: over a socket the two sides could not be compared.
    """

    def __init__(self) -> None:
        super().__init__({"peername": ("203.0.113.7", 40_000)})
        self.said: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


@dataclass
class Twin:
    """Both servers with the same parts; a share in memory, one in the store; the first one's ETag
    and a ticket."""

    stock: web.AppRunner
    fast: web.AppRunner
    parts: Parts
    share: str
    cold: str
    etag: str
    ticket: str

    async def both(self, chunks: Sequence[bytes]) -> tuple[bytes, bytes]:
        """The answers of stock aiohttp and of the fast path to the same pieces."""
        for quiet in PATIENCE:
            self.parts.hot.drop(f"share:{self.cold}")
            stock, fast = await asyncio.gather(
                talk(self.stock, chunks, quiet), talk(self.fast, chunks, quiet)
            )
            if stock == fast:
                break
        return stock, fast


async def talk(runner: web.AppRunner, chunks: Sequence[bytes], quiet_s: float) -> bytes:
    """Everything that a server answers to `chunks` and a last request that closes the connection.

    A stream that ends within a request takes the last one for more of it: then no answer comes, and
    the client leaves after `quiet_s` without a byte. Dates are left out.
    """
    assert runner.server
    ear, connection = Ear(), runner.server()
    connection.connection_made(ear)
    await asyncio.sleep(0)
    for chunk in (*chunks, FAREWELL):
        if ear.closed:
            break
        connection.data_received(chunk)
        await asyncio.sleep(0)
    heard, since = 0, time.monotonic()
    while not ear.closed and time.monotonic() - since < quiet_s:
        await asyncio.sleep(0 if heard != len(ear.said) else 0.002)
        if heard != len(ear.said):
            heard, since = len(ear.said), time.monotonic()
    connection.connection_lost(None)
    return _DATE.sub(b"", b"".join(ear.said))


@asynccontextmanager
async def twin(redis: Redis, folder: Path, idle_s: float = 75.0) -> AsyncIterator[Twin]:
    """Start both; the page is in memory, also in brotli."""
    environment = {
        "PASSALONG_DATA_DIR": str(folder),
        "PASSALONG_PAGES_ORIGIN": f"http://{HOST}",
        "PASSALONG_CONSOLE_ORIGIN": "http://console.example",
        "PASSALONG_LIMITS": "off",
        "PASSALONG_SECRET_KEYS": "k" * 32,
    }
    config = settings.load(environment)
    async with AsyncExitStack() as stack:
        parts = Parts(config, redis, now_ms, Tally())
        stack.callback(parts.spool.close)
        stack.push_async_callback(parts.fetcher.close)
        stack.push_async_callback(parts.display.close)
        share, cold = await publish(parts, "tea"), await publish(parts, "ice")
        runners = [await _started(stack, parts, fast, idle_s) for fast in (False, True)]
        shown = await parts.display.page(share.id)
        assert shown
        await parts.display.body(share.id, shown, ("br",))
        issued = ticket.Ticket(share.id, share.ad, 1, ticket.epoch(share.id, now_ms()))
        signed = ticket.sign(issued, config.ads.secret_keys)
        yield Twin(*runners, parts, share.id, cold.id, shown.etag, signed)


async def publish(parts: Parts, name: str) -> Share:
    """Store a share of the sample article, as publishing does."""
    stores = parts.stores
    ad = await stores.ads.create("mei", parse(AD))
    source = Source("https://publisher.example/tea", ARTICLE.encode(), fetched_at=now_ms())
    page = compile_page(source, "full", Signals())
    token = await stores.articles.lock(name)
    assert token
    stored = Stored(page, "1", source.url, now_ms())
    assert await stores.articles.put_page(name, "full", stored, token)
    share = of_page(Share(id=f"{name}00000000", owner="mei", ad=ad.id, article_id=name), page)
    await stores.shares.put(share)
    return share


async def _started(stack: AsyncExitStack, parts: Parts, fast: bool, idle_s: float) -> web.AppRunner:
    runner = WireRunner(
        application(parts),
        wire(parts) if fast else None,
        completed(parts),
        access_log=None,
        keepalive_timeout=idle_s,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
