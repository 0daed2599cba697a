"""Two checks of every connection: in the resolver, and in the socket factory.

Literals, mapped IPv6 and full-width digits never reach a resolver, so the socket factory checks the
address of each connection, redirects and rebound names included. The resolver refuses a name if any
of its answers is bad, so that no retry can use the bad one.
"""

import socket
from collections.abc import Callable
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from proxy.addresses import WEB_PORTS, allowed, parse
from proxy.fetch.config import FetchConfig
from proxy.fetch.names import Lookup


class BlockedAddress(OSError):
    """We may not connect to this address."""


def local(text: str) -> bool:
    """Whether an address is this machine's: a socket can be bound to no other.

    Where the kernel lets anything be bound (ip_nonlocal_bind, common beside floating addresses),
    the source it would take tells instead: to reach itself it takes the address itself.
    """
    nobodys = "2001:db8::1" if ":" in text else "192.0.2.1"
    return _binds(text) and (not _binds(nobodys) or _source(text) == text)


def _probe(text: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM)


def _binds(text: str) -> bool:
    try:
        with _probe(text) as probe:
            probe.bind((text, 0))
    except OSError:
        return False
    return True


def _source(text: str) -> str:
    """The address that a packet to `text` would come from; nothing is sent."""
    try:
        with _probe(text) as probe:
            probe.connect((text, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def check(text: str, port: int, config: FetchConfig) -> None:
    """Raises BlockedAddress unless the address `text` may be connected to on `port`.

    What an inner name resolves to is nobody's business, so the message leaves the address out.
    """
    ip = parse(text)
    if ip is None or not allowed(ip, port, config.allow_nets, own=config.own, local=local(str(ip))):
        raise BlockedAddress("This link leads to an address that is not on the public web.")


class GuardedResolver(AbstractResolver):
    """Resolves a name to all its addresses; refuses the name if one of them is bad."""

    def __init__(self, config: FetchConfig, lookup: Lookup) -> None:
        self._config = config
        self._lookup = lookup

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - both, always
    ) -> list[ResolveResult]:
        """Raises OSError for a name without an address, BlockedAddress if one is bad."""
        found = await self._answers(host, port)
        for text in found:
            check(text, port, self._config)
        return [_result(host, text, port) for text in found[:8]]

    async def _answers(self, host: str, port: int) -> list[str]:
        found: list[str] = []
        with suppress(*(() if port in WEB_PORTS else (OSError,))):
            found = await self._lookup(host)
        if not found and port in WEB_PORTS:
            raise OSError(f"{host} has no address")
        if not found:  # then it is in no allowed network, and only those have other ports
            raise BlockedAddress(f"{host} has no address, and port {port} is no web page's.")
        return found

    async def close(self) -> None:
        """Nothing is held open."""


def _result(host: str, text: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=text,
        port=port,
        family=socket.AF_INET6 if ":" in text else socket.AF_INET,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )


def socket_factory(config: FetchConfig) -> Callable[[AddrInfoType], socket.socket]:
    """A factory for aiohttp's connector that makes no socket for a refused address."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, proto, _, address = info
        check(str(address[0]), int(address[1]), config)
        if family == socket.AF_INET6 and len(address) == 4 and address[3]:
            raise BlockedAddress("This link leads to an address with a scope.")
        return socket.socket(family, kind, proto)

    return make
