"""Contract, section 2: two origins told apart by Host, and both on one host."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest

from proxy import app, cdn
from proxy.web import qr
from tests.client import HUMAN, hop
from tests.contract.kit import World, ask, until, world
from tests.service import Service


def raw(port: int, data: bytes, host: str = "127.0.0.1") -> bytes:
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(data)
        found = b""
        while chunk := connection.recv(65536):
            found += chunk
        return found


def test_the_console_is_at_localhost_and_the_pages_at_127_0_0_1_by_default(w: World) -> None:
    share = w.share()
    assert share["url"].startswith(f"{w.service.pages}/s/")
    assert w.page(share).status == 200
    assert ask(f"{w.service.console}/s/{share['id']}").status == 404
    assert ask(f"{w.service.pages}/api/v1/account").status == 404
    assert ask(f"{w.service.pages}/api/openapi.json").status == 404
    assert ask(f"{w.service.console}/api/openapi.json").status == 200


@pytest.mark.parametrize("path", ["/", "/s/x", "/api/v1/ads", "/e", "/metrics", "/nothing"])
@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1"])
def test_any_other_host_is_answered_421(w: World, host: str, path: str) -> None:
    assert ask(w.service.pages + path, headers={"Host": host}).status == 421
    assert ask(w.service.pages + path, "POST", b"{}", {"Host": host}).status == 421


@pytest.mark.parametrize("host", ["evil.example", "[::1]", "10.0.0.1:99", ""])
def test_probes_answer_on_any_host(w: World, host: str) -> None:
    for path in ("/healthz", "/readyz"):
        assert ask(w.service.pages + path, headers={"Host": host}).status == 200


def test_a_request_without_a_host_is_misdirected_too(w: World) -> None:
    answer = raw(w.service.port, b"GET / HTTP/1.0\r\n\r\n")
    assert answer.split(b" ", 2)[1] == b"421"


def test_a_hosts_case_does_not_matter(w: World) -> None:
    answer = ask(f"{w.service.pages}/login", headers={"Host": f"LocalHost:{w.service.port}"})
    assert answer.status != 421


def test_serve_listens_on_both_loopback_addresses(w: World) -> None:
    host = f"localhost:{w.service.port}".encode()
    request = b"GET /api/openapi.json HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    assert raw(w.service.port, request, "::1").split(b" ", 2)[1] == b"200"
    with pytest.raises(OSError):
        raw(w.service.port, request, "127.0.0.9")


# Malformed requests, and those used for smuggling: one answer each, then the connection ends.
NO_REQUESTS = {
    "no target": "GET\r\nHost: {host}\r\n\r\n",
    "another version": "GET /s/{share} HTTP/9.9\r\nHost: {host}\r\n\r\n",
    "a control in a name": "GET /s/{share} HTTP/1.1\r\nHost: {host}\r\nX\x00: y\r\n\r\n",
    "a long header": "GET /s/{share} HTTP/1.1\r\nHost: {host}\r\nX: {long}\r\n\r\n",
    "a long target": "GET /s/{long} HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "two hosts": "GET /s/{share} HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
    "no host": "GET /s/{share} HTTP/1.1\r\n\r\n",
    "line feeds alone": "GET /s/{share} HTTP/1.1\nHost: {host}\n\n",
    "a folded line": "GET /s/{share} HTTP/1.1\r\nHost: {host}\r\nX: a\r\n b\r\n\r\n",
    "two lengths": "POST /e HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nContent-Length: 0\r\n"
    "\r\n[]{next}",
    "a signed length": "POST /e HTTP/1.1\r\nHost: {host}\r\nContent-Length: +2\r\n\r\n[]{next}",
    "a length and chunks": "POST /e HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
    "other chunks": "POST /e HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: xchunked\r\n"
    "Content-Length: 2\r\n\r\n[]{next}",
    "a space before a colon": "POST /e HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding : chunked\r\n"
    "Content-Length: 2\r\n\r\n[]{next}",
    "an expectation that is no text": "GET / HTTP/1.1\r\nHost: {host}\r\nExpect: \xff\r\n\r\n",
    "another protocol": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00",
}


@pytest.mark.parametrize("what", NO_REQUESTS)
def test_what_is_no_request_gets_one_refusal_with_the_policy_and_no_version(
    w: World, what: str
) -> None:
    host, share = f"127.0.0.1:{w.service.port}", w.share()["id"]
    following = f"GET /s/{share} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    sent = NO_REQUESTS[what].format(host=host, share=share, long="x" * 20_000, next=following)
    head, _, body = raw(w.service.port, sent.encode("latin1")).partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1] == b"400", head
    assert b"Content-Security-Policy: sandbox " in head
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Server: Passalong\r\n" in head
    assert body == b"This is not a request by HTTP.\n", "nothing of it is repeated or answered"


def test_a_target_of_another_name_than_the_host_is_misdirected(w: World) -> None:
    share = w.share()["id"]
    for target in (f"http://evil.example/s/{share}", f"//evil.example/s/{share}"):
        sent = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{w.service.port}\r\nConnection: close\r\n"
        status = raw(w.service.port, f"{sent}\r\n".encode()).split(b" ", 2)[1]
        assert status in (b"421", b"404"), target


def test_a_target_that_names_the_host_is_that_hosts(w: World) -> None:
    for host in (f"localhost:{w.service.port}", f"127.0.0.1:{w.service.port}"):
        sent = f"GET http://{host}/healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert raw(w.service.port, sent.encode()).split(b" ", 2)[1] == b"200", host


@pytest.mark.parametrize("host", ["[::1]:8080", "[::1]", "my_host:8080", "pages.example"])
def test_a_host_is_known_however_an_origin_may_write_it(host: str) -> None:
    known = app.Host(host)
    assert known.match_domain(host)
    assert known.match_domain(host.upper())
    assert not known.match_domain("other.example:8080")


def test_no_answer_of_either_origin_is_guessed_at(w: World) -> None:
    for where in (w.service.console, w.service.pages):
        for path in ("/", "/signin", "/api/v1/ads", "/api/openapi.json", "/healthz", "/s/none"):
            assert ask(where + path).headers["X-Content-Type-Options"] == "nosniff", path


def test_no_answer_names_a_version(w: World) -> None:
    for where in (w.service.console, w.service.pages):
        for path in ("/", "/s/none", "/healthz", "/api/v1/ads", "/e", "/static/none"):
            assert ask(where + path).headers["Server"] == "Passalong", path


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/s/{share}", None, {}, 200),
        ("GET", "/g/{share}/top", None, {}, 302),
        ("GET", "/q/{share}", None, {}, 200),
        ("GET", "/robots.txt", None, {}, 200),
        ("GET", "/me", None, {}, 200),
        *(("GET", f"{path}none", None, {}, 404) for path in ("/s/", "/p/", "/m/", "/g/t/", "/")),
        ("GET", "/s/{share}", None, {"If-None-Match": "*"}, 304),
        ("HEAD", "/s/{share}", None, {}, 200),
        ("POST", "/s/{share}", b"", {}, 405),
        ("DELETE", "/e", None, {}, 405),
        ("POST", "/e", b"[]", {"Content-Type": "text/plain"}, 400),
        ("POST", "/e", b"x" * 200_000, {"Content-Type": "text/plain"}, 413),
        ("POST", "/e", b"x", {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, 400),
        ("POST", "/e", b"{}", {"Expect": "200-nonsense"}, 417),
        ("GET", "/s/{lawful}", None, {}, 451),
        ("GET", "/s/{ended}", None, {}, 410),
        ("GET", "/s/..%2f..%2fe", None, {}, 404),
        ("GET", "/healthz", None, {}, 200),
    ],
)
def test_each_status_of_the_pages_origin_carries_the_policy_and_no_cookie(
    w: World, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    names = {"share": w.share()["id"], "ended": w.share()["id"], "lawful": w.share()["id"]}
    if "{ended}" in path:
        w.account.ok("DELETE", f"/shares/{names['ended']}", want=204)
    if "{lawful}" in path:
        taken = ("takedown", "share", names["lawful"], "--why", "Court.", "--law")
        assert w.service.command(*taken).returncode == 0
        until(lambda: ask(w.service.pages + path.format_map(names)).status == 451, "not ended")
    cookies = {"Cookie": "passalong=1; session=2"}
    answer = ask(w.service.pages + path.format_map(names), method, body, headers | cookies)
    assert answer.status == status
    policy = answer.headers["Content-Security-Policy"] or ""
    scripts = "" if path.startswith("/p/") else "allow-scripts "
    assert policy.startswith(f"sandbox {scripts}allow-same-origin allow-popups")
    assert f"connect-src {w.service.pages}" in policy
    assert "'unsafe-eval'" not in policy
    assert "no-transform" in (answer.headers["Cache-Control"] or "")
    guards = cdn.guards(cdn.CdnConfig("https://console.example", w.service.pages, ""))
    for name, value in guards.items():
        if name not in ("Content-Security-Policy", "Cross-Origin-Resource-Policy"):
            assert answer.headers.get_all(name) == [value], name
    assert answer.headers["Set-Cookie"] is None


def test_a_packed_body_is_not_unpacked_whoever_reads_it(w: World) -> None:
    packer = brotli.Compressor(quality=1)
    bomb = packer.process(bytes(80_000_000)) + packer.finish()
    before = memory(w)
    packed = {"Content-Encoding": "br", "Authorization": f"Bearer {w.account.key}"}
    form = "application/x-www-form-urlencoded"
    for where, kind, status in (
        (f"{w.service.pages}/e", "text/plain", 400),
        (f"{w.service.console}/api/v1/ads", "application/json", 415),
        (f"{w.service.console}/api/v1/pictures", "multipart/form-data; boundary=x", 400),
        (f"{w.service.console}/signin", form, 400),
        (f"{w.service.console}/report", form, 400),
    ):
        headers = packed | {"Content-Type": kind, "Origin": w.service.console}
        assert ask(where, "POST", bomb, headers).status == status, where
    grown = {pid: most - before.get(pid, most) for pid, most in memory(w).items()}
    assert max(grown.values()) < 30_000, "kB"


def memory(w: World) -> dict[int, int]:
    """The peak memory of each process of the service, in kB."""
    status = {pid: Path(f"/proc/{pid}/status").read_text() for pid in w.service.members()}
    return {pid: int(text.partition("VmHWM:")[2].split()[0]) for pid, text in status.items()}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both origins on one host."""
    folder: Path = tmp_path_factory.mktemp("one")
    service = Service(folder / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    service.settings |= {
        "console_origin": f"http://127.0.0.1:{service.port}",
        "pages_origin": f"http://127.0.0.1:{service.port}",
    }
    with world(service) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "status", "sandboxed"),
    [
        ("/s/none", 404, True),
        ("/e", 405, True),  # the console's own pages end with a 404 for any address
        ("/me", 200, True),
        ("/signin", 200, False),
        ("/everything", 404, False),
    ],
)
def test_with_both_on_one_host_readers_paths_get_the_strict_sandbox(
    one: World, path: str, status: int, sandboxed: bool
) -> None:
    answer = ask(one.service.pages + path, headers={"User-Agent": HUMAN})
    policy = answer.headers["Content-Security-Policy"] or ""
    assert answer.status == status
    assert policy.startswith("sandbox ") is sandboxed
    assert "allow-same-origin" not in policy


def test_with_both_on_one_host_the_api_is_there(one: World) -> None:
    key = {"Authorization": f"Bearer {one.account.key}"}
    assert ask(f"{one.service.pages}/api/v1/account", headers=key).status == 200


def test_a_readers_code_holds_their_own_link_and_nothing_that_is_no_hop(w: World) -> None:
    share, own = w.share(), hop(2)
    for asked, held in ((own, f"?h={own}"), ("", ""), ("AA00", ""), ('"><script>', "")):
        answer = ask(f"{w.service.pages}/q/{share['id']}?h={quote(asked)}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
        assert (answer.headers["Cache-Control"] or "").startswith("private, ")
        assert answer.body == qr.svg(share["url"] + held, "m")
