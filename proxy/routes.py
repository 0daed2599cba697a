"""The URL map: all routes of both origins, on one screen each."""

from importlib.metadata import version

from aiohttp import web

from ads.reports import Reports
from ads.store.idempotency import Idempotency
from ads.tasks import Lane
from ads.web import account, ads, beacon, click, events, openapi, pictures, reports
from ads.web.console import public, pwa
from ads.web.console.account import passkeys, settings, signin
from ads.web.console.account.owndata import OwnData
from ads.web.console.ad import editor, versions
from ads.web.console.desk import Desk
from ads.web.console.figures import Figures
from ads.web.console.report import links
from ads.web.console.report import screens as report
from ads.web.console.report.presenter import Presenter, ReportStores
from ads.web.console.spread import screens as spread
from ads.web.console.views import Views, static_route
from proxy import sample
from proxy.forget import Forgetting
from proxy.parts import Parts
from proxy.web import openapi as described
from proxy.web import operator, operator_api, pages, paste, qr, shares, shares_api, wechat
from proxy.web import pictures as sourced


def readers(parts: Parts) -> list[web.RouteDef]:
    """The routes of the pages origin, for readers."""
    stores = parts.stores
    client, now = parts.client, parts.now
    receiver, origin = parts.receiver, parts.config.ads.pages_origin
    vouching = (origin, client, parts.limits, now)
    return [
        *(wechat.routes(parts.tickets, *vouching) if parts.tickets else ()),
        *pages.routes(parts.display),
        *pictures.page_routes(pictures=stores.pictures),
        *qr.routes(origin, client, parts.limits, now),
        *sourced.routes(parts.addresses, parts.keeper),
        *beacon.routes(receiver=receiver, client=client, now=now, tally=parts.tally),
        *click.routes(
            receiver=receiver, client=client, now=now, bookings=stores.bookings, ads=stores.ads
        ),
    ]


def api(parts: Parts) -> list[web.RouteDef]:
    """The API below /api, on the console origin."""
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
        *reports.routes(accounts=accounts, reports=_reports(parts)),
        *events.routes(accounts=accounts, export=parts.export),
        *shares_api.routes(accounts, parts.publisher, remembered, config.pages_origin),
        *operator_api.routes(stores, parts.vetting),
    ]


def screens(parts: Parts) -> list[web.RouteDef]:
    """The console's pages."""
    stores, config = parts.stores, parts.config.ads
    views = Views(
        console_origin=config.console_origin,
        pages_origin=config.pages_origin,
        now=parts.now,
        shown_at=parts.addresses.of,
    )
    desk = Desk(accounts=stores.accounts, config=config, views=views)
    entrance = signin.SignIn(stores.accounts, parts.client.address, stores.throttle)
    figures = Figures(stores.counts, parts.now)
    presenter, sent = _presenter(parts), Idempotency(stores.redis)
    edited = editor.AdStores(stores.ads, stores.bookings, stores.pictures, stores.schedule)
    return [
        static_route(views),
        *sample.routes(),
        *pwa.routes(desk),
        *signin.routes(desk, entrance),
        *passkeys.routes(desk, entrance, now=parts.now),
        *paste.routes(desk, parts.publisher, stores.ads, figures, sent, parts.now),
        *shares.routes(desk, parts.publisher, figures, stores.ads, _pictures(parts), sent),
        *editor.routes(desk, edited, sent=sent, now=parts.now),
        *versions.routes(desk, edited),
        *report.routes(desk, presenter),
        *parts.live.routes(desk, presenter),
        *links.routes(desk, presenter, stores.report_links),
        *spread.routes(desk, presenter.stores.reports),
        *_complaining(parts, desk),
        public.lost(desk),
    ]


def _complaining(parts: Parts, desk: Desk) -> list[web.RouteDef]:
    """Complaints about pages: anyone makes them, the operator acts on them in the settings."""
    stores = parts.stores
    return [
        *settings.routes(
            desk,
            complaints=stores.complaints,
            own=OwnData(stores.accounts, stores.ads, stores.bookings, stores.report_links),
            leave=Forgetting(stores, parts.now).account,
        ),
        *public.routes(
            desk,
            complaints=stores.complaints,
            throttle=stores.throttle,
            address_of=parts.client.address,
            now=parts.now,
        ),
        *operator.routes(desk, stores, parts.vetting, parts.takedown),
    ]


def _pictures(parts: Parts) -> shares.Picture:
    """Finds a card's picture: one that was uploaded to us, or a publisher's, which is fetched."""

    async def find(image: str) -> bytes | None:
        if "/" not in image:
            kept = await parts.stores.pictures.get(image)
            return kept.data if kept else None
        found = await parts.keeper.get(image)
        return None if isinstance(found, str) else found.data

    return find


def _reports(parts: Parts) -> Reports:
    stores = parts.stores
    return Reports(ads=stores.ads, bookings=stores.bookings, counts=stores.counts, now=parts.now)


def _presenter(parts: Parts) -> Presenter:
    stores = parts.stores
    read = ReportStores(_reports(parts), stores.ads, stores.bookings, parts.export)
    return Presenter(read, parts.now)


def probes(parts: Parts) -> list[web.RouteDef]:
    """/healthz and /readyz, answered on any Host."""
    looks = Lane(1)  # a disk that hangs must not take the threads of all other work

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})

    async def readyz(_: web.Request) -> web.Response:
        ready = await looks.run(parts.spool.has_room) or await parts.stores.answer()
        text = "ready\n" if ready else "neither store nor spool can take events\n"
        headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "1"})
        return web.Response(status=200 if ready else 503, text=text, headers=headers)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
