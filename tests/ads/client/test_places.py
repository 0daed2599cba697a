"""Countries and data centres from the operator's own files, and what trusted proxies say."""

import random
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from ads.client.places import Places, Ranges, country_code, fault_of_countries, fault_of_ranges

RECORDS = {
    "192.0.2.0/25": {"country": {"iso_code": "DE", "names": {"en": "Germany"}}},  # MaxMind, DB-IP
    "192.0.2.128/25": {"country_code": "FR", "country": "France"},  # IPinfo
    "198.51.100.0/24": {"country": "JP"},  # IPinfo's older files
    "203.0.113.0/24": {"continent": {"code": "EU"}},
    "2001:db8::/32": {"country": {"iso_code": "CN"}},
}


def mmdb(folder: Path, version: int = 6) -> Path:
    """An MMDB file as publishers of such data write it."""
    writer = MMDBWriter(version, ipv4_compatible=version == 6, database_type="Test-Country")
    for network, record in RECORDS.items():
        if version == 6 or ":" not in network:
            writer.insert_network(IPSet([network]), record)
    path = folder / "country.mmdb"
    writer.to_db_file(str(path))
    return path


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.1", "DE"),
        ("192.0.2.200", "FR"),
        ("198.51.100.7", "JP"),
        ("203.0.113.7", ""),
        ("10.0.0.1", ""),
        ("2001:db8::7", "CN"),
        ("2001:db9::7", ""),
    ],
)
def test_a_country_file_of_any_maker_is_understood(
    tmp_path: Path, address: str, country: str
) -> None:
    assert Places(mmdb(tmp_path)).country(ip_address(address)) == country


def test_a_file_of_ipv4_alone_knows_no_other_address(tmp_path: Path) -> None:
    places = Places(mmdb(tmp_path, version=4))
    assert places.country(ip_address("192.0.2.1")) == "DE"
    assert places.country(ip_address("2001:db8::7")) == ""


def test_without_files_and_without_an_address_nothing_is_known() -> None:
    assert Places().country(ip_address("192.0.2.1")) == ""
    assert not Places().is_data_centre(ip_address("192.0.2.1"))
    assert Places().country(None) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("DE", "DE"), (" cn ", "CN"), ("XX", ""), ("T1", ""), ("ZZ", ""), ("DEU", ""), ("<b>", "")],
)
def test_a_country_is_two_letters_that_mean_one(text: str, code: str) -> None:
    assert country_code(text) == code


def test_data_centres_are_read_from_a_list_of_networks(tmp_path: Path) -> None:
    path = tmp_path / "centres"
    path.write_text(
        "# clouds\n\n192.0.2.0/26 # one\n192.0.2.64/26\n2001:db8:1::/48\n198.51.100.9\n"
    )
    places = Places(data_centres=path)
    inside = ("192.0.2.0", "192.0.2.127", "198.51.100.9", "2001:db8:1::1")
    outside = ("192.0.1.255", "192.0.2.128", "198.51.100.8", "2001:db8:2::1", "::1")
    assert all(places.is_data_centre(ip_address(text)) for text in inside)
    assert not any(places.is_data_centre(ip_address(text)) for text in outside)


def test_looking_up_by_halves_finds_what_looking_at_each_finds() -> None:
    dice = random.Random(7)
    networks = [
        ip_network((dice.getrandbits(32) & 0x0FFF0000, dice.randint(8, 32)), strict=False)
        for _ in range(300)
    ]
    ranges = Ranges(networks)
    for _ in range(3000):
        address = IPv4Address(dice.getrandbits(28))
        assert (address in ranges) == any(address in network for network in networks)


def test_a_file_that_cannot_be_used_is_said_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("192.0.2.0/24\n192.0.2.0/99\n")
    assert "line 2" in fault_of_ranges(wrong)
    assert fault_of_countries(wrong)
    assert fault_of_ranges(tmp_path / "absent")
    assert fault_of_countries(tmp_path / "absent")
