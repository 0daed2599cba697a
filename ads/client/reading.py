"""A request -> the facts about its sender."""

import asyncio
import base64
import hashlib
import secrets
from typing import Protocol

from aiohttp import web

from ads.client import agent
from ads.client.address import Address, behind, household
from ads.client.facts import ClientFacts, Refused
from ads.clock import DAY, SECOND, Clock
from ads.config import AdsConfig
from ads.errors import Problem

SALT_WAIT_SECONDS = 1.0
SALT_RETRY_MS = 10 * SECOND


class Salts(Protocol):
    """Where the day's salt is kept for all workers (`ads.store.salts`)."""

    async def of_day(self, day: int) -> bytes:
        """The salt of a day (days since the epoch, UTC). Raises Problem("store_unavailable")."""


class Client:
    """Reads requests; remembers the salt of the day and nothing about anybody."""

    def __init__(self, config: AdsConfig, salts: Salts, now: Clock) -> None:
        self._trusted = config.trusted_proxies
        self._salts = salts
        self._now = now
        self._day = -1
        self._salt = b""
        self._ask_again_at: int | None = None
        self._asking = asyncio.Lock()

    async def facts(self, request: web.BaseRequest) -> ClientFacts:
        """What counting needs to know of the sender. A store that is away costs no event."""
        user_agent = request.headers.get("User-Agent", "")
        told = agent.read(user_agent)
        bot = told.bot or unattended(request)
        refused: Refused = "prefetch" if prefetched(request) else "bot" if bot else ""
        reader = (
            await self._reader(self._behind(request), user_agent)
            if _may_tell_apart(request)
            else ""
        )
        return ClientFacts(reader, "", told.device, told.source, refused)

    def address(self, request: web.BaseRequest) -> str:
        """The sender's household, for limits that stay in memory: never to be written anywhere."""
        found = self._behind(request)
        return household(found) if found else ""

    def _behind(self, request: web.BaseRequest) -> Address | None:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        return behind(request.remote or "", forwarded, self._trusted)

    async def _reader(self, address: Address | None, user_agent: str) -> str:
        if address is None:
            return ""
        salt = await self._todays_salt()
        who = f"{household(address)}\n{user_agent}".encode(errors="replace")
        digest = hashlib.blake2b(who, key=salt, digest_size=9).digest()
        return base64.urlsafe_b64encode(digest).decode()

    async def _todays_salt(self) -> bytes:
        at = self._now()
        if self._due(at):
            async with self._asking:
                await self._renew(at)
        return self._salt

    async def _renew(self, at: int) -> None:
        if not self._due(at):
            return  # another request has asked meanwhile
        self._ask_again_at = at + SALT_RETRY_MS
        try:
            async with asyncio.timeout(SALT_WAIT_SECONDS):
                self._salt, self._ask_again_at = await self._salts.of_day(at // DAY), None
        except (Problem, TimeoutError):
            if at // DAY != self._day:
                # Readers are told apart within this worker only until the store is back.
                self._salt = secrets.token_bytes(32)
        self._day = at // DAY

    def _due(self, at: int) -> bool:
        again = self._ask_again_at
        return at // DAY != self._day or (again is not None and at >= again)


def prefetched(request: web.BaseRequest) -> bool:
    """Whether a browser fetches ahead of its reader, who may never come.

    Sec-Purpose is the standard (Fetch), Purpose and X-Purpose what Chrome and Safari sent before,
    X-Moz Firefox's.
    """
    names = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    said = " ".join(request.headers.get(name, "") for name in names).lower()
    return "prefetch" in said or "prerender" in said or "preview" in said


def unattended(request: web.BaseRequest) -> bool:
    """Whether headers besides the user agent are a robot's.

    From is what crawlers give their maker's address in (RFC 9110, 10.1.2), Signature-Agent what
    signed robots name their keys in (Web Bot Auth); a headless Chromium whose user agent was
    changed still says so in its client hints.
    """
    headers = request.headers
    hints = headers.get("Sec-CH-UA", "") + headers.get("Sec-CH-UA-Full-Version-List", "")
    return "From" in headers or "Signature-Agent" in headers or "headless" in hints.lower()


def _may_tell_apart(request: web.BaseRequest) -> bool:
    """Whether the reader may be told apart from others: neither GPC nor DNT is set."""
    return request.headers.get("Sec-GPC") != "1" and request.headers.get("DNT") != "1"
