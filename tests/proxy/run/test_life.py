"""Workers replaced and ended under load: no connection refused, no request failed."""

import contextlib
import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.client import HUMAN
from tests.contract.kit import Reader, World, facts, until, world
from tests.service import Service


class Load:
    """Clients that send requests without a pause until stopped, some on kept connections.

    `ended` has the outcome of each request; a refused connection counts as `refused`.
    """

    def __init__(self, port: int, ask: Callable[[http.client.HTTPConnection], int]) -> None:
        self.port = port
        self.ask = ask
        self.ended: Counter[str] = Counter()
        self.stop = threading.Event()

    def run(self, kept: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self.stop.is_set():
            connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=9)
            if connection.sock is None:
                try:
                    connection.connect()
                except OSError:
                    self.ended["refused"] += 1
                    time.sleep(0.01)
                    continue
            try:
                self.ended[str(self.ask(connection))] += 1
            except (OSError, http.client.HTTPException) as error:
                self.ended[repr(error)] += 1
                connection.close()
            if not kept:
                connection.close()
                connection = None
        if connection:
            connection.close()

    @contextmanager
    def running(self, clients: int = 6) -> Iterator[None]:
        threads = [
            threading.Thread(target=self.run, args=(number % 2 == 0,), daemon=True)
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join(30)
            still = sum(thread.is_alive() for thread in threads)
            assert not still, f"{still} clients are still without an answer"


def asking(path: str) -> Callable[[http.client.HTTPConnection], int]:
    def ask(connection: http.client.HTTPConnection) -> int:
        connection.request("GET", path, headers={"User-Agent": HUMAN})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


def workers(service: Service) -> set[int]:
    """The processes that listen, except the supervisor."""
    assert service.process
    pid = service.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    pids = {int(each) for each in listed.split()}
    named = service.members()
    return {pid for pid in pids if "valkey" not in named.get(pid, "valkey")}


@pytest.fixture
def w(service: Service) -> Iterator[World]:
    with world(service) as made:
        yield made


def test_sighup_replaces_every_worker_and_no_request_fails(w: World) -> None:
    share = w.share()
    before = workers(w.service)
    assert len(before) == 2
    load = Load(w.service.port, asking(f"/s/{share['id']}"))
    with load.running():
        until(lambda: load.ended["200"] > 50)
        assert w.service.process
        w.service.process.send_signal(signal.SIGHUP)
        until(lambda: len(workers(w.service)) == 2 and not workers(w.service) & before, "not new")
        seen = load.ended["200"]
        until(lambda: load.ended["200"] > seen + 50, "the new workers do not answer")
    assert set(load.ended) == {"200"}, load.ended


def test_counts_go_on_over_a_replacement(w: World) -> None:
    ad = w.account.ad()["id"]
    ticket = facts(w.page(w.share(ad=ad)).text)["ticket"]
    for turn in range(2):
        for _ in range(10):
            w.sent(Reader(ticket).open)
        if turn == 0:
            before = workers(w.service)
            assert w.service.process
            w.service.process.send_signal(signal.SIGHUP)
            until(lambda b=before: not workers(w.service) & b)
    w.settled(ad, 20)


def test_sigterm_under_load_fails_no_request_that_was_accepted(w: World) -> None:
    share = w.share()
    load = Load(w.service.port, asking(f"/s/{share['id']}"))
    with load.running():
        until(lambda: load.ended["200"] > 50)
        began = time.monotonic()
        assert w.service.stop() == 0
        assert time.monotonic() - began < 10
        until(lambda: load.ended["refused"] > 0)
    assert set(load.ended) == {"200", "refused"}, load.ended


def test_a_worker_that_cannot_start_leaves_the_old_ones_at_work(w: World) -> None:
    before = workers(w.service)
    spool = w.service.data_dir / "spool"
    spool.rename(spool.with_name("away"))
    spool.write_text("no directory")
    assert w.service.process
    w.service.process.send_signal(signal.SIGHUP)
    until(lambda: "could not be replaced" in "".join(w.service.output), "not told")
    assert before == workers(w.service)
    with socket.create_connection(("127.0.0.1", w.service.port), 5):
        pass
    spool.unlink()
    spool.with_name("away").rename(spool)


def test_a_worker_that_dies_again_and_again_is_started_less_and_less_often(w: World) -> None:
    (victim, _) = sorted(workers(w.service))
    began, killed = time.monotonic(), set[int]()
    while time.monotonic() - began < 1.5:
        for pid in workers(w.service):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        time.sleep(0.02)
    assert victim not in workers(w.service)
    assert len(killed) < 12, "a worker that dies at once is started at once, for ever"
    w.service.wait_ready()


def test_where_memory_runs_out_a_child_goes_before_the_process_that_starts_it_anew(
    service: Service,
) -> None:
    service.start()
    assert service.process
    scores = {pid: int(Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in service.members()}
    supervisor = scores.pop(service.process.pid)
    assert scores
    assert all(score > supervisor for score in scores.values())
