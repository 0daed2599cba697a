"""`/api/v1/shares` and `/api/v1/preview`: publish, list, read, change, end; the link as QR code."""

from dataclasses import dataclass
from functools import partial

from aiohttp import web

from ads.accounts import Account
from ads.store.accounts import Accounts
from ads.store.idempotency import Idempotency
from ads.web import auth, paging
from ads.web.body import json_object, read_json
from ads.web.idempotency import repeatable
from ads.web.views import answer
from proxy import shares
from proxy.publish import Publisher, forms
from proxy.shares import Share
from proxy.web import qr, views

PATH = "/api/v1/shares"
ONE = PATH + "/{share:[A-Za-z0-9_-]{1,64}}"
PREVIEW = "/api/v1/preview"


def routes(
    accounts: Accounts, publisher: Publisher, idempotency: Idempotency, pages_origin: str
) -> list[web.RouteDef]:
    """The routes of this module, for the console's origin."""
    api, called = _Api(publisher, pages_origin), auth.called(accounts)
    once = partial(repeatable, idempotency)
    return [
        web.post(PATH, called(once(api.create))),
        web.get(PATH, called(api.list)),
        web.get(ONE, called(api.read)),
        web.patch(ONE, called(api.change)),
        web.delete(ONE, called(api.end)),
        web.post(ONE + "/refresh", called(once(api.refresh, _nothing))),
        *(web.get(f"{ONE}/qr.{kind}", called(partial(api.code, kind))) for kind in ("svg", "png")),
        web.post(PREVIEW, called(once(api.preview))),
    ]


async def _nothing(_: web.Request) -> bytes:
    """What a call reads that takes no body."""
    return b""


@dataclass(frozen=True)
class _Api:
    _publisher: Publisher
    _pages_origin: str

    async def create(self, _: web.Request, owner: Account, body: bytes) -> web.Response:
        share = await self._publisher.publish(owner, forms.parse(json_object(body)))
        return answer(await self._view(share), 201, Location=f"{PATH}/{share.id}")

    async def preview(self, _: web.Request, owner: Account, body: bytes) -> web.Response:
        shown = await self._publisher.preview(owner, forms.parse_preview(json_object(body)))
        return answer(views.preview(shown, self._pages_origin), 201)

    async def list(self, request: web.Request, owner: Account) -> web.Response:
        page = paging.asked(request)
        found, following = await self._publisher.list(owner, page.cursor, page.limit)
        items = [await self._view(share) for share in found]
        return answer(paging.answer(items, following))

    async def read(self, request: web.Request, owner: Account) -> web.Response:
        return answer(await self._view(await self._own(request, owner)))

    async def change(self, request: web.Request, owner: Account) -> web.Response:
        patch = forms.parse_patch(json_object(await read_json(request)))
        share = await self._publisher.change(owner, request.match_info["share"], patch)
        return answer(await self._view(share))

    async def end(self, request: web.Request, owner: Account) -> web.Response:
        await self._publisher.end(owner, request.match_info["share"])
        return web.Response(status=204)

    async def refresh(self, request: web.Request, owner: Account, _: bytes) -> web.Response:
        share = await self._publisher.refresh(owner, request.match_info["share"])
        return answer(await self._view(share), 201)

    async def code(self, kind: str, request: web.Request, owner: Account) -> web.Response:
        link = shares.address(self._pages_origin, (await self._own(request, owner)).id)
        body, content_type = qr.drawn(kind, link)
        headers = {"Cache-Control": "private, max-age=3600"}
        return web.Response(body=body, content_type=content_type, headers=headers)

    async def _own(self, request: web.Request, owner: Account) -> Share:
        return await self._publisher.get(owner, request.match_info["share"])

    async def _view(self, share: Share) -> views.ShareView:
        ad = await self._publisher.shown_ad(share)
        return views.share(share, ad, self._pages_origin)
