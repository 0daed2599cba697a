"""The client's address: the peer, or what trusted proxies say stands behind them (pure)."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from ads.config import Network

Address = IPv4Address | IPv6Address

MAX_PROXIES = 16


def behind(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is no trusted proxy; None without a usable peer.

    `forwarded` are the X-Forwarded-For headers in order. They are read from the right, each entry
    only while everything to its right is trusted; anything that is no address ends the reading.
    """
    entries = [entry for header in forwarded for entry in header.split(",")][-MAX_PROXIES:]
    found = parse(peer)
    while found and entries and any(found in network for network in trusted):
        before = parse(entries.pop())
        if before is None:
            break
        found = before
    return found


def parse(text: str) -> Address | None:
    """An address as proxies write them: with or without port, brackets, IPv4 in IPv6 unmapped."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def household(address: Address) -> str:
    """What one customer holds: an IPv4 address, or the /64 in which IPv6 hosts change theirs."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), 64), strict=False).network_address)
