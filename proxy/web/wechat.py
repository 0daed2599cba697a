"""What WeChat's app asks of a host, by way of its pages: who vouches for them, and whose it is."""

import secrets
from typing import Final

from aiohttp import web

from ads.client import Client
from ads.clock import SECOND, Clock
from ads.errors import Problem
from ads.events.limits import Limits
from ads.web.beacon import ANY_ORIGIN
from ads.web.body import bounded
from proxy.wechat import RefusedError, Tickets
from proxy.wechat.signature import signed

URL_BYTES: Final = 2048
NONCE_BYTES: Final = 12


def routes(
    tickets: Tickets, pages_origin: str, client: Client, limits: Limits, now: Clock
) -> list[web.RouteDef]:
    """POST /w of the pages origin: an address of ours -> what the app takes for the account's word.

    And the file by which WeChat sees that the account's owner has the host.
    """
    account = tickets.account

    async def word(request: web.Request) -> web.Response:
        at = now()
        if not limits.admits(client.address(request), 1, at):
            raise Problem("rate_limited", "Too many pages from one address.", retry_after=60)
        url = (await bounded(request.content.readany, URL_BYTES)).decode(errors="replace")
        if not url.startswith(f"{pages_origin}/s/"):
            raise Problem("malformed", "It is no page of this host's.")
        try:
            ticket = await tickets.current()
        except (RefusedError, TimeoutError) as error:
            raise Problem("store_unavailable", f"WeChat: {error}", retry_after=60) from error
        nonce = secrets.token_hex(NONCE_BYTES)
        signature = signed(account.app_id, ticket, url, nonce, at // SECOND)
        return web.json_response(dict(signature), headers=ANY_ORIGIN)

    async def proof(_: web.Request) -> web.Response:
        return web.Response(text=account.proof)

    file = [web.get(f"/MP_verify_{account.proof}.txt", proof)] if account.proof else []
    return [web.post("/w", word), *file]
