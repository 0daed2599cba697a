"""What the tests of the edges share: the shipped edges, and an origin that tests control."""

import contextlib
import gzip
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from proxy import cdn
from tests.contract.kit import Answer, ask
from tests.service import free_port

EDGE = Path(__file__).parents[2] / "ops" / "edge"
HOST = "pages.example"
KINDS = ("nginx", "varnish")
PROGRAM = {"nginx": "nginx", "varnish": "varnishd"}


def need(kind: str) -> None:
    """Skip loudly if the program is missing; CI has it."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    if shutil.which(PROGRAM[kind], path=path) is None:
        pytest.skip(f"NO {kind.upper()}: install it, or run ops/test")


class Edge:
    """`ops/edge KIND` as a process of its own."""

    def __init__(self, kind: str, folder: Path, upstream: int, *more: str) -> None:
        need(kind)
        self.kind = kind
        self.folder = folder
        self.port = free_port()
        self.upstream = upstream
        self.more = more
        self.before: tuple[str, ...] = ()
        self.host = "127.0.0.1"
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        listen, upstream = f"{self.host}:{self.port}", f"127.0.0.1:{self.upstream}"
        where = ("--listen", listen, "--upstream", upstream, "--dir", str(self.folder))
        return [*self.before, str(EDGE), self.kind, *where, *self.more]

    def start(self) -> "Edge":
        log = (self.folder.parent / f"{self.folder.name}.log").open("w")
        with log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, text=True, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while not listens(self.port, self.host.strip("[]")):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)
        return self

    def said(self) -> str:
        return (self.folder.parent / f"{self.folder.name}.log").read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(20)

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()


def listens(port: int, host: str = "127.0.0.1") -> bool:
    try:
        socket.create_connection((host, port), 5).close()
    except OSError:
        return False
    return True


@dataclass
class Asked:
    """A request, as the origin saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Page:
    """A share's page at the origin; caches are told to keep it for `seconds`."""

    path: str
    text: str = "one"
    status: int = 200
    delay: float = 0.0
    seconds: int = cdn.S_MAXAGE
    asked: list[Asked] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return f"<p>{self.text}</p>".encode() * 100

    @property
    def key(self) -> str:
        return f"share:{self.path[3:]}"


@dataclass
class Origin:
    """A service with the contract's headers that otherwise does what a test sets."""

    pages: dict[str, Page] = field(default_factory=dict)
    beacon: tuple[int, dict[str, str]] = (204, {})
    drops: int = 0  # how many beacons it takes without answering, like a worker that is killed
    others: list[Asked] = field(default_factory=list)
    port: int = 0


def respond(origin: Origin, request: BaseHTTPRequestHandler) -> None:
    """Answer like the service: pages are public with a weak ETag, all else is not to be stored."""
    length = int(request.headers.get("Content-Length") or 0)
    body = request.rfile.read(length)
    headers = {k.lower(): v for k, v in request.headers.items()}
    asked = Asked(request.command, request.path, headers, body)
    page = origin.pages.get(request.path.partition("?")[0])
    if page:
        page.asked.append(asked)
        return show(page, request, headers)
    origin.others.append(asked)
    if origin.drops:
        origin.drops -= 1
        request.close_connection = True
        return None
    if request.path.partition("?")[0] == "/e":
        return send(request, origin.beacon[0], {"Cache-Control": "no-store"} | origin.beacon[1])
    return send(request, 200, {"Cache-Control": "no-store", "Set-Cookie": "s=1"}, b"console")


def show(page: Page, request: BaseHTTPRequestHandler, headers: dict[str, str]) -> None:
    time.sleep(page.delay)
    if page.status != 200:
        kept = cdn.gone([page.key]) if page.status == 410 else {"Cache-Control": "no-store"}
        return send(request, page.status, kept | {"Retry-After": "7"}, b"no")
    tag = f'W/"{page.text}"'
    kept = {"ETag": tag, **cdn.headers([page.key, "ad:a"], "https://a.example/")}
    kept = {k: v.replace(f"={cdn.S_MAXAGE},", f"={page.seconds},") for k, v in kept.items()}
    if headers.get("if-none-match") == tag:
        return send(request, 304, kept)
    encoding, packed = pack(headers.get("accept-encoding", ""), page.body)
    return send(request, 200, kept | encoding | {"Set-Cookie": "never=1"}, packed)


def pack(accepted: str, page: bytes) -> tuple[dict[str, str], bytes]:
    if "br" in accepted:
        return {"Content-Encoding": "br"}, brotli.compress(page, quality=1)
    if "gzip" in accepted:
        return {"Content-Encoding": "gzip"}, gzip.compress(page)
    return {}, page


def send(
    request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes = b""
) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    if status not in (204, 304):
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if request.command != "HEAD" and status not in (204, 304):
        with contextlib.suppress(OSError):
            request.wfile.write(body)


@contextmanager
def serving(origin: Origin) -> Iterator[Callable[[], None]]:
    """Serve `origin` until the block ends, or until the yielded function is called."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            respond(origin, self)

        def do_HEAD(self) -> None:
            respond(origin, self)

        def do_POST(self) -> None:
            respond(origin, self)

        def do_PURGE(self) -> None:
            respond(origin, self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", origin.port), Handler)
    server.daemon_threads = True
    origin.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(10)
        assert not thread.is_alive(), "the origin still serves"

    try:
        yield stop
    finally:
        stop()


@dataclass
class Front:
    """An edge, the origin behind it, and pages that were never requested."""

    edge: Edge
    origin: Origin
    _names: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def fresh(self, **told: Any) -> Page:
        """A new page, in no cache yet."""
        page = Page(f"/s/page-{next(self._names)}", **told)
        self.origin.pages[page.path] = page
        return page

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """A GET of a path; header names with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(self.edge.url + path, method, body, {"Host": HOST} | sent)

    def together(self, paths: Sequence[str], **headers: str) -> list[Answer]:
        """GET all paths at once."""
        with ThreadPoolExecutor(len(paths)) as pool:
            return list(pool.map(lambda path: self.get(path, **headers), paths))
