"""`/api/v1/ads`: make, list, read, change and delete one's ads."""

import re

from aiohttp import web

from ads import ad as rules
from ads.accounts import Account
from ads.ad import Ad
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.idempotency import Idempotency
from ads.web import auth, paging, views
from ads.web.body import json_object, read_json
from ads.web.idempotency import repeatable

PATH = "/api/v1/ads"
ONE = PATH + "/{ad:[A-Za-z0-9_-]{1,64}}"
NO_VERSION = 0  # versions begin with 1


def routes(*, accounts: Accounts, ads: Ads, idempotency: Idempotency) -> list[web.RouteDef]:
    """The routes of this module, for the console's origin."""
    api, called = _Api(accounts, ads), auth.called(accounts)
    return [
        web.post(PATH, called(repeatable(idempotency, api.create))),
        web.get(PATH, called(api.list)),
        web.get(ONE, called(api.read)),
        web.patch(ONE, called(api.change)),
        web.delete(ONE, called(api.delete)),
    ]


class _Api:
    def __init__(self, accounts: Accounts, ads: Ads) -> None:
        self._accounts = accounts
        self._ads = ads

    async def create(self, _: web.Request, owner: Account, body: bytes) -> web.Response:
        ad = await self._ads.create(owner.id, rules.parse(json_object(body)))
        await self._accounts.audit.note(owner.id, "ad", ad.name, ad.id)
        return _answer(ad, 201)

    async def list(self, request: web.Request, owner: Account) -> web.Response:
        page = paging.asked(request)
        found, following = await self._ads.list(owner.ads_owner, page.cursor, page.limit)
        return views.answer(paging.answer([views.ad(ad) for ad in found], following))

    async def read(self, request: web.Request, owner: Account) -> web.Response:
        return _answer(await self._ads.owned(owner.ads_owner, request.match_info["ad"]))

    async def change(self, request: web.Request, owner: Account) -> web.Response:
        ad_id = request.match_info["ad"]
        patch = json_object(await read_json(request))
        current = await self._ads.owned(owner.id, ad_id)
        wanted = _wanted(request, current)
        changed = await self._ads.change(owner.id, ad_id, patch, wanted)
        await self._accounts.audit.note(owner.id, "ad", changed.name, ad_id)
        return _answer(changed)

    async def delete(self, request: web.Request, owner: Account) -> web.Response:
        ad = await self._ads.owned(owner.id, request.match_info["ad"])
        await self._ads.delete(owner.id, ad.id, _wanted(request, ad))
        await self._accounts.audit.note(owner.id, "ad-deleted", ad.id)
        return web.Response(status=204)


def _answer(ad: Ad, status: int = 200) -> web.Response:
    headers = {"Location": f"{PATH}/{ad.id}"} if status == 201 else {}
    return views.answer(views.ad(ad), status, ETag=f'"{ad.version}"', **headers)


def _wanted(request: web.Request, current: Ad) -> int | None:
    """The version that If-Match asks for: None without the header, NO_VERSION if it is another.

    If-Match compares strongly (RFC 9110, section 13.1.1): a weak or unknown tag matches nothing.
    """
    if "If-Match" not in request.headers:
        return None
    header = ",".join(request.headers.getall("If-Match")).strip()
    tags = re.findall(r'(?:^|,)\s*("[^"]*")\s*(?=,|$)', header)
    matches = header == "*" or f'"{current.version}"' in tags
    return current.version if matches else NO_VERSION
