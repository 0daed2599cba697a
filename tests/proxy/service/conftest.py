"""Workers of the service on one store, without processes, and an origin that they publish from."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from ads import tasks
from ads.accounts import Account
from ads.ad import Ad, parse
from ads.store import keys, records
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.idempotency import Idempotency
from ads.store.removal import Removal
from ads.store.throttle import Throttle
from ads.web import problem
from proxy import cdn
from proxy.articles import Articles
from proxy.articles.renew import RenewConfig, Renewer
from proxy.compiler import compile_page
from proxy.compiler.page import Mode, Page
from proxy.fetch import FetchConfig, Fetcher
from proxy.moderation.endings import Endings
from proxy.moderation.takedown import Takedown
from proxy.moderation.watch import Watch, WatchStores
from proxy.publish import PublishConfig, Publisher, PublishRequest, PublishStores
from proxy.rights import Signals
from proxy.serving.display import Display, DisplayStores
from proxy.serving.hot import Hot
from proxy.serving.render import Origins
from proxy.shares import Share
from proxy.signals import Gatherer
from proxy.source import Source
from proxy.store.articles import ArticleStore
from proxy.store.audit import Audit
from proxy.store.limits import Limits
from proxy.store.lists import ListStore
from proxy.store.moulds import MouldStore
from proxy.store.previews import PreviewStore
from proxy.store.published import Published
from proxy.store.renewals import RenewalStore
from proxy.store.shares import ShareStore
from proxy.web import me, pages, preview, shares
from tests.pages import ARTICLE

CONSOLE, PAGES = "https://console.example", "https://pages.example"
SECRETS = (b"k" * 32,)
START = 1_763_800_000_000
DRAFT: dict[str, object] = {
    "name": "Autumn oolong",
    "advertiser": "Half Hill Tea",
    "kind": "text",
    "title": "Last pick of the year",
    "target": "https://halfhill.example/",
    "placements": ["top", "middle", "end", "sticky"],
}


async def until(happened: Callable[[], object]) -> None:
    """Lets everything else run until this has happened."""
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - the things awaited have no event
            await asyncio.sleep(0)


@dataclass
class Origin:
    """A publisher's site: what it serves by path, and what was asked of it."""

    url: str = ""
    pages: dict[str, str | bytes | int] = field(default_factory=lambda: {"/tea": ARTICLE})
    redirects: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    asked: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # robots.txt and its like that were asked for
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
class Pool:
    """Compiles in a thread, when `gate` is open."""

    compiled: list[tuple[str, Mode]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        self.compiled.append((source.url, mode))
        await self.gate.wait()
        return await asyncio.to_thread(compile_page, source, mode, outside)


@dataclass
class Time:
    at: int = START

    def __call__(self) -> int:
        return self.at


@dataclass
class Worker:
    """One worker's parts, and clients of its two apps."""

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

    async def heard(self) -> None:
        """Returns once every change published so far has reached this worker's memory."""
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
    app = web.Application()
    app.router.add_get("/{tail:.*}", origin.handle)
    async with TestServer(app) as server:
        origin.url = str(server.make_url("")).rstrip("/")
        yield origin


@pytest.fixture
async def mei(redis: Redis) -> Account:
    return await member(redis, "mei", "Mei Lin")


async def member(redis: Redis, who: str, name: str) -> Account:
    """An account that nobody signs in to."""
    account = Account(who, f"{who}@example.org", name, "")
    await records.save(redis, keys.ACCOUNT.format(account=who), account)
    return account


@pytest.fixture
async def start(redis: Redis, site: Origin, time: Time) -> AsyncIterator[Start]:
    """Starts a worker; all of them share the store and the clock."""
    async with contextlib.AsyncExitStack() as stack:

        async def begin(**options: object) -> Worker:
            return await _worker(redis, site, time, stack, **options)

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
    *,
    limits: bool = False,
    console: str = CONSOLE,
    open_gate: bool = True,
) -> Worker:
    changes, hot, pool = Changes(redis), Hot(50_000_000), Pool()
    if open_gate:
        pool.gate.set()
    port = int(site.url.rpartition(":")[2])
    nets = ((ip_network("127.0.0.0/8"), port),)
    fetcher = Fetcher(FetchConfig("PassalongBot/test", allow_nets=nets), time)
    stack.push_async_callback(fetcher.close)
    own = frozenset({"pages.example"})
    listed, published, audit = ListStore(redis), Published(redis), Audit(redis)
    gatherer = Gatherer(fetcher, time, listed=listed.speaking)
    articles = Articles(
        fetcher,
        gatherer,
        pool,
        ArticleStore(redis),
        time,
        changes=changes,
        own_hosts=own,
    )
    renewals = RenewalStore(redis)
    renewer = Renewer(
        RenewConfig(), articles, ArticleStore(redis), renewals, ShareStore(redis), time
    )
    ads = Ads(redis, changes, _no_picture, time)
    stores = PublishStores(
        ArticleStore(redis),
        ShareStore(redis),
        PreviewStore(redis),
        Limits(redis),
        Bookings(redis, changes, time),
        published,
        ads.get,
        Throttle(redis, time),
        Accounts(redis).by_id,
        Removal(redis),
    )
    config = PublishConfig(PAGES, own, limits=limits)
    publisher = Publisher(config, articles, renewer, stores, changes, time)
    display_stores = DisplayStores(
        stores.articles,
        stores.shares,
        stores.previews,
        ads.get,
        _sharer,
        publisher.remade,
        MouldStore(redis),
    )
    display = Display(hot, display_stores, Origins(console, PAGES), SECRETS, time)
    stack.push_async_callback(publisher.close)
    stack.push_async_callback(display.close)
    await _following(hot, changes, stack)
    pages_client = await stack.enter_async_context(TestClient(TestServer(_pages(display, console))))
    api_client = await stack.enter_async_context(TestClient(TestServer(_api(redis, publisher))))
    endings = Endings(stores.shares, stores.articles, stores.bookings, published, changes, time)
    watching = WatchStores(stores.articles, stores.shares, published, audit)
    watch = Watch(renewer, gatherer, watching, endings, time)
    kept = (listed, published, Accounts(redis), stores.bookings, audit)
    takedown = Takedown(endings, *kept, time)
    clients = (pages_client, api_client)
    return Worker(
        publisher,
        display,
        hot,
        articles,
        renewer,
        pool,
        ads,
        changes,
        *clients,
        watch,
        takedown,
        audit,
    )


async def _following(hot: Hot, changes: Changes, stack: contextlib.AsyncExitStack) -> None:
    mark = hot.mark()
    task = asyncio.create_task(hot.follow(changes))
    await until(lambda: hot.mark() != mark)
    stack.push_async_callback(tasks.end, [task])


def _pages(display: Display, console: str) -> web.Application:
    app = web.Application(middlewares=[problem.middleware, pages.middleware])
    app.add_routes([*pages.routes(display=display), *preview.routes(display=display)])
    config = cdn.CdnConfig(console, PAGES, "sha256-page", me.script_hash())
    app.on_response_prepare.append(cdn.pages_headers(config))
    return app


def _api(redis: Redis, publisher: Publisher) -> web.Application:
    app = web.Application(middlewares=[problem.middleware])
    app.add_routes(
        shares.routes(
            accounts=Accounts(redis),
            publisher=publisher,
            idempotency=Idempotency(redis),
            pages_origin=PAGES,
        )
    )
    return app


async def _sharer(_account: str) -> str:
    return "Mei Lin"


async def _no_picture(url: str) -> str:
    raise AssertionError(url)
