"""`GET /g/{share}/{slot}`: redirects to the ad's target; counts a tap if the script added ids."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from aiohttp import web

from ads import booking, events
from ads.ad import Ad, expand_target
from ads.booking import Booking
from ads.client import Client
from ads.client.headers import prefetched
from ads.clock import Clock
from ads.errors import Problem
from ads.events import Event, hops
from ads.receiver import Receiver
from ads.store.ads import Ads
from ads.store.bookings import Bookings

KEEP_SECONDS: Final = 2.0  # a slow disk of ours must not keep a reader waiting longer


def routes(
    *, receiver: Receiver, client: Client, now: Clock, bookings: Bookings, ads: Ads
) -> list[web.RouteDef]:
    """The route of the pages origin that leads to advertisers."""
    click = _Click(receiver, client, now, bookings, ads)
    return [web.get("/g/{share}/{slot}", click.get, allow_head=True)]


class _Click:
    def __init__(
        self, receiver: Receiver, client: Client, now: Clock, bookings: Bookings, ads: Ads
    ) -> None:
        self._receiver = receiver
        self._client = client
        self._now = now
        self._bookings = bookings
        self._ads = ads

    async def get(self, request: web.Request) -> web.Response:
        try:
            target = await self._target(request)
        except Problem as problem:
            if problem.code == "ended":  # an edge's page may show the button a while longer
                await self._count(request)
            raise
        await self._count(request)
        headers = {"Location": target, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(status=HTTPStatus.FOUND, headers=headers)

    async def _target(self, request: web.Request) -> str:
        """The target of the ad on the reader's page; if it no longer runs, of the share's ad now.

        An open or cached page outlives a change of its share's ad; the tap counts for the ad that
        was seen. Raises Problem("not_found" or "ended").
        """
        if request.match_info["slot"] not in events.SLOTS:
            raise Problem("not_found", "no such slot")
        booked = await self._bookings.get(request.match_info["share"])
        if booked is None:
            raise Problem("not_found", "no such share")
        if booked.state != "active":
            raise Problem("ended", "this share has ended")
        page = self._receiver.ticket(request.query.get("t", ""))
        seen = page.ad if page and page.share == booked.share else ""
        for wanted in dict.fromkeys((seen or booked.ad, booked.ad)):
            if ad := await self._shown(wanted):
                return _web_target(ad, booked, request.query.get("h", ""))
        raise Problem("ended", "this ad no longer runs")

    async def _shown(self, ad: str) -> Ad | None:
        return booking.shown(await booking.chain(await self._ads.get(ad), self._ads.get))

    async def _count(self, request: web.Request) -> None:
        """Counts the request's tap, if it has one; a failure is ignored, since nobody is told."""
        if request.method == "HEAD" or prefetched(request) or not (event := self._tap(request)):
            return
        at = self._now()
        if self._receiver.admits(self._client.address(request), 1, at):
            with suppress(Problem, TimeoutError):
                async with asyncio.timeout(KEEP_SECONDS):
                    facts = self._client.facts(request)
                    await self._receiver.receive([event], facts, at)

    def _tap(self, request: web.Request) -> Event | None:
        query = {key: request.query.get(key, "") for key in ("t", "i", "o", "h")}
        page = self._receiver.ticket(query["t"])
        if page and page.share != request.match_info["share"]:
            return None  # another page's ticket: this tap cannot have come from there
        try:
            slot = request.match_info["slot"]
            return events.tap(query["t"], query["i"], query["o"], query["h"], slot)
        except Problem:
            return None


def _web_target(ad: Ad, booked: Booking, hop: str) -> str:
    depth = hops.depth(hop) if hops.valid(hop) else 0
    target = expand_target(ad.target, booked.share, booked.channel, depth)
    if not target.startswith(("http://", "https://")):
        raise Problem("not_found", "this ad leads to no web page")
    return target
