"""The real service behind the shipped edges: changes, ends, events and the client's address."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ads.store import connect
from proxy.run.store import url
from proxy.store import keys
from tests.client import HUMAN
from tests.contract.kit import (
    Answer,
    Json,
    Reader,
    Reply,
    World,
    article,
    ask,
    facts,
    until,
    world,
)
from tests.edge.attacks import EVIL, poisons, raw, smuggled
from tests.edge.kit import Edge
from tests.edge.naming import NamingService, Zone
from tests.nameserver import name_server


class Behind:
    """A service behind Varnish, plain nginx, and nginx before Varnish."""

    def __init__(self, w: World, edges: Mapping[str, Edge], zone: Zone) -> None:
        self.w = w
        self.edges = edges
        self.zone = zone

    def ask(self, edge: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """A reader's request to the pages origin through an edge; header names with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {"Host": f"127.0.0.1:{self.w.service.port}", "User-Agent": HUMAN}
        return ask(
            self.edges[edge].url + path, "GET" if body is None else "POST", body, known | sent
        )

    def page(self, edge: str, share: Json, query: str = "", **headers: str) -> Answer:
        return self.ask(edge, f"/s/{share['id']}{query}", **headers)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("behind")
    told = {"fetch_allow_nets": "127.0.0.0/8", "trusted_proxies": "127.0.0.1"}
    with ExitStack() as stack:
        zone = Zone()
        names = stack.enter_context(name_server(zone))
        service = NamingService(folder / "data", names, **told)
        varnish = Edge("varnish", folder / "varnish", service.port)
        edges = {
            "varnish": varnish,
            "nginx": Edge("nginx", folder / "nginx", service.port),
            "both": Edge("nginx", folder / "both", varnish.port),
        }
        service.settings["purge_urls"] = varnish.url
        for edge in edges.values():
            stack.callback(edge.close)
            edge.start()
        yield Behind(stack.enter_context(world(service)), edges, zone)


def test_an_ad_that_changed_is_on_the_next_page_behind_varnish(behind: Behind) -> None:
    w = behind.w
    ad = w.account.ad(title="Before")
    shares = [w.share(ad=ad["id"]) for _ in range(3)]
    for share in shares:
        assert "Before" in behind.page("varnish", share).text
    for number in range(5):
        w.account.ok("PATCH", f"/ads/{ad['id']}", {"title": f"After {number}"})
        for share in shares:
            assert f"After {number}" in behind.page("varnish", share, "?h=x").text


def test_a_changed_article_changes_every_share_on_the_next_request_behind_varnish(
    behind: Behind,
) -> None:
    w = behind.w
    url = w.publish(article(title="Before the rain"))
    shares = [w.account.share(url, w.ad) for _ in range(2)]
    for share in shares:
        assert "Before the rain" in behind.page("varnish", share).text
    path, host = urlsplit(url).path, urlsplit(url).hostname
    assert host
    w.publisher.put(path, article(title="After the rain"), host)
    w.account.ok("POST", f"/shares/{shares[0]['id']}/refresh", want=201)
    for share in shares:
        page = behind.page("varnish", share, "?h=x").text
        assert "After the rain" in page
        assert "Before the rain" not in page


def test_a_share_that_ended_is_gone_on_the_next_request_behind_varnish(behind: Behind) -> None:
    share = behind.w.share()
    assert behind.page("varnish", share).status == 200
    behind.w.account.ok("DELETE", f"/shares/{share['id']}", want=204)
    assert behind.page("varnish", share).status == 410


def test_what_a_publisher_no_longer_allows_is_lowered_and_gone_behind_varnish(
    behind: Behind,
) -> None:
    w, host = behind.w, "127.0.0.77"
    share = w.account.share(w.publish(host=host), w.ad)
    assert '"mode":"full"' in behind.page("varnish", share).text
    taken = ("takedown", "source", host, "--why", "The publisher asked.")
    assert w.service.command(*taken, "--allow", "card").returncode == 0
    until(lambda: '"mode":"card"' in behind.page("varnish", share).text, "not lowered", 20)
    assert w.account.ok("GET", f"/shares/{share['id']}")["mode_reason"] == "operator"
    assert w.service.command(*taken, "--law").returncode == 0
    until(lambda: behind.page("varnish", share).status == 451, "not ended", 20)
    told = w.account.ok("GET", f"/shares/{share['id']}")
    assert told["ending"] == {"by": "operator", "why": "The publisher asked.", "law": True}


