"""The account's ticket: from WeChat, which allows few calls a day, and kept while it is valid.

`/cgi-bin/stable_token` gives the same access token to all who ask while it is valid, so that the
account's other services keep theirs; `/cgi-bin/ticket/getticket` exchanges it for the ticket of
pages (developers.weixin.qq.com, "JS-SDK", appendix 1).
"""

import asyncio
import logging
import time
from contextlib import AbstractAsyncContextManager

import aiohttp
import msgspec

from ads.errors import Problem
from ads.web.body import bounded
from proxy.flight import Flight
from proxy.store.wechat import TicketStore
from proxy.wechat.account import Account

logger = logging.getLogger(__name__)

CALL_SECONDS = 5.0
ANSWER_BYTES = 64 * 1024
REST_SECONDS = 60.0
"""The pause after a refusal: with a wrong secret the day's calls would soon be used up."""
LOOK_SECONDS = 0.2
EARLY_S = 600
"""How long before its end a ticket is renewed: the app still has to check what it signed."""
MENDED = {
    40001: "the secret is another's; see PASSALONG_WECHAT_SECRET",
    40013: "there is no such account; see PASSALONG_WECHAT_APP_ID",
    40125: "the secret is wrong; see PASSALONG_WECHAT_SECRET",
    40164: "put this server's address on the account's list of IP addresses",
    48001: "the account has no right to the JS-SDK; it must be a verified official account",
}


class RefusedError(Exception):
    """WeChat gives no ticket; the text says why."""


class _Said(msgspec.Struct):
    errcode: int = 0
    errmsg: str = ""
    access_token: str = ""
    ticket: str = ""
    expires_in: int = 0


class Tickets:
    """Gets the ticket from `kept`, else from WeChat, through the operator's `proxy` if any."""

    def __init__(self, account: Account, kept: TicketStore, proxy: str = "") -> None:
        self.account = account
        self._kept = kept
        self._proxy = proxy
        self._flight: Flight[str] = Flight()
        self._rest_until = 0.0
        self._refused = ""

    async def current(self) -> str:
        """A valid ticket. Raises RefusedError, RedisError."""
        return await self._kept.get() or await self._flight.run("", self._renewed)

    async def close(self) -> None:
        """Stops what is under way."""
        await self._flight.stop()

    async def _renewed(self) -> str:
        if time.monotonic() < self._rest_until:
            raise RefusedError(self._refused)
        async with asyncio.timeout(3 * CALL_SECONDS):
            while True:
                async with self._kept.turn() as mine:
                    if mine:
                        return await self._kept.get() or await self._asked()
                await asyncio.sleep(LOOK_SECONDS)

    async def _asked(self) -> str:
        try:
            ticket, seconds = await asked(self.account, self._proxy)
        except RefusedError as error:
            self._rest_until, self._refused = time.monotonic() + REST_SECONDS, str(error)
            logger.warning("WeChat vouches for no page: %s", error)
            raise
        await self._kept.keep(ticket, max(1, seconds - EARLY_S))
        return ticket


async def asked(account: Account, proxy: str = "") -> tuple[str, int]:
    """A ticket from WeChat, and for how many seconds it is valid. Raises RefusedError."""
    wanted = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    timeout, base = aiohttp.ClientTimeout(total=CALL_SECONDS), f"{account.api}/cgi-bin/"
    try:
        async with aiohttp.ClientSession(base, timeout=timeout, proxy=proxy or None) as session:
            token = await _called(session.post("stable_token", json=wanted))
            query = {"access_token": token.access_token, "type": "jsapi"}
            ticket = await _called(session.get("ticket/getticket", params=query))
    except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError, Problem) as error:
        # Not the error's text, which may have an address with the token.
        raise RefusedError(f"it does not answer ({type(error).__name__})") from None
    return ticket.ticket, ticket.expires_in


async def _called(asking: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> _Said:
    async with asking as answer:
        found = msgspec.json.decode(await bounded(answer.content.readany, ANSWER_BYTES), type=_Said)
    if found.errcode or not (found.access_token or found.ticket):
        advice = MENDED.get(found.errcode, "")
        why = f"{found.errmsg or 'no answer of its kind'} ({found.errcode})"
        raise RefusedError(f"{why}: {advice}" if advice else why)
    return found
