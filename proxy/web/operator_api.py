"""Calls for the operator alone: reviews of ads, the audit trail, the register of ads.

To anybody else they answer 404, like another tenant's objects.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from ads.accounts import Account
from ads.ad import Ad
from ads.ad.review import WHY_MAX
from ads.clock import Timestamp, timestamp
from ads.errors import Problem, invalid
from ads.ids import digest, short
from ads.store.index import member
from ads.store.register import Register
from ads.web import auth, paging
from ads.web.body import json_object, read_json
from ads.web.events import CONTENT_TYPE
from ads.web.problem import Handler
from ads.web.views import AdView, IdentityView, answer
from ads.web.views import ad as ad_view
from proxy.moderation.takedown import Reason
from proxy.moderation.vetting import VERDICTS, Verdict, Vetting
from proxy.store.audit import Act, What
from proxy.store.keys import AUDIT_MAX
from proxy.stores import Stores

REVIEWS = "/api/v1/reviews"
REVIEW = REVIEWS + "/{ad:[A-Za-z0-9_-]{1,64}}"
TRAIL = "/api/v1/takedowns"
REGISTER = "/api/v1/register"
REVIEWS_MAX = 1000
NO_STORE = {"Cache-Control": "no-store"}


class ReviewedView(msgspec.Struct, frozen=True):
    """An ad that waits, and whose it is; `identity` is what its advertiser told of itself."""

    ad: AdView
    email: str
    identity: IdentityView


class ActView(msgspec.Struct, frozen=True):
    """One act of an operator, or of a publisher whose word was heard."""

    at: Timestamp
    who: str
    what: What
    target: str
    done: str
    why: str
    law: bool


def routes(stores: Stores, vetting: Vetting) -> list[web.RouteDef]:
    """The routes of this module, for the console's origin."""
    api, called = _Api(stores, vetting), auth.called(stores.accounts)

    def operator(call: auth.Call) -> Handler:
        async def handle(request: web.Request, account: Account) -> web.StreamResponse:
            if account.role != "owner":
                raise Problem("not_found")
            return await call(request, account)

        return called(handle)

    return [
        web.get(REVIEWS, operator(api.waiting)),
        web.patch(REVIEW, operator(api.judge)),
        web.get(TRAIL, operator(api.trail)),
        web.get(REGISTER, operator(api.register)),
    ]


@dataclass(frozen=True)
class _Api:
    _stores: Stores
    _vetting: Vetting

    async def waiting(self, request: web.Request, _: Account) -> web.Response:
        found = sorted(await self._vetting.waiting(REVIEWS_MAX), key=_of_review, reverse=True)
        return answer(paging.page(request, found, _of_review, lambda each: _reviewed(*each)))

    async def judge(self, request: web.Request, operator: Account) -> web.Response:
        body = json_object(await read_json(request))
        verdict, version, why = _verdict(body)
        ad = await self._vetting.one(request.match_info["ad"])
        judged = await self._vetting.judge(ad, version, verdict, Reason(operator.email, why))
        return answer(ad_view(judged))

    async def trail(self, request: web.Request, _: Account) -> web.Response:
        found = await self._stores.audit.newest(2 * AUDIT_MAX)
        return answer(paging.page(request, found, _of_act, _act))

    async def register(self, request: web.Request, _: Account) -> web.StreamResponse:
        return await register_lines(request, self._stores.register, {})


async def register_lines(
    request: web.Request, register: Register, headers: dict[str, str]
) -> web.StreamResponse:
    """Streams the register as JSON lines."""
    response = web.StreamResponse(headers={**headers, **NO_STORE, "Content-Type": CONTENT_TYPE})
    with suppress(ConnectionError):  # the client has gone
        await response.prepare(request)
        async for some in register.every():
            await response.write(some)
        await response.write_eof()
    return response


def _verdict(body: dict[str, Any]) -> tuple[Verdict, int | None, str]:
    verdict, version, why = body.get("verdict"), body.get("version"), body.get("why", "")
    for field in body:
        if field not in ("verdict", "version", "why"):
            raise invalid(field[:64], "unknown", "There is no such field.")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise invalid("version", "type", "The version that was looked at, a whole number.")
    if not isinstance(why, str) or len(why) > WHY_MAX:
        raise invalid("why", "length", f"At most {WHY_MAX} characters.")
    for known in VERDICTS:
        if verdict == known:
            return known, version, why
    raise invalid("verdict", "choice", f"One of {', '.join(VERDICTS)}.")


def _reviewed(ad: Ad, owner: Account | None) -> ReviewedView:
    known = msgspec.structs.asdict(ad.identity)
    return ReviewedView(ad_view(ad), owner.email if owner else "", IdentityView(**known))


def _of_review(waiting: tuple[Ad, Account | None]) -> str:
    return member(waiting[0].updated_at, waiting[0].id)


def _of_act(act: Act) -> str:
    """An act's cursor; a digest of the act tells apart those of one millisecond."""
    return member(act.at, short(digest(repr(act))))


def _act(act: Act) -> ActView:
    return ActView(timestamp(act.at), act.who, act.what, act.target, act.done, act.why, act.law)
