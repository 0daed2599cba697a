"""Which requests the fast path takes: those that it parses completely and strictly."""

import pytest

from proxy.wire.head import MAX_HEAD, REMEMBERED, Heads

HOST = "pages.example"


def request(line: str = "GET /s/abc?h=AB HTTP/1.1", *lines: str, body: str = "") -> bytes:
    return ("\r\n".join((line, f"Host: {HOST}", *lines)) + "\r\n\r\n" + body).encode("latin-1")


def test_a_page_is_named_with_what_its_client_takes() -> None:
    data = request("GET /s/abc?h=AB HTTP/1.1", "accept-encoding: br, gzip", 'If-None-Match: "x"')
    found = Heads(HOST).read(data)
    assert found
    assert (found.share, found.query, found.end) == ("abc", b"h=AB", len(data))
    assert (found.head.accepted, found.head.if_none_match) == (("br", "gzip"), '"x"')


def test_requests_behind_each_other_are_told_apart() -> None:
    heads, first = Heads(HOST), request("POST /e HTTP/1.1", "Content-Length: 3", body="abc")
    both = first + request()
    one = heads.read(both)
    assert one
    assert both[one.body : one.end] == b"abc"
    two = heads.read(both, one.end)
    assert two
    assert (two.start, two.share) == (len(first), "abc")


@pytest.mark.parametrize(
    "data",
    [
        request()[:-1],
        request().replace(b"\r\n", b"\n"),
        request("get /s/abc HTTP/1.1"),
        request("GET /s/abc HTTP/1.0"),
        request("GET /s/%61bc HTTP/1.1"),
        request("GET http://pages.example/s/abc HTTP/1.1"),
        request().replace(HOST.encode(), b"other.example"),
        request("GET /s/abc HTTP/1.1", f"Host: {HOST}"),
        request("GET /s/abc HTTP/1.1", "Connection: close"),
        request("GET /s/abc HTTP/1.1", "Content-Length: 1", body="a"),
        request("POST /e HTTP/1.1", "Transfer-Encoding: chunked"),
        request("POST /e HTTP/1.1", "Content-Length: +3", body="abc"),
        request("POST /e HTTP/1.1", "Content-Length: 03", body="abc"),
        request("GET /s/abc HTTP/1.1", "X: caf\xe9"),
        request("GET /s/abc HTTP/1.1", " folded"),
        request("GET /s/abc HTTP/1.1", "X: " + "a" * MAX_HEAD),
        request("GET /s/abc HTTP/1.1", *(f"X{number}: a" for number in range(100))),
    ],
)
def test_what_is_not_certain_is_not_read(data: bytes) -> None:
    assert Heads(HOST).read(data) is None


@pytest.mark.parametrize(
    ("kind", "beacon"),
    [("text/plain;charset=UTF-8", True), ("application/json", True), ("text/html", False)],
)
def test_a_beacon_is_text_or_json_of_a_known_length(kind: str, beacon: bool) -> None:
    lines = (f"Content-Type: {kind}", "Content-Length: 2")
    found = Heads(HOST).read(request("POST /e HTTP/1.1", *lines, body="{}"))
    assert found
    assert found.head.beacon is beacon


def test_heads_are_remembered_and_their_number_is_bounded() -> None:
    heads = Heads(HOST)
    for number in range(2 * REMEMBERED):
        assert heads.read(request("GET /s/abc HTTP/1.1", f"X-Forwarded-For: {number}"))
    assert len(heads._known) == REMEMBERED