@pytest.mark.parametrize("away", [False, True])
def test_a_publishers_opt_out_reaches_a_published_page_behind_varnish(
    behind: Behind, away: bool
) -> None:
    w = behind.w
    host, told = w.publisher.site(), "/.well-known/passalong.txt"
    share = w.account.share(w.publish(host=host), w.ad)
    assert '"mode":"full"' in behind.page("varnish", share).text
    w.publisher.put(told, Reply("passalong=card"), host)
    if away:
        path = urlsplit(share["article"]["source_url"]).path
        w.publisher.put(path, Reply("", 503), host)
    _minutes_pass(w)
    until(lambda: '"mode":"card"' in behind.page("varnish", share).text, "not lowered", 20)
    found = w.account.ok("GET", f"/shares/{share['id']}")
    assert (found["mode"], found["mode_reason"], found["state"]) == ("card", "opt-out", "active")
    w.publisher.put(told, Reply("passalong=none"), host)
    _minutes_pass(w)
    until(lambda: behind.page("varnish", share).status == 410, "not ended", 20)
    ending = w.account.ok("GET", f"/shares/{share['id']}")["ending"]
    assert (ending["by"], ending["why"]) == ("publisher", "opt-out")


def test_a_word_in_a_publishers_dns_reaches_its_published_pages_behind_varnish(
    behind: Behind,
) -> None:
    w, zone = behind.w, behind.zone
    shares = {
        host: w.account.share(w.publish(host=host), w.ad)
        for host in ("blog.tea.test", "shop.tea.test", "coffee.test")
    }

    def shown() -> dict[str, tuple[int, str]]:
        pages = {host: behind.page("varnish", share) for host, share in shares.items()}
        modes = ("full", "excerpt", "card")
        return {
            host: (page.status, next((m for m in modes if f'"mode":"{m}"' in page.text), ""))
            for host, page in pages.items()
        }

    assert shown() == dict.fromkeys(shares, (200, "full"))
    for word, blog in (("excerpt", (200, "excerpt")), ("card", (200, "card")), ("none", (410, ""))):
        # The nearest name decides: the shop's record differs from its domain's.
        zone.texts |= {"tea.test": f"passalong={word}", "shop.tea.test": "passalong=full"}
        _minutes_pass(w)
        until(lambda blog=blog: shown()["blog.tea.test"] == blog, f"{word}: {shown()}", 20)
    assert shown() == {
        "blog.tea.test": (410, ""),
        "shop.tea.test": (200, "full"),
        "coffee.test": (200, "full"),
    }
    ending = w.account.ok("GET", f"/shares/{shares['blog.tea.test']['id']}")["ending"]
    assert (ending["by"], ending["why"]) == ("publisher", "opt-out")
    url = w.publish(host="new.tea.test")
    assert w.refused(url) == (403, "refused_by_publisher")


def _minutes_pass(w: World) -> None:
    """Make every origin due, as if five minutes had passed."""

    async def set_back() -> None:
        redis = connect(url(w.service.data_dir))
        for origin in await redis.zrange(keys.ORIGINS, 0, -1):
            await redis.zadd(keys.ORIGINS, {origin: 0}, xx=True)
        await redis.aclose()

    asyncio.run(set_back())


def test_plain_nginx_shows_a_change_and_an_end_within_5_seconds(behind: Behind) -> None:
    w = behind.w
    ad = w.account.ad(title="Before")
    changed, over = w.share(ad=ad["id"]), w.share()
    for share in (changed, over):
        assert behind.page("nginx", share).status == 200
    w.account.ok("PATCH", f"/ads/{ad['id']}", {"title": "After"})
    w.account.ok("DELETE", f"/shares/{over['id']}", want=204)
    time.sleep(5.0)
    assert "After" in behind.page("nginx", changed).text
    assert behind.page("nginx", over).status == 410


@pytest.mark.parametrize("edge", ["nginx", "varnish", "both"])
def test_events_and_clicks_come_through_and_count(behind: Behind, edge: str) -> None:
    w = behind.w
    ad = w.account.ad()
    share = w.share(ad=ad["id"])
    found = facts(behind.page(edge, share).text)
    reader = Reader(found["ticket"])
    events = json.dumps([reader.open, reader.does("view", s="top")]).encode()
    kind = "text/plain;charset=UTF-8"
    assert behind.ask(edge, "/e", events, Content_Type=kind).status == 204
    assert behind.ask(edge, "/e", b"[]", Content_Type=kind).code == "malformed"
    assert behind.ask(edge, "/e", b"x" * 200_000, Content_Type=kind).status == 413
    query = f"h={reader.n}&i={'t' * 16}&o={reader.open['i']}&t={reader.ticket}"
    for _ in range(2):
        click = behind.ask(edge, f"/g/{share['id']}/top?{query}")
        assert (click.status, click.headers["Location"]) == (302, ad["target"])
    until(lambda: w.ledger(ad["id"])["received"] == 4, str(w.ledger(ad["id"])))
    counted = w.ledger(ad["id"])["counted"]
    assert {k: n for k, n in counted.items() if n} == {"open": 1, "view": 1, "tap": 1}


