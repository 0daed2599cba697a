"""What the tests of the contract share: a plain HTTP client, a publisher, a running service."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.client import AD, HUMAN, event, hop
from tests.pages import PARAGRAPH
from tests.service import Service

Json = dict[str, Any]


@dataclass
class Answer:
    """An answer: redirects are not followed, the body is not decoded."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the problem; the answer must be a problem document."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self
        found = self.json
        assert found["status"] == self.status
        assert found["title"]
        assert "detail" in found
        return str(found["code"])

    @property
    def said(self) -> tuple[int, str]:
        """Status and code."""
        return self.status, self.code


def ask(
    url: str,
    method: str = "GET",
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = 30.0,
) -> Answer:
    """A request on a connection of its own; `headers` may set Host."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        data = body.encode() if isinstance(body, str) else body
        connection.request(method, path, data, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def until(true: Callable[[], object], what: str = "", seconds: float = 15.0) -> None:
    """Poll until `true` holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what or "it never came true"
        time.sleep(0.03)


def article(
    title: str = "What the last oolong of the year tastes like",
    *,
    head: str = "",
    body: str = "",
    lang: str = "en",
    paragraphs: int = 8,
) -> str:
    """A page with a plain article."""
    text = "".join(f"<p>{number}. {PARAGRAPH}</p>" for number in range(1, paragraphs + 1))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body><article><h1>{title}</h1>{text}{body}</article></body></html>"
    )


@dataclass
class Reply:
    """A publisher's answer."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


class Publisher:
    """A site on all loopback addresses, so that each test may have hosts of its own.

    `pages` maps "/path" or "127.0.0.9/path" to a page, a Reply or a function of the request.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | Reply | Callable[[BaseHTTPRequestHandler], Reply]] = {}
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.server = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.hosts = iter(f"127.0.1.{number}" for number in range(1, 250))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path: str, host: str = "127.0.0.2") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, page: Any, host: str = "127.0.0.2") -> str:
        """Put a page on the site; returns its address."""
        self.pages[host + path] = page
        return self.at(path, host)

    def site(self) -> str:
        """A host that no test has used."""
        return next(self.hosts)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        host = request.headers["Host"].partition(":")[0]
        self.asked.append(host + request.path)
        self.agents.append(request.headers.get("User-Agent", ""))
        bare = request.path.partition("?")[0]
        found = self.pages.get(host + request.path) or self.pages.get(host + bare)
        reply = found(request) if callable(found) else found
        if isinstance(reply, str):
            reply = Reply(reply)
        reply = reply or Reply(b"no such page", 404)
        time.sleep(reply.delay)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        headers = {"Content-Type": "text/html; charset=utf-8"} | dict(reply.headers)
        request.send_response(reply.status)
        for name, value in headers.items():
            for each in value.split("\n"):
                if each:
                    request.send_header(name, each)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        try:
            request.wfile.write(body)
        except OSError:
            return

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Account:
    """An account at the API."""

    def __init__(self, service: Service, email: str) -> None:
        made = service.command("account", "create", "--email", email, "--print-key")
        assert made.returncode == 0, made.stderr
        self.service = service
        self.key = made.stdout.strip()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """An API call; header names with _ for -."""
        sent = {"Authorization": f"Bearer {self.key}"}
        data: bytes | None = None
        if isinstance(body, bytes):
            data = body
        elif body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(f"{self.service.console}/api/v1{path}", method, data, sent)

    def ok(self, method: str, path: str, body: Any = None, want: int = 200) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status == want, (method, path, answer.status, answer.body[:2000])
        return answer.json if answer.body else None

    def ad(self, **changes: Any) -> Json:
        found: Json = self.ok("POST", "/ads", AD | changes, 201)
        return found

    def share(self, url: str, ad: str, **more: Any) -> Json:
        found: Json = self.ok("POST", "/shares", {"url": url, "ad": ad} | more, 201)
        return found


@dataclass
class World:
    """A running service, a publisher, and an account with an ad and a share."""

    service: Service
    publisher: Publisher
    account: Account
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))
    _ad: str = ""
    _other: Account | None = None

    @property
    def ad(self) -> str:
        """An ad that no test changes."""
        if not self._ad:
            self._ad = self.account.ad()["id"]
        return self._ad

    @property
    def other(self) -> Account:
        """Another account."""
        if self._other is None:
            self._other = Account(self.service, "other@example.com")
        return self._other

    def path(self) -> str:
        return f"/article-{next(self._numbers)}"

    def publish(self, page: Any = None, host: str = "127.0.0.2") -> str:
        """Put a page on the publisher's site; returns its address."""
        return self.publisher.put(self.path(), article() if page is None else page, host)

    def share(self, page: Any = None, ad: str = "", **more: Any) -> Json:
        return self.account.share(self.publish(page), ad or self.ad, **more)

    def refused(self, url: str, **more: Any) -> tuple[int, str]:
        """Status and code of a failed publishing."""
        return self.account.ask("POST", "/shares", {"url": url, "ad": self.ad} | more).said

    def page(self, share: Json, query: str = "", **headers: str) -> Answer:
        """A share's page, as a reader gets it; header names with _ for -."""
        sent = {"User-Agent": HUMAN} | {k.replace("_", "-"): v for k, v in headers.items()}
        return ask(share["url"] + query, headers=sent)

    def facts(self, share: Json) -> Json:
        return facts(self.page(share).text)

    def send(self, body: Any, **headers: str) -> Answer:
        """Send a beacon; header names with _ for -."""
        sent = {"User-Agent": HUMAN, "Content-Type": "text/plain;charset=UTF-8"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(f"{self.service.pages}/e", "POST", data, sent)

    def sent(self, body: Any, **headers: str) -> None:
        answer = self.send(body, **headers)
        assert answer.status == 204, (answer.status, answer.body)

    def ledger(self, ad: str) -> Json:
        found: Json = self.account.ok("GET", f"/ads/{ad}/ledger")
        parts = (*found["counted"].values(), *found["refused"].values())
        assert found["received"] == sum(parts) + found["repeated"] + found["pending"]
        return found

    def settled(self, ad: str, received: int) -> Json:
        """An ad's ledger, once so many of its events are folded."""
        until(lambda: self.ledger(ad)["received"] >= received, "the events were not folded", 60.0)
        found = self.ledger(ad)
        assert found["received"] == received, found
        return found


def facts(page: str) -> Json:
    """The facts block of a page, which must have exactly one."""
    blocks = re.findall(r'<script type="application/json" id="passalong">(.*?)</script>', page)
    assert len(blocks) == 1, page[:2000]
    found: Json = json.loads(blocks[0])
    return found


class Reader:
    """A reader of a share: their hop, and the events of one open."""

    def __init__(self, ticket: str, depth: int = 1, parent: str = "", n: str = "") -> None:
        self.ticket = ticket
        self.n = n or hop(depth)
        self.parent = parent
        self.open = event(ticket, "open", self.n, parent)

    def does(self, kind: str, **more: Any) -> Json:
        return event(self.ticket, kind, self.n, self.parent, o=self.open["i"], **more)


@contextmanager
def world(service: Service) -> Iterator[World]:
    """A started service with everything around it."""
    publisher = Publisher()
    try:
        service.start()
        yield World(service, publisher, Account(service, "mei@example.com"))
    finally:
        service.close()
        publisher.close()
