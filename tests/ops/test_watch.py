"""The shipped alerts and dashboard, in a real Prometheus with a real service."""

import json
import os
import re
import shutil
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.contract.kit import Reader, World, ask, facts, until, world
from tests.edge.kit import Origin, serving
from tests.service import Service, free_port

OPS = Path(__file__).parents[2] / "ops"
ALERTS = OPS / "prometheus" / "alerts.yml"
DASHBOARD = json.loads((OPS / "grafana" / "passalong.json").read_text())
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def promtool(*words: str) -> None:
    if not shutil.which("promtool"):
        pytest.skip("NO PROMETHEUS: install it, or run ops/test")
    told = subprocess.run(
        ["promtool", *words], cwd=OPS / "prometheus", capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_configuration_and_the_rules_are_sound() -> None:
    promtool("check", "config", "prometheus.yml")


def test_each_alert_fires_on_what_it_is_for_and_not_on_a_healthy_service() -> None:
    promtool("test", "rules", "alerts.test.yml")
    tested = (OPS / "prometheus" / "alerts.test.yml").read_text()
    for name in re.findall(r"alert: (\w+)", ALERTS.read_text()):
        assert len(re.findall(rf"alertname: {name}\b", tested)) >= 2, f"{name} is not tested"


def test_each_alert_stands_in_the_run_book() -> None:
    book = (OPS / "README.md").read_text()
    for name in re.findall(r"alert: (\w+)", ALERTS.read_text()):
        assert f"### {name}" in book


class Prometheus:
    """A real Prometheus that scrapes a port every second."""

    def __init__(self, folder: Path, target: int) -> None:
        self.port = free_port()
        config = (OPS / "prometheus" / "prometheus.yml").read_text()
        config = config.replace("127.0.0.1:9100", f"127.0.0.1:{target}").replace("15s", "1s")
        folder.mkdir()
        (folder / "prometheus.yml").write_text(config)
        shutil.copy(ALERTS, folder)
        self.process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def query(self, expression: str) -> list[Any]:
        words = urllib.parse.urlencode({"query": expression})
        try:
            answer = ask(f"http://127.0.0.1:{self.port}/api/v1/query?{words}")
        except OSError:
            return []
        if answer.status == 503:
            return []
        assert answer.status == 200, (expression, answer.text)
        found: list[Any] = answer.json["data"]["result"]
        return [each for each in found if each["value"][1] != "NaN"]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def traffic(w: World) -> Iterator[None]:
    """Readers, beacons, clicks and publishing, until the block ends."""
    done = threading.Event()

    def run() -> None:
        ad = w.account.ad()["id"]
        share = w.share(ad=ad)
        ticket = facts(w.page(share).text)["ticket"]
        while not done.wait(0.1):
            reader = Reader(ticket)
            w.page(share)
            w.send([reader.open, reader.does("view", s="top")])
            ask(f"{w.service.pages}/g/{share['id']}/top")
            w.share(ad=ad)
            w.account.ok("PATCH", f"/ads/{ad}", {"title": "changed"})

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(30)
        assert not thread.is_alive(), "a request of the traffic is still not answered"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    if not shutil.which("prometheus"):
        pytest.skip("NO PROMETHEUS: install it, or run ops/test")
    folder = tmp_path_factory.mktemp("watched")
    origin, port = Origin(), free_port()
    with serving(origin):
        service = Service(
            folder / "data",
            fetch_allow_nets="127.0.0.0/8",
            limits="off",
            metrics_port=str(port),
            purge_urls=f"http://127.0.0.1:{origin.port}/",
        )
        with world(service) as w:
            kill_a_worker(service)  # so that a restart is counted
            with traffic(w):
                prometheus = Prometheus(folder / "prometheus", port)
                try:
                    yield prometheus
                finally:
                    prometheus.close()


def kill_a_worker(service: Service) -> None:
    assert service.process
    pid, named = service.process.pid, service.members()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    workers = [int(each) for each in children if "valkey" not in named[int(each)]]
    os.kill(workers[0], 9)
    until(lambda: workers[0] not in service.members())
    service.wait_ready()


def test_every_query_of_the_dashboard_has_data(watched: Prometheus) -> None:
    waiting = set(EXPRESSIONS)

    def all_answered() -> bool:
        for each in sorted(waiting):
            if watched.query(each.replace("$__rate_interval", "10s")):
                waiting.discard(each)
        return not waiting

    try:
        until(all_answered, seconds=80)
    except AssertionError:
        pytest.fail(f"no data for {waiting}")


def test_the_alerts_ask_for_metrics_that_there_are(watched: Prometheus) -> None:
    names = set(re.findall(r"\bpassalong_\w+", ALERTS.read_text()))
    for name in names:
        until(lambda n=name: watched.query(n), f"{name} is exposed by nobody", 60)


def test_a_dashboard_has_panels_apart_and_a_legend_each() -> None:
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert all(t["legendFormat"] for panel in DASHBOARD["panels"] for t in panel["targets"])
