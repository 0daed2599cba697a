"""A request -> the facts about its sender."""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

from ads.client import agent, headers, source
from ads.client.address import Address, behind, household, parse
from ads.client.facts import ClientFacts, Refused
from ads.client.headers import Asking
from ads.client.places import Places, country_code
from ads.clock import DAY, Clock
from ads.config import AdsConfig

SALT_BYTES = 32
REMEMBERED = 4096
"""Senders at once; each keeps its request's head in memory."""


class Sender(NamedTuple):
    """What is known of a sender while the day's salt holds; never to be written anywhere."""

    address: str
    facts: ClientFacts


class Client:
    """Reads requests; remembers the salt of the day, and meanwhile the latest senders."""

    def __init__(self, config: AdsConfig, now: Clock) -> None:
        self._trusted = config.trusted_proxies
        self._country_headers = config.country_headers
        self._places = Places(config.country_file, config.data_centre_file)
        self._now = now
        self._day = -1
        self._salt = b""
        self._senders: OrderedDict[tuple[Hashable, str | None, str], Sender] = OrderedDict()

    def known(self, request: Asking, head: Hashable) -> Sender:
        """`address` and `facts`; the same `head` stands for the same headers."""
        self._todays_salt()
        name = (head, request.remote, request.query.get("via", ""))
        found = self._senders.get(name)
        if found is None:
            found = self._senders[name] = Sender(self.address(request), self.facts(request))
            if len(self._senders) > REMEMBERED:
                self._senders.popitem(last=False)
        return found

    def facts(self, request: Asking) -> ClientFacts:
        """What counting needs to know of the sender."""
        user_agent = request.headers.get("User-Agent", "")
        known, address = agent.read(user_agent), self._behind(request)
        bot = known.bot or headers.unattended(request) or self._places.is_data_centre(address)
        refused: Refused = "prefetch" if headers.prefetched(request) else "bot" if bot else ""
        reader = self._reader(address, user_agent) if headers.may_tell_apart(request) else ""
        return ClientFacts(
            reader,
            self._country(request, address),
            known.device,
            known.source
            or source.of_package(request.headers.get("X-Requested-With", ""))
            or source.of_site(request.query.get("via", "")),
            refused,
        )

    def address(self, request: Asking) -> str:
        """The sender's household, for limits that stay in memory: never to be written anywhere."""
        found = self._behind(request)
        return household(found) if found else ""

    def _behind(self, request: Asking) -> Address | None:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        return behind(request.remote or "", forwarded, self._trusted)

    def _country(self, request: Asking, address: Address | None) -> str:
        """What a trusted proxy says, else what the operator's file says; "" is unknown."""
        peer = parse(request.remote or "")
        if peer and any(peer in network for network in self._trusted):
            named = (country_code(request.headers.get(name, "")) for name in self._country_headers)
            if country := next(filter(None, named), ""):
                return country
        return self._places.country(address)

    def _reader(self, address: Address | None, user_agent: str) -> str:
        if address is None:
            return ""
        who = f"{household(address)}\n{user_agent}".encode(errors="replace")
        digest = hashlib.blake2b(who, key=self._todays_salt(), digest_size=9).digest()
        return base64.urlsafe_b64encode(digest).decode()

    def _todays_salt(self) -> bytes:
        """Random, for this process and day: what never leaves its memory is gone with the day."""
        day = self._now() // DAY
        if day != self._day:
            self._day, self._salt = day, secrets.token_bytes(SALT_BYTES)
            self._senders.clear()
        return self._salt