@pytest.mark.parametrize("edge", ["nginx", "varnish", "both"])
def test_readers_are_told_apart_by_their_own_address_whatever_they_forge(
    behind: Behind, edge: str
) -> None:
    w = behind.w
    ad = w.account.ad()
    share = w.share(ad=ad["id"])
    ticket = facts(behind.page(edge, share).text)["ticket"]
    # An address and browser may send 360 events at once to each of two workers; with a forged
    # address for each call nobody would reach that.
    for number in range(50):
        body = json.dumps([Reader(ticket).open for _ in range(30)])
        assert post_from("127.0.0.5", behind, edge, body, f"10.9.8.{number}") == 204
    body = json.dumps([Reader(ticket).open for _ in range(30)])
    assert post_from("127.0.0.6", behind, edge, body, "10.9.8.1") == 204
    until(lambda: w.ledger(ad["id"])["received"] == 1530, str(w.ledger(ad["id"])))
    found = w.ledger(ad["id"])
    assert found["refused"]["rate"] >= 200, "forged addresses were believed"
    assert found["counted"]["open"] >= 360 + 30


def post_from(address: str, behind: Behind, edge: str, body: str, forged: str) -> int:
    """Send a beacon from a loopback address that no edge has."""
    port = behind.edges[edge].port
    with socket.create_connection(("127.0.0.1", port), 10, (address, 0)) as connection:
        head = (
            f"POST /e HTTP/1.1\r\nHost: 127.0.0.1:{behind.w.service.port}\r\n"
            f"User-Agent: {HUMAN}\r\nContent-Type: text/plain\r\nX-Forwarded-For: {forged}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        connection.sendall((head + body).encode())
        return int(connection.recv(64).split()[1])


def test_the_console_works_through_the_edge_and_keeps_its_cookies(behind: Behind) -> None:
    host = f"localhost:{behind.w.service.port}"
    for edge in behind.edges:
        answer = behind.ask(edge, "/signin", Host=host)
        assert answer.status == 200
        assert "Set-Cookie" in answer.headers or "csrf" in answer.text
        assert behind.ask(edge, "/nowhere", Host="rebound.example").status == 421


def test_pages_outlive_the_service_and_beacons_get_503_meanwhile(behind: Behind) -> None:
    w = behind.w
    share = w.share()
    pages = {edge: behind.page(edge, share).body for edge in behind.edges}
    for pid in w.service.members():
        os.kill(pid, signal.SIGSTOP)
    try:
        for edge, page in pages.items():
            assert behind.page(edge, share, "?h=other").body == page
    finally:
        for pid in w.service.members():
            os.kill(pid, signal.SIGCONT)
    w.service.kill()
    time.sleep(5.0)  # until plain nginx revalidates
    for edge, page in pages.items():
        assert behind.page(edge, share).body == page
        refused = behind.ask(edge, "/e", b"{}", Content_Type="text/plain")
        assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (503, True)
    w.service.start()
    w.account.ok("DELETE", f"/shares/{share['id']}", want=204)
    assert behind.page("varnish", share).status == 410
    until(lambda: behind.page("nginx", share).status == 410, seconds=6.0)


def test_nothing_that_one_reader_sends_changes_what_the_next_is_shown(behind: Behind) -> None:
    w = behind.w
    host, console = f"127.0.0.1:{w.service.port}", f"localhost:{w.service.port}"
    url, ad = w.publish(), w.other.ad()["id"]
    for number in range(len(list(poisons("/s/x", host, console)))):
        share = w.other.share(url, ad)
        attack = list(poisons(f"/s/{share['id']}", host, console))[number]
        own = w.page(share).body
        for edge in ("varnish", "nginx"):
            said = raw(behind.edges[edge].port, attack)
            assert EVIL.encode() not in said, attack
            shown = behind.page(edge, share)
            assert (shown.status, shown.body) == (200, own), (edge, attack)
            assert not {"Set-Cookie", "Location"} & set(shown.headers), (edge, attack)


def test_no_request_hides_in_another_on_its_way_through_an_edge(behind: Behind) -> None:
    w = behind.w
    ad = w.account.ad()
    share = w.share(ad=ad["id"])
    attacks = list(smuggled(f"127.0.0.1:{w.service.port}", share["id"]))
    click = f"/g/{share['id']}/top"
    with ThreadPoolExecutor(len(attacks)) as pool:
        for edge, front in behind.edges.items():
            list(pool.map(raw, [front.port] * len(attacks), attacks))
            # Connections to the service are reused: a smuggled request would take the next one's
            # answer.
            found = list(pool.map(behind.ask, [edge] * 60, [click] * 60))
            told = {(answer.status, answer.headers["Location"]) for answer in found}
            assert told == {(302, ad["target"])}, edge


def test_no_file_of_the_edge_holds_a_readers_address(behind: Behind) -> None:
    for edge in behind.edges.values():
        files: list[Path] = [f for f in edge.folder.rglob("*") if f.is_file()]
        assert not [f for f in files if b"127.0.0.5" in f.read_bytes()]
