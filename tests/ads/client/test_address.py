from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.client.address import MAX_PROXIES, behind, household, parse

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.66, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("fd00::1%eth0", ["198.51.100.1:8080"], "198.51.100.1"),
        ("", ["198.51.100.1"], None),
    ],
)
def test_forwarded_addresses_are_believed_from_the_right_past_trusted_proxies_only(
    peer: str, forwarded: list[str], client: str | None
) -> None:
    assert behind(peer, forwarded, PROXIES) == (ip_address(client) if client else None)


def test_a_header_without_end_is_read_so_far_only() -> None:
    entries = ", ".join(["198.51.100.1"] + ["10.0.0.2"] * MAX_PROXIES)
    assert behind("10.0.0.1", [entries], PROXIES) == ip_address("10.0.0.2")


@given(st.lists(st.text('0123456789abcdef:.,[]%" \tx-', max_size=60), max_size=4))
def test_whatever_the_header_says_an_address_is_the_peers_or_stands_in_it(said: list[str]) -> None:
    found = behind("10.0.0.1", said, PROXIES)
    assert found is not None
    named = {parse(entry) for header in said for entry in header.split(",")}
    assert found in named | {ip_address("10.0.0.1")}
    assert behind("9.9.9.9", said, PROXIES) == ip_address("9.9.9.9"), "no trusted peer, no belief"


def test_hosts_of_one_ipv6_network_are_one_household() -> None:
    one, other, far = (
        parse(text) for text in ("2001:db8:0:1::5", "2001:db8:0:1:ffff::", "2001:db8:0:2::5")
    )
    assert household(one) == household(other) != household(far)
    assert household(ip_address("198.51.100.1")) == "198.51.100.1"
