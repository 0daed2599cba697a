import dataclasses
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from ads.client import Client, ClientFacts, reading
from ads.clock import DAY
from ads.config import AdsConfig
from tests.ads.client.test_places import mmdb

HUMAN = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
CONFIG = AdsConfig(
    secret_keys=(b"k" * 32,),
    console_origin="http://localhost:1",
    pages_origin="http://127.0.0.1:1",
    data_dir=Path("unused"),
    trusted_proxies=(ip_network("10.0.0.0/8"),),
    country_headers=("CF-IPCountry", "CloudFront-Viewer-Country"),
)


class Here:
    """A client with a clock of its own."""

    def __init__(self) -> None:
        self.at = 20_000 * DAY
        self.client = Client(CONFIG, lambda: self.at)

    def facts(self, source: str = "198.51.100.1", **headers: str) -> ClientFacts:
        return self.client.facts(request(source, **headers))


def request(source: str = "198.51.100.1", **headers: str) -> web.Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {"User-Agent": HUMAN, "X-Forwarded-For": source} | named
    return make_mocked_request("POST", "/e", headers=sent).clone(remote="10.0.0.1")


@pytest.fixture
def here() -> Here:
    return Here()


async def test_a_reader_is_a_hash_of_address_and_browser(here: Here) -> None:
    one = (here.facts()).reader
    assert len(one) == 12
    assert (here.facts()).reader == one
    assert (here.facts("198.51.100.2")).reader != one
    assert (here.facts(User_Agent=HUMAN + " Other/1")).reader != one


async def test_of_all_who_send_alike_a_few_are_remembered_and_tomorrow_nobody(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "REMEMBERED", 8)
    client, head = here.client, object()
    for n in range(20):
        asking = request().clone(remote=str(ip_address(n)))
        sender = client.known(asking, head)
        assert sender == (client.address(asking), client.facts(asking))
    assert client.known(asking, head) is sender
    assert len(client._senders) == 8
    here.at += DAY
    assert client.known(asking, head).facts.reader != sender.facts.reader
    assert len(client._senders) == 1


async def test_tomorrow_nobody_knows_todays_readers(here: Here) -> None:
    today = (here.facts()).reader
    here.at += DAY
    tomorrow = (here.facts()).reader
    assert tomorrow != today
    here.at -= DAY
    assert (here.facts()).reader not in (today, tomorrow), "the salt is gone for good"


async def test_no_other_process_can_tell_them_either(here: Here) -> None:
    assert (here.facts()).reader != (Here().facts()).reader


async def test_no_fact_holds_the_address(here: Here) -> None:
    assert "198.51" not in repr(here.facts())
    assert here.client.address(request()) == "198.51.100.1"


@pytest.mark.parametrize("header", ["Sec_GPC", "DNT"])
async def test_who_asks_not_to_be_told_apart_is_not(here: Here, header: str) -> None:
    facts = here.facts(**{header: "1"})
    assert facts == ClientFacts("", "", "desktop", "", "")
    assert (here.facts(**{header: "0"})).reader


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec_Purpose", "prefetch"),
        ("Sec_Purpose", "prefetch;prerender"),
        ("Sec_Purpose", "prefetch;anonymous-client-ip"),
        ("Sec_Purpose", "prefetch;prerender;preview"),
        ("Purpose", "prefetch"),
        ("Purpose", "preview"),
        ("X_Purpose", "preview"),
        ("X_Moz", "prefetch"),
    ],
)
async def test_a_browser_that_fetches_ahead_is_no_reader(
    here: Here, header: str, value: str
) -> None:
    assert (here.facts(**{header: value})).refused == "prefetch"
    robot = {header: value, "User_Agent": "curl/8.4.0"}
    assert (here.facts(**robot)).refused == "prefetch"


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, ""),
        ({"User_Agent": ""}, "bot"),
        ({"User_Agent": "curl/8.4.0"}, "bot"),
        ({"From": "googlebot(at)googlebot.com"}, "bot"),
        ({"Signature_Agent": '"https://chatgpt.com"'}, "bot"),
        ({"Sec_CH_UA": '"HeadlessChrome";v="131", "Not_A Brand";v="24"'}, "bot"),
        ({"Sec_CH_UA": '"Chromium";v="131"', "Sec_CH_UA_Mobile": "?0"}, ""),
        ({"From": "bot@example.com", "Sec_Purpose": "prefetch"}, "prefetch"),
    ],
)
async def test_a_robot_is_told_from_a_person_by_its_headers(
    here: Here, headers: dict[str, str], refused: str
) -> None:
    assert (here.facts(**headers)).refused == refused


@pytest.mark.parametrize(
    ("peer", "headers", "country"),
    [
        ("10.0.0.1", {"CF_IPCountry": "DE"}, "DE"),
        ("10.0.0.1", {"CloudFront_Viewer_Country": "jp"}, "JP"),
        ("10.0.0.1", {"CF_IPCountry": "XX", "CloudFront_Viewer_Country": "FR"}, "FR"),
        ("10.0.0.1", {"CF_IPCountry": "Germany"}, ""),
        ("10.0.0.1", {"X_Country": "DE"}, ""),
        ("198.51.100.1", {"CF_IPCountry": "DE"}, ""),
    ],
)
async def test_a_country_is_believed_of_a_trusted_proxy_alone(
    here: Here, peer: str, headers: dict[str, str], country: str
) -> None:
    asked = request(**headers).clone(remote=peer)
    assert here.client.facts(asked).country == country


async def test_where_no_proxy_knows_the_country_the_file_does(tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, country_file=mmdb(tmp_path))
    client = Client(config, lambda: 0)
    assert client.facts(request("192.0.2.1")).country == "DE"
    assert client.facts(request("192.0.2.1", CF_IPCountry="FR")).country == "FR"


async def test_nobody_reads_in_a_data_centre(tmp_path: Path) -> None:
    path = tmp_path / "centres"
    path.write_text("192.0.2.0/24")
    client = Client(dataclasses.replace(CONFIG, data_centre_file=path), lambda: 0)
    assert client.facts(request("192.0.2.1")).refused == "bot"
    assert client.facts(request("192.0.3.1")).refused == ""


@pytest.mark.parametrize(
    ("query", "headers", "source"),
    [
        ("", {}, ""),
        ("?via=t.co", {}, "x"),
        ("?via=unknown.example", {}, "web"),
        ("?via=t.co", {"X_Requested_With": "com.whatsapp"}, "whatsapp"),
        ("?via=t.co", {"User_Agent": HUMAN + " MicroMessenger/8"}, "wechat"),
    ],
)
async def test_the_nearest_witness_says_where_a_link_was_opened(
    here: Here, query: str, headers: dict[str, str], source: str
) -> None:
    asked = request(**headers)
    asked = asked.clone(rel_url=f"/e{query}", remote="10.0.0.1")
    assert here.client.facts(asked).source == source
