"""`POST /e`: events from readers' pages, answered once they are durable (contract, section 6)."""

import asyncio
import time
from http import HTTPStatus
from typing import Final

from aiohttp import web

from ads import events
from ads.client import Client
from ads.clock import Clock
from ads.errors import Problem
from ads.receiver import Receiver
from ads.tally import Tally, observe
from ads.web import problem
from ads.web.body import bounded, media_type

BODY_SECONDS: Final = 10.0
# sendBeacon sends no type for a Blob without one.
MEDIA_TYPES: Final = frozenset({"text/plain", "application/json", ""})

# A sandboxed page has the origin `null`; no cookie is read, so any page may read the answer.
ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
PREFLIGHT: Final = ANY_ORIGIN | {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}


def routes(*, receiver: Receiver, client: Client, now: Clock, tally: Tally) -> list[web.RouteDef]:
    """The routes of the pages origin that take events."""
    beacon = _Beacon(receiver, client, now, tally)
    return [web.post("/e", beacon.post), web.options("/e", _preflight)]


class _Beacon:
    def __init__(self, receiver: Receiver, client: Client, now: Clock, tally: Tally) -> None:
        self._receiver = receiver
        self._client = client
        self._now = now
        self._tally = tally

    async def post(self, request: web.Request) -> web.Response:
        began = time.perf_counter()
        try:
            await self._take(request)
            observe(self._tally, "passalong_beacon_seconds", time.perf_counter() - began)
            answer = web.Response(status=HTTPStatus.NO_CONTENT)
        # Every answer needs ANY_ORIGIN for the page to read its status, so no error passes on.
        except Exception as error:  # noqa: BLE001
            answer = problem.answer(problem.of(error))
        answer.headers.update(ANY_ORIGIN)
        self._tally["passalong_beacons", str(answer.status)] += 1
        return answer

    async def _take(self, request: web.Request) -> None:
        received = events.parse(await _body(request))
        at = self._now()
        if not self._receiver.admits(self._client.address(request), len(received), at):
            raise Problem("rate_limited", "too many events from this address", retry_after=10)
        await self._receiver.receive(received, self._client.facts(request), at)


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)


async def _body(request: web.Request) -> bytes:
    """The body, at most MAX_BODY bytes decoded. Raises Problem by type, size, or if it is slow."""
    if media_type(request) not in MEDIA_TYPES:
        raise Problem("unsupported_media_type", "text/plain or application/json")
    if (request.content_length or 0) > events.MAX_BODY:
        raise Problem("too_big", f"at most {events.MAX_BODY} bytes")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await bounded(request.content.readany, events.MAX_BODY)
    except (TimeoutError, ConnectionError, web.RequestPayloadError) as error:
        raise Problem("malformed", "the body did not arrive") from error
