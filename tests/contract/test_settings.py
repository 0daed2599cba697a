"""Contract, section 1: settings, tried on a running service."""

import time
from collections.abc import Iterator

import pytest

from ads.ticket import Ticket, sign
from tests.contract.kit import Reader, World, ask, until, world
from tests.edge.kit import Origin, serving
from tests.service import Service

FIRST, SECOND, UNKNOWN = ("first" * 8, "second" * 7, "unknown" * 6)


@pytest.fixture(scope="module")
def edge() -> Iterator[Origin]:
    """An edge that records purges."""
    with serving(made := Origin()):
        yield made


def knows(edge: Origin, key: str) -> bool:
    return any(key in told.headers["xkey-purge"].split() for told in edge.others)


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory, edge: Origin) -> Iterator[World]:
    service = Service(
        tmp_path_factory.mktemp("settings") / "data",
        fetch_allow_nets="127.0.0.0/8",
        limits="off",
        secret_keys=f"{FIRST},{SECOND}",
        purge_urls=f"http://127.0.0.1:{edge.port}",
        default_mode="reader",
    )
    with world(service) as made:
        yield made


def test_the_first_key_signs_all_verify_and_none_is_made(w: World) -> None:
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    issued = Ticket(share["id"], ad, 1, int(time.time() * 1000))
    for key in (FIRST, SECOND, UNKNOWN):
        w.sent(Reader(sign(issued, [key.encode()])).open)
    w.sent(Reader(w.facts(share)["ticket"]).open)
    assert w.settled(ad, 3)["counted"]["open"] == 3
    assert not (w.service.data_dir / "secret.key").exists()


def test_a_mode_that_nobody_names_is_the_default_mode(w: World) -> None:
    url = w.publish()
    assert w.account.share(url, w.ad)["mode"] == "reader"
    assert w.account.ok("POST", "/preview", {"url": url, "ad": w.ad}, 201)["mode"] == "reader"
    assert w.account.share(url, w.ad, mode="full")["mode"] == "full"


def test_a_changed_page_is_purged_at_every_edge_by_the_keys_it_was_sent_with(
    w: World, edge: Origin
) -> None:
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    keys = w.page(share).headers["xkey"].split()
    assert {f"ad:{ad}", f"share:{share['id']}"} < set(keys)
    w.account.ok("PATCH", f"/ads/{ad}", {"title": "New"})
    until(lambda: knows(edge, f"ad:{ad}"), "the ad's pages were not purged", 5.0)
    w.account.ok("DELETE", f"/shares/{share['id']}", want=204)
    until(lambda: knows(edge, f"share:{share['id']}"), "the share was not purged", 5.0)


def test_all_of_a_pages_life_in_caches_is_at_most_48_hours(w: World) -> None:
    answer = ask(w.share()["url"])
    control = answer.headers["Cache-Control"]
    parts = dict(part.strip().partition("=")[::2] for part in control.split(","))
    lives = ("s-maxage", "stale-while-revalidate", "stale-if-error")
    assert "public" in parts
    assert sum(int(parts[name]) for name in lives) <= 48 * 3600
    assert answer.headers["CDN-Cache-Control"] == answer.headers["Surrogate-Control"] == control
