"""`/api/v1/ads/{ad}/events`: events one by one as JSON lines, streamed to the ad's owner."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

import msgspec
from aiohttp import web

from ads.accounts import Account
from ads.reports.export import Export
from ads.reports.judge import JudgedEvent
from ads.store.accounts import Accounts
from ads.web import auth
from ads.web.reports import AD, NO_STORE, span

CONTENT_TYPE = "application/x-ndjson"
_encoder = msgspec.json.Encoder()


def routes(*, accounts: Accounts, export: Export) -> list[web.RouteDef]:
    """The route of this module, for the console's origin."""

    async def events(request: web.Request, owner: Account) -> web.StreamResponse:
        found = export.events(owner.reports_of, request.match_info["ad"], *span(request))
        return await lines(request, found, {})

    return [web.get(f"{AD}/events", auth.called(accounts)(events))]


async def lines(
    request: web.Request, found: AsyncGenerator[list[JudgedEvent]], headers: Mapping[str, str]
) -> web.StreamResponse:
    """Streams events as JSON lines, with these headers; raises what `found` raises at first."""
    async with aclosing(found):
        # The first list is read before the headers are sent, so that its error can be answered.
        some = await anext(found, None)
        every = {**headers, **NO_STORE, "Content-Type": CONTENT_TYPE}
        response = web.StreamResponse(headers=every)
        # The client may leave in the middle.
        with suppress(ConnectionError):
            await response.prepare(request)
            while some:
                await response.write(_encoder.encode_lines(some))
                some = await anext(found, None)
            await response.write_eof()
    return response
