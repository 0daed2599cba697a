"""`ops/edge` for an operator: starting, refusing to start, ending, without a service behind."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.kit import ask, until
from tests.edge.kit import EDGE, KINDS, Edge, Origin, Page, listens, serving
from tests.service import free_port, session_members


@pytest.fixture(params=KINDS)
def edge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Edge]:
    """An edge in front of a closed port; not started yet."""
    made = Edge(request.param, tmp_path / "not" / "there" / "yet", free_port())
    made.folder.parent.mkdir(parents=True)
    yield made
    made.close()


def ended(edge: Edge) -> subprocess.CompletedProcess[str]:
    return subprocess.run(edge.command(), capture_output=True, text=True, timeout=30, check=False)


def test_it_starts_before_the_service_and_says_503_with_retry_after(edge: Edge) -> None:
    edge.start()
    for path, method in (("/s/page", "GET"), ("/e", "POST"), ("/ads", "GET"), ("/g/a/top", "GET")):
        answer = ask(edge.url + path, method, b"{}" if method == "POST" else None)
        assert (answer.status, int(answer.headers["Retry-After"]) > 0) == (503, True), path
        assert "no-store" in answer.headers["Cache-Control"]
        if path == "/e":
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_it_ends_on_sigterm_leaves_no_process_and_starts_again_after_a_kill(edge: Edge) -> None:
    edge.start()
    assert edge.process
    assert edge.stop() == 0
    until(lambda: edge.process and not session_members(edge.process.pid), "processes are left")
    edge.start()
    edge.process.kill()  # the main process first, as it would replace the others
    edge.process.wait(10)
    for pid in session_members(edge.process.pid):
        os.kill(pid, 9)
    until(lambda: not listens(edge.port))
    edge.start()
    assert ask(f"{edge.url}/s/page").status == 503


def test_a_port_in_use_and_a_directory_in_use_are_said(edge: Edge) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", edge.port))
        taken.listen()
        refused = ended(edge)
    assert refused.returncode != 0
    assert "Address already in use" in refused.stderr
    edge.start()
    again = Edge(edge.kind, edge.folder, edge.upstream)
    refused = ended(again)
    assert refused.returncode != 0
    assert str(edge.folder) in refused.stderr
    assert "another edge runs in" in refused.stderr or "already running" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("apache",),
        ("nginx",),
        ("nginx", "--listen", "8080", "--upstream", "127.0.0.1:1", "--dir", "/tmp/x"),
        ("nginx", "--listen", "127.0.0.1:1", "--upstream", "127.0.0.1:99999", "--dir", "/tmp/x"),
        ("varnish", "--listen", "127.0.0.1:1", "--upstream", "127.0.0.1:1"),
        ("varnish", "--listen", "127.0.0.1:1", "--upstream", "a;b:1", "--dir", "/tmp/x"),
        ("varnish", "--dir"),
    ],
)
def test_bad_usage_is_told_and_exits_2(words: tuple[str, ...]) -> None:
    refused = subprocess.run([EDGE, *words], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "ops/edge nginx|varnish --listen HOST:PORT" in refused.stderr


def test_all_its_files_are_in_its_directory_and_survive_the_services_death(edge: Edge) -> None:
    page = Page("/s/kept")
    origin = Origin({page.path: page}, port=edge.upstream)
    with serving(origin):
        edge.start()
        assert ask(edge.url + page.path).body == page.body
        fds = [
            target
            for pid in members(edge)
            for fd in Path(f"/proc/{pid}/fd").iterdir()
            if (target := opened(fd))
        ]
    files = [fd for fd in fds if fd.startswith("/") and not fd.startswith(("/dev/", "/proc/"))]
    assert files
    assert not [f for f in files if not f.startswith((str(edge.folder.parent), "/memfd:", "/["))]
    assert ask(edge.url + page.path).body == page.body


def opened(fd: Path) -> str:
    """What a descriptor refers to; "" if it was closed meanwhile."""
    try:
        return str(fd.readlink())
    except FileNotFoundError:
        return ""


def members(edge: Edge) -> list[int]:
    """Every process of the edge, also in sessions of their own."""
    assert edge.process
    found, new = {edge.process.pid}, {edge.process.pid}
    while new:
        parents = {int(p.parent.name): parent(p) for p in Path("/proc").glob("[0-9]*/stat")}
        new = {pid for pid, of in parents.items() if of in found} - found
        found |= new
    return list(found)


def parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", ["by nobody", "by root for nobody"])
def test_it_runs_without_root(kind: str, start: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="passalong-edge-"))
    edge = Edge(kind, folder / "edge", free_port())
    try:
        edge.folder.mkdir()
        for each in (folder, edge.folder):
            shutil.chown(each, "nobody", "nogroup")
        if start == "by nobody":
            edge.before = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        edge.start()
        assert ask(f"{edge.url}/s/page").status == 503
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in members(edge)}
        assert pwd.getpwnam("nobody").pw_uid in owners
        assert edge.stop() == 0
    finally:
        edge.close()
        shutil.rmtree(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cdn_that_is_named_may_tell_a_readers_country(kind: str, tmp_path: Path) -> None:
    page = Page("/s/page")
    origin = Origin({page.path: page})
    with serving(origin):
        edge = Edge(kind, tmp_path / "edge", origin.port, "--behind", "127.0.0.0/8,fd00::/8")
        try:
            edge.start()
            ask(edge.url + "/e", "POST", b"{}", {"CF-IPCountry": "CN"})
        finally:
            edge.close()
    (beacon,) = origin.others
    assert beacon.headers["cf-ipcountry"] == "CN"


@pytest.mark.parametrize("kind", KINDS)
def test_it_listens_on_ipv6_too(kind: str, tmp_path: Path) -> None:
    edge = Edge(kind, tmp_path / "edge", free_port())
    edge.host = "[::1]"
    try:
        edge.start()
        assert ask(f"http://[::1]:{edge.port}/s/page").status == 503
    finally:
        edge.close()
