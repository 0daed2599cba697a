"""Requests, as raw bytes, that try to make an edge keep or show what it must not."""

import socket
from collections.abc import Iterator
from contextlib import suppress

EVIL = "evil.example"
# A head that ends within a field: the next bytes on the connection would become its value.
OPEN_END = "GET /nowhere HTTP/1.1\r\nHost: {host}\r\nX: "
WHOLE = "GET /nowhere HTTP/1.1\r\nHost: {host}\r\n\r\n"


def raw(port: int, data: bytes, seconds: float = 0.4) -> bytes:
    """Send bytes; returns all that comes back until the other side is silent for `seconds`."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), 10) as connection, suppress(OSError):
        connection.sendall(data)
        connection.settimeout(seconds)
        while more := connection.recv(65_536):
            said += more
    return said


def poisons(path: str, host: str, console: str) -> Iterator[bytes]:
    """Requests for an uncached page, each with something that is not part of the cache key."""
    for first, *fields in (
        (
            f"GET {path}?h=x HTTP/1.1\r\nHost: {host}",
            f"X-Forwarded-Host: {EVIL}", "X-Forwarded-Proto: gopher", "X-Forwarded-Port: 1",
            "X-Forwarded-Scheme: nothttps", "X-Original-URL: /signin", "X-Rewrite-URL: /signin",
            f"X-Host: {EVIL}", f"Forwarded: host={EVIL};proto=gopher", f"Origin: https://{EVIL}",
            "X-HTTP-Method-Override: DELETE", "X-Encoding: evil", "Accept-Language: zh",
            "Cookie: lang=zh", "Authorization: Bearer x", "Accept-Encoding: zstd, x'\"<b>",
            "Range: bytes=0-3", f"Referer: https://{EVIL}/", "Sec-Purpose: prefetch",
            "Cache-Control: no-store", "xkey-purge: x", "Content-Length: 4", "TE: trailers",
        ),
        (f"HEAD {path} HTTP/1.1\r\nHost: {host}",),
        (f"GET {path} HTTP/1.1\r\nHost: {host}", "If-None-Match: *", 'If-Match: "no"'),
        (f"GET {path} HTTP/1.1\r\nHost: {host}", "X-Big: " + "a" * 7_000),
        (f"GET {path} HTTP/1.1\r\nHost: {host}", *(f"X-{n}: 1" for n in range(70))),
        (f"GET {path} HTTP/1.1\r\nHost: {host}", "X-Control: \x01"),
        (f"GET {path} HTTP/1.0\r\nHost: {host}", "Connection: Host, Accept-Encoding"),
        (f"GET http://{EVIL}{path} HTTP/1.1\r\nHost: {host}",),
        (f"GET http://{host}{path} HTTP/1.1\r\nHost: {console}",),
        (f"GET {path} HTTP/1.1\r\nHost: {console}",),
        (f"GET {path} HTTP/1.1\r\nHost: {host}\r\nHost: {EVIL}",),
        *((f"GET {spelled} HTTP/1.1\r\nHost: {host}",) for spelled in (
            f"/{path}", f"{path}/", f"{path};x", f"{path}#x", f"{path}%00", f"{path}%0d%0aX:y",
            f"/i/..{path}", f"/%73{path[2:]}", path.replace("/s/", "/s\\"),
        )),
        *((f"{method} {path} HTTP/1.1\r\nHost: {host}",) for method in ("OPTIONS", "POST", "BAN")),
    ):  # fmt: skip
        head = "\r\n".join((first, *fields, "Connection: close")) + "\r\n\r\n"
        yield head.encode("latin1") + (b"fat!" if "Content-Length: 4" in fields else b"")


def smuggled(host: str, share: str) -> Iterator[bytes]:
    """Two requests that an edge might take for one."""
    hidden, whole = (text.format(host=host).encode() for text in (OPEN_END, WHOLE))
    end = b"0\r\n\r\n"
    length, chunks = f"Content-Length: {len(end + hidden)}", "Transfer-Encoding: chunked"
    for fields in (
        (length, chunks),
        (length, chunks, "Transfer-Encoding: identity"),
        *((length, f"Transfer-Encoding{between}{value}") for between, value in (
            (": ", "xchunked"), (" : ", "chunked"), (":\t", "chunked"), (": ", "\x0bchunked"),
            (": ", "gzip, chunked"), (":\r\n ", "chunked"), (": ", "CHUNKED"), (": ", "chunked\0"),
        )),
        (length, f"X: a\r{chunks}"),
        ("Content-Length: 0\n" + chunks,),
        ("Content-Length: 0", length),
        *((f"Content-Length: {value}",) for value in ("0, 60", "+60", "0x3c", "-1", "60 0")),
        ("Connection: Content-Length", length),
    ):  # fmt: skip
        yield _request("POST", "/e", host, fields) + end + hidden
    for body in (
        b'0;a="\r\n\r\n"\r\n\r\n', b"1\nZ\n0\n\n", b"-1\r\n\r\n", b"0x0\r\n\r\n",
        b"1 \r\nA\r\n" + end,
        b"10000000000000000\r\n\r\n", b"0\r\nContent-Length: 50\r\n\r\n", b"1\r\nAA\r\n" + end,
    ):  # fmt: skip
        yield _request("POST", "/e", host, (chunks,)) + body + whole
    for method, path in (("GET", f"/s/{share}"), ("GET", f"/g/{share}/top"), ("HEAD", "/e")):
        yield _request(method, path, host, (f"Content-Length: {len(whole)}",)) + whole
    for path in (f"/s/{share}", f"/g/{share}/top"):
        split = f"{path}%20HTTP/1.1%0d%0aHost:%20x%0d%0a%0d%0aGET%20/nowhere"
        yield _request("GET", split, host, ())
    for fields in (("Upgrade: websocket", "Connection: Upgrade"), ("Expect: 100-continue",)):
        yield _request("POST", "/e", host, (*fields, "Content-Length: 0")) + whole


def _request(method: str, path: str, host: str, fields: tuple[str, ...]) -> bytes:
    lines = (f"{method} {path} HTTP/1.1", f"Host: {host}", "Content-Type: text/plain", *fields)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin1")
