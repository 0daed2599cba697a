"""The composition: which address leads where, and what runs beside the answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.clock import now_ms
from ads.reports import Reports
from ads.store import connect
from ads.store.complaints import Complaints
from ads.store.idempotency import Idempotency
from ads.store.throttle import Throttle
from ads.tally import Tally
from ads.web import account, ads, beacon, click, openapi, pictures, problem, reports, signin
from ads.web.console import adeditor, public, report, settings, spread
from ads.web.console.desk import Desk
from ads.web.console.figures import Figures
from ads.web.console.views import Views, static_route
from proxy import cdn
from proxy.config import Config
from proxy.frame.script import script_hash
from proxy.parts import Parts, assemble
from proxy.web import me, pages, paste, preview, shares, sharing
from proxy.web import openapi as described

BODY_BYTES = 1 << 20  # of any request; routes that take pictures allow more themselves
DRAIN_SECONDS = 8.0
PROBE_SECONDS = 1.0
CANCEL_SECONDS = 0.2
FOLD_SECONDS = 1.0  # what is left then is folded by whoever comes next
READERS_PATHS = ("/s/", "/p/", "/g/", "/m/", "/e", "/me", "/robots.txt")


@dataclass(frozen=True)
class Service:
    """A worker's application and its end."""

    app: web.Application
    parts: Parts

    def draining(self) -> None:
        """SIGTERM came: publishing that cannot finish in time gets 503 with Retry-After."""
        self.parts.publisher.drain(DRAIN_SECONDS - 1)


@asynccontextmanager
async def open_service(config: Config, store_url: str, tally: Tally) -> AsyncIterator[Service]:
    """A running worker: its background work goes on until the block ends, then all is closed."""
    redis = connect(store_url)
    parts = assemble(config, redis, now_ms, tally)
    work = [asyncio.create_task(each) for each in _background(parts)]
    try:
        yield Service(application(parts), parts)
    finally:
        await parts.publisher.close()
        await _end(work)
        await parts.folder.drain(FOLD_SECONDS)
        await _close(parts, redis)


def _background(parts: Parts) -> Iterable[Coroutine[Any, Any, None]]:
    yield parts.hot.follow(parts.stores.changes, parts.purge.want)
    yield parts.purge.run()
    yield parts.folder.run()


async def _end(work: Iterable[asyncio.Task[None]]) -> None:
    """Cancels until all have ended: redis-py may swallow a cancellation while it connects."""
    pending = set(work)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_SECONDS)


async def _close(parts: Parts, redis: Redis) -> None:
    parts.spool.close()
    await parts.display.close()
    parts.pool.close()
    await parts.fetcher.close()
    with contextlib.suppress(RedisError, OSError):
        await redis.aclose()


def application(parts: Parts) -> web.Application:
    """Both origins, told apart by Host; any other Host is answered 421."""
    root = web.Application(client_max_size=BODY_BYTES)
    probes = _probes(parts)
    for host, app in _apps(parts).items():
        app.add_routes(probes)
        root.add_domain(host, app)
    root.add_routes([*probes, web.route("*", "/{any:.*}", _misdirected)])
    return root


def _apps(parts: Parts) -> dict[str, web.Application]:
    """Host -> application."""
    config = parts.config.ads
    console, readers = (urlsplit(o).netloc for o in (config.console_origin, config.pages_origin))
    if console == readers:
        return {console: both_app(parts)}
    return {console: console_app(parts), readers: pages_app(parts)}


def console_app(parts: Parts) -> web.Application:
    """Where people log in: screens, and the API below /api."""
    app = web.Application(middlewares=[problem.middleware], client_max_size=BODY_BYTES)
    app.add_routes([*_api(parts), *_screens(parts)])
    return app


def pages_app(parts: Parts) -> web.Application:
    """Where readers read; the policy is on every status, and errors are pages."""
    app = web.Application(
        middlewares=[problem.middleware, pages.middleware], client_max_size=BODY_BYTES
    )
    app.on_response_prepare.append(cdn.pages_headers(_cdn(parts.config)))
    app.add_routes(_readers(parts))
    return app


