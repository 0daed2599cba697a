"""A request -> the facts about its sender."""

import asyncio
import base64
import hashlib
import secrets
from typing import Protocol

from aiohttp import web

from ads.client import agent, headers, source
from ads.client.address import Address, behind, household, parse
from ads.client.facts import ClientFacts, Refused
from ads.client.places import Places, country_code
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
        self._country_headers = config.country_headers
        self._places = Places(config.country_file, config.data_centre_file)
        self._salts = salts
        self._now = now
        self._day = -1
        self._salt = b""
        self._ask_again_at: int | None = None
        self._asking = asyncio.Lock()

    async def facts(self, request: web.BaseRequest) -> ClientFacts:
        """What counting needs to know of the sender. A store that is away costs no event."""
        user_agent = request.headers.get("User-Agent", "")
        told, address = agent.read(user_agent), self._behind(request)
        bot = told.bot or headers.unattended(request) or self._places.is_data_centre(address)
        refused: Refused = "prefetch" if headers.prefetched(request) else "bot" if bot else ""
        reader = await self._reader(address, user_agent) if headers.may_tell_apart(request) else ""
        return ClientFacts(
            reader,
            self._country(request, address),
            told.device,
            told.source or _opened_in(request),
            refused,
        )

    def address(self, request: web.BaseRequest) -> str:
        """The sender's household, for limits that stay in memory: never to be written anywhere."""
        found = self._behind(request)
        return household(found) if found else ""

    def _behind(self, request: web.BaseRequest) -> Address | None:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        return behind(request.remote or "", forwarded, self._trusted)

    def _country(self, request: web.BaseRequest, address: Address | None) -> str:
        """What a trusted proxy says, else what the operator's file says; "" is unknown."""
        peer = parse(request.remote or "")
        if peer and any(peer in network for network in self._trusted):
            said = (country_code(request.headers.get(name, "")) for name in self._country_headers)
            if told := next(filter(None, said), ""):
                return told
        return self._places.country(address)

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


def _opened_in(request: web.BaseRequest) -> str:
    package = source.of_package(request.headers.get("X-Requested-With", ""))
    return package or source.of_site(request.query.get("via", ""))
