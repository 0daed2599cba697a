"""Readers' countries, devices and sources, from the request to the report's rows."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ads.client.test_places import mmdb
from tests.client import HUMAN
from tests.contract.kit import Json, Reader, World, ask, world
from tests.service import Service

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service behind a proxy on loopback, with a country file and a list of data centres."""
    folder: Path = tmp_path_factory.mktemp("dimensions")
    (folder / "centres").write_text("203.0.113.0/24  # a cloud\n")
    service = Service(
        folder / "data",
        fetch_allow_nets="127.0.0.0/8",
        limits="off",
        trusted_proxies="127.0.0.1",
        country_file=str(mmdb(folder)),
        data_centre_file=str(folder / "centres"),
    )
    with world(service) as made:
        yield made


@pytest.fixture(scope="module")
def readers(w: World) -> Json:
    """An ad that seven readers and a machine fetched, each with facts of its own."""
    ad = w.account.ad()["id"]
    ticket = w.facts(w.share(ad=ad))["ticket"]
    facts: list[tuple[str, dict[str, str]]] = [
        ("", {"X-Forwarded-For": "192.0.2.1"}),
        ("", {"X-Forwarded-For": "192.0.2.1", "CF-IPCountry": "FR"}),
        ("", {"X-Forwarded-For": "2001:db8::1"}),
        ("?via=t.co", {"X-Forwarded-For": "10.0.0.1"}),
        ("?via=blog.example", {"X-Forwarded-For": "10.0.0.2", "X-Requested-With": "com.whatsapp"}),
        ("?via=blog.example", {"User-Agent": IPHONE}),
        ("", {"User-Agent": f"{IPHONE} MicroMessenger/8.0.60 NetType/WIFI"}),
        ("", {"X-Forwarded-For": "203.0.113.9"}),
    ]
    for query, headers in facts:
        sent = {"User-Agent": HUMAN, "Content-Type": "text/plain"} | headers
        body = json.dumps(Reader(ticket).open)
        assert ask(f"{w.service.pages}/e{query}", "POST", body, sent).status == 204
    return {"ad": ad, "ledger": w.settled(ad, len(facts))}


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("country", {"DE": 1, "FR": 1, "CN": 1, "": 4}),
        ("source", {"": 3, "x": 1, "whatsapp": 1, "web": 1, "wechat": 1}),
        ("device", {"phone": 7}),
    ],
)
def test_a_report_tells_where_readers_are_and_what_led_them_here(
    w: World, readers: Json, by: str, rows: dict[str, int]
) -> None:
    found = w.account.ok("GET", f"/ads/{readers['ad']}/report?by={by}")
    assert {row["key"]: row["opens"] for row in found["rows"]} == rows


def test_nobody_reads_in_a_data_centre(readers: Json) -> None:
    assert readers["ledger"]["refused"]["bot"] == 1
