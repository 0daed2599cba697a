"""Which addresses we may connect to: a pure classifier (a leaf).

`ipaddress.is_global` says yes to multicast, ::127.0.0.1, NAT64, fec0::/10, ISATAP and (on 3.11.7)
6to4, so the blocks stand here, from IANA's special-purpose registries.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ads.config import Network

Address = IPv4Address | IPv6Address
AllowedNet = tuple[Network, int | None]
Socket = tuple[str, int]

WEB_PORTS = frozenset({80, 443})


def parse(text: str) -> Address | None:
    """The address that `text` spells (IPv6 with or without brackets).

    None for a name and for an IPv6 address with a scope, which is never ours to reach.
    """
    try:
        found = ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    scoped = isinstance(found, IPv6Address) and found.scope_id is not None
    return None if scoped else found


def _unmapped(ip: Address) -> Address:
    """::ffff:127.0.0.1 is 127.0.0.1 to the kernel."""
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip


_NOWHERE_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network: Linux takes it for loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared address space: carriers, and Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local: metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata
        "192.0.2.0/24",
        "192.31.196.0/24",  # AS112, and below: anycast for DNS, no web
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_GLOBAL_V6 = ip_network("2000::/3")
_NOWHERE_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "3ffe::/16",  # 6bone, returned
        "5f00::/16",  # segment routing
    )
)
# Interface identifiers that hold an IPv4 address: ISATAP (RFC 5214), u-bit set or not.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def public(ip: Address) -> bool:
    """Whether an address is one of the public internet's, by IANA's registries and DESIGN 4."""
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _NOWHERE_V4)
    if ip not in _GLOBAL_V6 or any(ip in block for block in _NOWHERE_V6):
        return False
    return (int(ip) >> 32) & 0xFFFFFFFF not in _ISATAP


def allowed(
    ip: Address,
    port: int,
    allow_nets: Iterable[AllowedNet] = (),
    *,
    own: frozenset[Socket] = frozenset(),
    local: bool = False,
) -> bool:
    """Whether the fetcher may connect to `ip`:`port`.

    `allow_nets` may be reached although not public, on any port or on their one. `own` are the
    service's sockets, which are always refused; a wildcard address among them stands for every
    address of this machine. `local`: `ip` is this machine's, refused unless its net is allowed.
    """
    real = _unmapped(ip)
    if real.is_unspecified or _is_own(real, port, own, local=local):
        return False
    if any(p in (None, port) and real in net for net, p in allow_nets):
        return True
    # Only attackers write a mapped address; judged as IPv6, it is not public.
    return port in WEB_PORTS and not local and public(ip)


def _is_own(ip: Address, port: int, own: frozenset[Socket], *, local: bool) -> bool:
    ours = [parse(text) for text, own_port in own if own_port == port]
    here = local or ip.is_loopback
    return ip in ours or (here and any(each.is_unspecified for each in ours if each))


def port_allowed(port: int, allow_nets: Iterable[AllowedNet]) -> bool:
    """Whether any address at all could be reached on `port`: decides before a name is resolved."""
    return port in WEB_PORTS or any(p in (None, port) for _, p in allow_nets)
