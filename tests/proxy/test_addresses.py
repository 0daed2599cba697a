"""Which addresses the fetcher may reach: IANA's registries, in every spelling."""

import csv
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.addresses import allowed, parse, port_allowed, public
from proxy.errors import SourceProblem
from proxy.fetch import FetchConfig
from proxy.fetch.target import checked
from proxy.links import absolute

CONFIG = FetchConfig(user_agent="test")


def unreachable_blocks(corpus: Path) -> Iterator[str]:
    for number in "46":
        path = corpus / f"suites/ssrf/iana/iana-ipv{number}-special-registry-1.csv"
        with path.open(newline="") as rows:
            for row in csv.DictReader(rows):
                if not row["Globally Reachable"].startswith("True"):
                    yield from (b.split(" ")[0] for b in row["Address Block"].split(", "))


def spellings(ip: IPv4Address) -> Iterator[str]:
    """One IPv4 address as attackers write it in a URL's host."""
    a, b, c, d = ip.packed
    n = int(ip)
    yield from (str(ip), str(n), hex(n), f"0{n:o}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}")
    yield from (f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"{a}.{n & 0xFFFFFF}", f"{a}.{b}.{n & 0xFFFF}")
    yield from (f"{ip}.", str(ip).translate({ord("0") + i: 0xFF10 + i for i in range(10)}))
    yield from (f"[::ffff:{ip}]", f"[::{ip}]", f"[64:ff9b::{ip}]", f"[64:ff9b:1::{ip}]")
    yield f"[2002:{n >> 16:x}:{n & 0xFFFF:x}::1]"
    teredo = n ^ 0xFFFFFFFF
    yield f"[2001:0:4136:e378:8000:63bf:{teredo >> 16:x}:{teredo & 0xFFFF:x}]"
    yield f"[2a00:1450:4001::5efe:{n >> 16:x}:{n & 0xFFFF:x}]"
    yield f"[2a00:1450:4001::200:5efe:{n >> 16:x}:{n & 0xFFFF:x}]"


def refused(host: str) -> bool:
    try:
        checked(absolute(f"http://{host}/"), CONFIG)
    except SourceProblem as problem:
        return problem.code in ("blocked_address", "bad_url")
    return False


def test_no_address_that_iana_calls_unreachable_is_reached_in_any_spelling(corpus: Path) -> None:
    seen = 0
    for block in map(ip_network, unreachable_blocks(corpus)):
        for ip in {block[0], block[-1], block[block.num_addresses // 2]}:
            hosts = spellings(ip) if isinstance(ip, IPv4Address) else [f"[{ip}]"]
            let_through = [host for host in hosts if not refused(host)]
            # A part of a block may be public (192.0.0.9 of 192.0.0.0/24), and is refused too.
            assert not let_through, (block, let_through)
            seen += 1
    assert seen > 60


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8", "1.1.1.1", "93.184.216.34", "223.255.255.254", "100.63.255.255", "172.32.0.1",
        "2a00:1450:4001:830::200e", "2606:4700::1111", "2400:3200::1", "2001:4860:4860::8888",
    ],
)  # fmt: skip
def test_public_addresses_are_reached(text: str) -> None:
    ip = parse(text)
    assert ip
    assert public(ip)
    assert allowed(ip, 443)


def test_a_public_address_is_reached_in_every_spelling_that_is_ipv4s_own() -> None:
    assert [refused(host) for host in list(spellings(IPv4Address("93.184.216.34")))[:9]] == [
        False
    ] * 9


@pytest.mark.parametrize(
    "text",
    [
        "168.63.129.16", "169.254.169.254", "100.100.100.200", "192.0.0.192", "224.0.0.1",
        "239.255.255.250", "255.255.255.255", "0.0.0.0", "::", "::1", "::127.0.0.1", "fec0::1",
        "fe80::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:db8::1", "2001::1", "3ffe::1", "4000::1", "5f00::1", "::ffff:8.8.8.8",
        "2a00:1450::200:5efe:a00:1",
    ],
)  # fmt: skip
def test_metadata_multicast_and_transition_addresses_are_refused(text: str) -> None:
    ip = parse(text)
    assert ip
    assert not allowed(ip, 80)


@given(st.integers(0, 2**128 - 1))
def test_no_ipv6_address_outside_2000_3_is_public(number: int) -> None:
    ip = IPv6Address(number)
    assert ip in ip_network("2000::/3") or not public(ip)


def test_names_and_scoped_addresses_are_no_addresses() -> None:
    assert [parse(t) for t in ("example.com", "fe80::1%eth0", "[fe80::1%1]", "", "1.2.3")] == [
        None
    ] * 5


NETS = ((ip_network("10.0.0.0/8"), 8080), (ip_network("127.0.0.0/8"), None),
        (IPv6Network("fd00::/8"), 80), (ip_network("0.0.0.0/0"), 9999))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "port", "expected"),
    [
        ("10.1.2.3", 8080, True),
        ("10.1.2.3", 80, False),
        ("127.0.0.1", 5000, True),
        ("::ffff:127.0.0.1", 5000, True),
        ("fd00::1", 80, True),
        ("fd00::1", 443, False),
        ("8.8.8.8", 8080, False),
        ("8.8.8.8", 443, True),
        ("192.168.0.1", 80, False),
        ("0.0.0.0", 9999, False),  # Linux connects to itself
    ],
)
def test_allowed_networks_open_their_addresses_on_their_ports_only(
    text: str, port: int, expected: bool
) -> None:
    assert allowed(ip_address(text), port, NETS) is expected


@pytest.mark.parametrize(
    ("text", "port", "local", "expected"),
    [
        ("127.0.0.1", 7001, True, False),
        ("::ffff:127.0.0.1", 7001, True, False),
        ("127.0.0.2", 7001, True, True),  # nobody of ours listens there
        ("127.0.0.1", 7002, True, False),  # wildcard
        ("127.0.0.9", 7002, True, False),
        ("10.0.0.5", 8080, True, False),  # wildcard on this machine's own address
        ("10.0.0.6", 8080, False, True),  # another machine's
        ("127.0.0.1", 7003, True, True),
    ],
)
def test_our_own_sockets_are_refused_although_their_network_is_allowed(
    text: str, port: int, local: bool, expected: bool
) -> None:
    own = frozenset({("127.0.0.1", 7001), ("0.0.0.0", 7002), ("::", 8080)})
    assert allowed(ip_address(text), port, NETS, own=own, local=local) is expected


def test_this_machines_public_address_is_refused_unless_its_network_is_allowed() -> None:
    ip = ip_address("93.184.216.34")
    assert not allowed(ip, 443, local=True)
    assert allowed(ip, 443, [(ip_network("93.184.216.0/24"), 443)], local=True)


def test_ports_are_judged_before_a_name_is_asked_for() -> None:
    assert port_allowed(443, ())
    assert not port_allowed(22, ())
    assert port_allowed(8080, NETS[:1])
    assert not port_allowed(22, NETS[:1])