def both_app(parts: Parts) -> web.Application:
    """One host for both origins: the readers' paths keep their own headers and sandbox."""
    app = console_app(parts)
    app.add_routes(_readers(parts))
    prepare = cdn.pages_headers(_cdn(parts.config))

    @web.middleware
    async def pages_for_readers(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(READERS_PATHS):
            return await pages.middleware(request, handler)
        return await handler(request)

    async def readers_only(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith(READERS_PATHS):
            await prepare(request, response)

    app.middlewares.append(pages_for_readers)
    app.on_response_prepare.append(readers_only)
    return app


def _readers(parts: Parts) -> list[web.RouteDef]:
    stores = parts.stores
    receiving: dict[str, Any] = {
        "spool": parts.spool,
        "keys": parts.config.ads.secret_keys,
        "client": parts.client,
        "now": parts.now,
        "tally": parts.tally,
        "limits": parts.limits,
    }
    return [
        *pages.routes(display=parts.display),
        *preview.routes(display=parts.display),
        *pictures.page_routes(pictures=stores.pictures),
        *beacon.routes(**receiving),
        *click.routes(**receiving, bookings=stores.bookings, ads=stores.ads),
    ]


def _cdn(config: Config) -> cdn.CdnConfig:
    return cdn.CdnConfig(
        config.ads.console_origin, config.ads.pages_origin, script_hash(), me.script_hash()
    )


def _api(parts: Parts) -> list[web.RouteDef]:
    stores, config = parts.stores, parts.config.ads
    remembered = Idempotency(stores.redis)
    accounts = stores.accounts
    document = openapi.document(described.paths(), described.schemas(), version("passalong"))
    return [
        *openapi.routes(document),
        *account.routes(accounts=accounts, secret_key=config.secret_keys[0]),
        *ads.routes(accounts=accounts, ads=stores.ads, idempotency=remembered),
        *pictures.routes(
            accounts=accounts,
            pictures=stores.pictures,
            idempotency=remembered,
            pages_origin=config.pages_origin,
        ),
        *reports.routes(
            accounts=accounts,
            ads=stores.ads,
            bookings=stores.bookings,
            counts=stores.counts,
            now=parts.now,
        ),
        *shares.routes(
            accounts=accounts,
            publisher=parts.publisher,
            idempotency=remembered,
            pages_origin=config.pages_origin,
        ),
    ]


def _screens(parts: Parts) -> list[web.RouteDef]:
    stores, config = parts.stores, parts.config.ads
    views = Views(
        console_origin=config.console_origin, pages_origin=config.pages_origin, now=parts.now
    )
    desk = Desk(accounts=stores.accounts, config=config, views=views)
    complaints = Complaints(stores.redis)
    figures = Figures(stores.counts, parts.now)
    told = _told(parts)
    edited = adeditor.AdStores(stores.ads, stores.bookings, stores.pictures)
    return [
        static_route(views),
        *signin.routes(desk, address_of=parts.client.address),
        *paste.routes(
            desk, publisher=parts.publisher, ads=stores.ads, figures=figures, now=parts.now
        ),
        *sharing.routes(desk, publisher=parts.publisher, figures=figures, ad=stores.ads.get),
        *adeditor.routes(desk, edited),
        *report.routes(desk, told, now=parts.now),
        *spread.routes(desk, reports=told.reports, bookings=stores.bookings),
        *settings.routes(desk, complaints=complaints),
        *public.routes(
            desk,
            complaints=complaints,
            throttle=Throttle(stores.redis, parts.now, enabled=config.limits),
            address_of=parts.client.address,
            now=parts.now,
        ),
    ]


def _told(parts: Parts) -> report.ReportStores:
    stores = parts.stores
    found = Reports(ads=stores.ads, bookings=stores.bookings, counts=stores.counts, now=parts.now)
    return report.ReportStores(found, stores.ads, stores.bookings)


def _probes(parts: Parts) -> list[web.RouteDef]:
    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})

    async def readyz(_: web.Request) -> web.Response:
        ready = parts.spool.has_room() or await _reachable(parts.stores.redis)
        text = "ready\n" if ready else "neither store nor spool can take events\n"
        headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "1"})
        return web.Response(status=200 if ready else 503, text=text, headers=headers)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


async def _reachable(redis: Redis) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return bool(await redis.ping())
    except (RedisError, OSError, TimeoutError):
        return False


async def _misdirected(_: web.Request) -> web.Response:
    return web.Response(status=421, text="This service is not known by that name.\n")
