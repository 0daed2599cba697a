"""Contract, section 8: what operators rely on."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.client import HUMAN
from tests.contract.kit import Answer, Reader, Reply, World, article, ask, until, world
from tests.service import Service, free_port


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A running service with metrics on a port."""
    folder = tmp_path_factory.mktemp("operators")
    port = str(free_port())
    service = Service(
        folder / "data", fetch_allow_nets="127.0.0.0/8", limits="off", metrics_port=port
    )
    with world(service) as made:
        yield made


def metrics(w: World) -> dict[str, float]:
    answer = ask(f"http://127.0.0.1:{w.service.settings['metrics_port']}/metrics")
    assert answer.status == 200
    lines = [line for line in answer.text.splitlines() if line and line[0] != "#"]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def store_pids(w: World) -> list[int]:
    named = w.service.members().items()
    return [pid for pid, name in named if "valkey" in name or "redis" in name]


def test_health_and_readiness_are_answered(w: World) -> None:
    assert ask(f"{w.service.pages}/healthz").status == 200
    assert ask(f"{w.service.console}/readyz").status == 200


def test_metrics_stand_on_their_own_port_only(w: World) -> None:
    assert ask(f"{w.service.pages}/metrics").status == 404
    assert ask(f"{w.service.console}/metrics").status == 404
    assert metrics(w)


def test_metrics_are_right_with_many_workers_bad_tickets_included(w: World) -> None:
    share = w.share()
    ticket = w.facts(share)["ticket"]
    before = metrics(w)
    for _ in range(20):  # a connection each: both workers take some
        w.sent([Reader(ticket).open, Reader("no ticket").open])

    def grown(label: str) -> float:
        return sum(
            value - before.get(name, 0.0)
            for name, value in metrics(w).items()
            if label in name and "event" in name
        )

    until(lambda: grown("bad_ticket") >= 20 and grown("accepted") >= 20, "not in the metrics")
    assert (grown("bad_ticket"), grown("accepted")) == (20, 20)


def test_figures_are_at_most_two_seconds_behind(w: World) -> None:
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    reader = Reader(w.facts(share)["ticket"])
    for number in range(1, 6):
        reader = Reader(reader.ticket)
        w.sent(reader.open)
        sent = time.monotonic()
        until(lambda n=number: w.ledger(ad)["counted"]["open"] == n, seconds=2.0)
        assert time.monotonic() - sent < 2.0


def test_the_store_is_back_within_two_seconds_and_beacons_are_taken_meanwhile(w: World) -> None:
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    ticket = w.facts(share)["ticket"]
    (pid,) = store_pids(w)
    os.kill(pid, signal.SIGKILL)
    died = time.monotonic()
    sent = 0
    while pid in store_pids(w) or not store_pids(w):
        w.sent(Reader(ticket).open)
        sent += 1
        assert time.monotonic() - died < 2.0, "the store was not started again"
    for _ in range(10):
        w.sent(Reader(ticket).open)
        sent += 1

    def back() -> bool:
        return w.account.ask("GET", f"/ads/{ad}/ledger").status == 200

    until(back)
    w.settled(ad, sent)


def test_sigterm_answers_what_is_in_flight_and_exits_0_within_10_s(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    with world(service) as w:
        ad = w.account.ad()["id"]
        share = w.share(ad=ad)
        ticket = w.facts(share)["ticket"]
        w.publisher.put("/soon", Reply(article(), delay=3.0))
        w.publisher.put("/never", Reply(article(), delay=15.0))
        answers: dict[str, Answer] = {}

        def publish(path: str) -> None:
            body = {"url": w.publisher.at(path), "ad": ad}
            answers[path] = w.account.ask("POST", "/shares", body)

        threads = [Thread(target=publish, args=(path,)) for path in ("/soon", "/never")]
        for thread in threads:
            thread.start()
        until(lambda: {"127.0.0.2/soon", "127.0.0.2/never"} <= set(w.publisher.asked))
        for _ in range(20):
            w.sent(Reader(ticket).open)
        began = time.monotonic()
        assert service.process
        service.process.send_signal(signal.SIGTERM)

        def closed() -> bool:
            try:
                ask(f"{service.pages}/healthz", headers={"User-Agent": HUMAN})
            except OSError:
                return True
            return False

        until(closed, "it went on accepting", 3.0)
        assert service.process.wait(12) == 0
        assert time.monotonic() - began < 10.0
        for thread in threads:
            thread.join(10)
        assert answers["/soon"].status == 201
        assert answers["/never"].said == (503, "store_unavailable")
        assert int(answers["/never"].headers["Retry-After"]) > 0
        service.start()
        w.settled(ad, 20)
