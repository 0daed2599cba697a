"""Workers of the service in one process, on one store, and a publisher's site."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from ads import tasks
from ads.accounts import Account
from ads.ad import Ad, parse
from ads.store import keys, records
from ads.store.ads import Ads
from ads.store.changes import Changes
from proxy import app as composition
from proxy.articles import Articles
from proxy.articles.renew import Renewer
from proxy.config import load
from proxy.hot import Hot
from proxy.moderation.takedown import Takedown
from proxy.moderation.watch import Watch
from proxy.page import Mode, Page
from proxy.publish import Publisher, PublishRequest
from proxy.rights import Signals
from proxy.serving.display import Display
from proxy.shares import Share
from proxy.source import Source
from proxy.store.audit import Audit
from proxy.stores import Stores
from tests.client import AD, serving
from tests.pages import ARTICLE
from tests.worker import ThreadPool, assembled

CONSOLE, PAGES = "https://console.example", "https://pages.example"
SECRETS = (b"k" * 32,)
START = 1_763_800_000_000
DRAFT = AD | {"body": "", "placements": ["top", "middle", "end", "sticky"]}


async def until(happened: Callable[[], object]) -> None:
    """Let other tasks run until this has happened."""
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - the things awaited have no event
            await asyncio.sleep(0)


@dataclass
class Origin:
    """A publisher's site: its content by path, and the requests it got."""

    url: str = ""
    pages: dict[str, str | bytes | int] = field(default_factory=lambda: {"/tea": ARTICLE})
    redirects: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    asked: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # requests for robots.txt and the like
    unchanged: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        found = self.pages.get(request.path, 404)
        said = request.path.startswith(("/robots", "/.well-known"))
        (self.words if said else self.asked).append(request.path_qs)
        if request.path in self.redirects:
            raise web.HTTPFound(self.redirects[request.path])
        if isinstance(found, int):
            return web.Response(status=found)
        headers = {**self.headers, **({"ETag": self.etag} if self.etag else {})}
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            self.unchanged += 1
            return web.Response(status=304, headers=headers)
        body = found.encode() if isinstance(found, str) else found
        kind = self.kinds.get(request.path, "text/html")
        return web.Response(body=body, content_type=kind, headers=headers)


@dataclass
class Pool(ThreadPool):
    """Compiles in a thread, while `gate` is open."""

    compiled: list[tuple[str, Mode]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        self.compiled.append((source.url, mode))
        await self.gate.wait()
        return await super().compile(source, mode, outside)


@dataclass
class Time:
    at: int = START

    def __call__(self) -> int:
        return self.at


@dataclass
class Worker:
    """A worker's parts, and clients of its two apps."""

    publisher: Publisher
    display: Display
    hot: Hot
    articles: Articles
    renewer: Renewer
    pool: Pool
    ads: Ads
    changes: Changes
    pages: TestClient[web.Request, web.Application]
    api: TestClient[web.Request, web.Application]
    watch: Watch
    takedown: Takedown
    audit: Audit
    stores: Stores

    async def heard(self) -> None:
        """Wait until this worker's cache has seen every change announced so far."""
        seen = self.hot.mark()
        await self.changes.publish("nothing:really")
        await until(lambda: self.hot.mark() != seen)


Start = Callable[..., Awaitable[Worker]]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def site() -> AsyncIterator[Origin]:
    origin = Origin()
    async with serving(origin.handle) as origin.url:
        yield origin


@pytest.fixture
async def mei(redis: Redis) -> Account:
    return await member(redis, "mei", "Mei Lin")


async def member(redis: Redis, who: str, name: str) -> Account:
    """An account without a password."""
    account = Account(who, f"{who}@example.org", name, "")
    await records.save(redis, keys.ACCOUNT.format(account=who), account)
    return account


@pytest.fixture
async def start(redis: Redis, site: Origin, time: Time, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts workers, which share the store and the clock."""
    numbers = count()
    async with contextlib.AsyncExitStack() as stack:

        async def begin(**options: object) -> Worker:
            folder = tmp_path / f"worker-{next(numbers)}"
            return await _worker(redis, site, time, stack, folder, **options)

        yield begin


@pytest.fixture
async def worker(start: Start) -> Worker:
    return await start()


@pytest.fixture
async def ad(worker: Worker, mei: Account) -> Ad:
    return await worker.ads.create(mei.id, parse(DRAFT))


@pytest.fixture
async def share(worker: Worker, mei: Account, ad: Ad, site: Origin) -> Share:
    return await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))


async def _worker(
    redis: Redis,
    site: Origin,
    time: Time,
    stack: contextlib.AsyncExitStack,
    folder: Path,
    *,
    limits: bool = False,
    console: str = CONSOLE,
    open_gate: bool = True,
) -> Worker:
    pool = Pool()
    if open_gate:
        pool.gate.set()
    config = load(
        {},
        data_dir=folder,
        console_origin=console,
        pages_origin=PAGES,
        secret_keys=SECRETS[0].decode(),
        fetch_allow_nets=f"127.0.0.0/8:{site.url.rpartition(':')[2]}",
        limits="on" if limits else "off",
        shelf_mb=0,
    )
    parts = await stack.enter_async_context(assembled(config, redis, time, pool))
    await _following(parts.hot, parts.stores.changes, stack)
    apps = (composition.pages_app(parts), composition.console_app(parts))
    pages, api = [await stack.enter_async_context(TestClient(TestServer(app))) for app in apps]
    publisher, stores = parts.publisher, parts.stores
    return Worker(
        publisher, parts.display, parts.hot, publisher._articles, parts.renewer, pool,
        stores.ads, stores.changes, pages, api, parts.watch, parts.takedown, stores.audit, stores,
    )  # fmt: skip


async def _following(hot: Hot, changes: Changes, stack: contextlib.AsyncExitStack) -> None:
    mark = hot.mark()
    task = asyncio.create_task(hot.follow(changes.listen()))
    await until(lambda: hot.mark() != mark)
    stack.push_async_callback(tasks.end, [task])
