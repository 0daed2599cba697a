"""Streams of requests drawn from a seed: plain, odd, broken, split anywhere, pipelined."""

import asyncio
import json
import random
from collections.abc import Callable, Iterable

from tests.proxy.wire.twin import HOST, Twin

AT_ONCE = 64
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
ENCODINGS = (
    "gzip, deflate, br, zstd",
    "gzip",
    "br",
    "identity",
    "",
    "*",
    "br;q=0.1, gzip;q=0.9",
    "gzip;q=0, br;q=0",
    "GZIP",
    "identity;q=0, *;q=0",
    "nonsense;;q=,",
)
ODD_LINES = (
    "Connection: close",
    "Connection: keep-alive",
    "Connection: Keep-Alive, Upgrade",
    "Connection: upgrade",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "Expect: 100-continue",
    "Range: bytes=0-99",
    "If-Range: x",
    "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: identity",
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 5, 5",
    "Content-Encoding: gzip",
    "Host: other.example",
    f"Host: {HOST}",
    f"Host: {HOST}:80",
    "Cookie: a=b; c=d",
    "X-Forwarded-For: 203.0.113.9",
    "X-Empty:",
    "X-Spaces:   a  b  ",
    "X-Tab:\ta\t",
    " folded: line",
    "\tfolded",
    "No-Colon",
    "Bad Name: x",
    "X-Null: a\x00b",
    "X-High: caf\xe9",
    "X-Bell: \x07",
    ": empty",
    "X-CR: a\rb",
    "Proxy-Connection: close",
    "Keep-Alive: timeout=5",
    "TE: trailers",
    "Sec-WebSocket-Key: x",
    "Sec-WebSocket-Key1: x",
    "Sec-WebSocket-Version: 13",
    "Sec-Purpose: prefetch",
    "DNT: 1",
    "X-Long: " + "a" * 5000,
    "X-Longer: " + "a" * 9000,
)
TARGETS = (
    "/s/{share}",
    "/s/{share}?h=ABabcdefghij",
    "/s/{share}?h=ABabcdefghij&utm_source=x%20y&from=singlemessage",
    "/s/{share}?",
    "/s/{share}?a=%zz",
    "/s/{share}?a=é",
    "/s/{share}?a=b#c",
    "/s/{share}/",
    "/s/{share}/x",
    "/s//{share}",
    "/s/./{share}",
    "/s/../s/{share}",
    "/s/%74ea00000000",
    "/s/unknown",
    "/s/" + "a" * 65,
    "/s/",
    "/s",
    "/robots.txt",
    "/healthz",
    "/e",
    "/e?x=1",
    "/e/",
    "/E",
    "/",
    "*",
    "//evil.example/s/{share}",
    f"http://{HOST}/s/{{share}}",
    "/g/{share}/top",
    "/m/none",
    "/s/{share}?" + "a" * 3000,
    "/s/{share}?" + "a" * 9000,
)
VERSIONS = ("HTTP/1.1",) * 12 + ("HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1", "")
METHODS = ("GET",) * 10 + ("HEAD",) * 3 + ("POST",) * 2
METHODS += ("get", "OPTIONS", "PUT", "PRI", "CONNECT", "G\xc9T", "TRACE")


class Draw:
    """Draws requests to one twin from one seed."""

    def __init__(self, twin: Twin, seed: int) -> None:
        self.twin = twin
        self.random = random.Random(seed)

    def stream(self) -> list[bytes]:
        """A client's bytes, in the pieces in which it sends them."""
        one = self.random.choice
        many = one((1, 1, 1, 2, 3, 8))
        makers: tuple[Callable[[], bytes], ...] = (
            self.page,
            self.page,
            self.beacon,
            self.cold,
            self.odd,
        )
        return self.cut(b"".join(one(makers)() for _ in range(many)))

    def cut(self, data: bytes) -> list[bytes]:
        """Bytes in one piece, in two, in a few, or byte by byte."""
        how = self.random.random()
        if how < 0.4 or len(data) < 2:
            return [data]
        if how > 0.98 and len(data) < 1500:
            return [data[at : at + 1] for at in range(len(data))]
        number = 1 if how < 0.8 else 4
        places = sorted(self.random.randrange(1, len(data)) for _ in range(number))
        return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]

    def page(self) -> bytes:
        """A GET or HEAD of the page, as browsers and edges send it, conditional or not."""
        one = self.random.choice
        lines = [f"Host: {HOST}", f"User-Agent: {AGENT}", f"Accept-Encoding: {one(ENCODINGS)}"]
        if self.random.random() < 0.3:
            lines.append(f"If-None-Match: {one(self.tags())}")
        if self.random.random() < 0.2:
            lines.append(one(ODD_LINES))
        self.random.shuffle(lines)
        return self.request(one(("GET", "GET", "HEAD")), one(TARGETS[:4]), "HTTP/1.1", lines)

    def cold(self) -> bytes:
        """A GET of a page that is only in the store."""
        lines = [f"Host: {HOST}", f"User-Agent: {AGENT}", "Accept-Encoding: gzip"]
        return self.request("GET", f"/s/{self.twin.cold}", "HTTP/1.1", lines)

    def tags(self) -> tuple[str, ...]:
        """Entity tags that match, nearly match, or are invalid."""
        etag = self.twin.etag
        strong = etag.removeprefix("W/")
        return (etag, strong, "*", f'"x", {etag}', 'W/"other"', strong.strip('"'), "", "W/")

    def beacon(self) -> bytes:
        """A POST of events, most of them good."""
        body = self.random.choice(self.bodies())
        kinds = ("text/plain;charset=UTF-8", "application/json", "text/html", "text/plain;x", "")
        kind = self.random.choice((kinds[0],) * 4 + kinds)
        lines = [f"Host: {HOST}", f"User-Agent: {AGENT}", f"Content-Type: {kind}", "Origin: null"]
        if self.random.random() < 0.15:
            lines.append(self.random.choice(ODD_LINES))
        lines.append(f"Content-Length: {len(body)}")
        return self.request("POST", "/e", "HTTP/1.1", lines) + body

    def good(self) -> bytes:
        """A POST of an open that must be counted."""
        body = json.dumps(self.event("open")).encode()
        lines = [f"Host: {HOST}", "Content-Type: text/plain", f"Content-Length: {len(body)}"]
        return self.request("POST", "/e", "HTTP/1.1", lines) + body

    def bodies(self) -> list[bytes]:
        """Bodies with events, without any, and with things like events."""
        opened = self.event("open")
        view = opened | {"k": "view", "o": opened["i"], "i": self.id(), "s": "top"}
        told = [opened, view, [opened, view], [], [opened] * 40, opened | {"t": "forged"}]
        told += [opened | {"n": "x"}, opened | {"p": None}, {}, opened | {"i": "short"}]
        return [json.dumps(each).encode() for each in (*[opened] * 6, *told)] + [
            b"",
            b"{",
            b"\xff",
            b" " * 20_000 + json.dumps(opened).encode(),
            b"[" * 70_000,
        ]

    def event(self, kind: str) -> dict[str, object]:
        """A good event."""
        made = self.id()
        n = "AB" + made[:10]
        return {"v": 1, "t": self.twin.ticket, "i": made, "o": made, "n": n, "p": "", "k": kind}

    def id(self) -> str:
        """An event's id."""
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz0123456789-_", k=20))

    def odd(self) -> bytes:
        """A request with anything: lines that repeat, lie or break off."""
        one = self.random.choice
        lines = [f"Host: {HOST}"] * one((1, 1, 1, 0, 2))
        lines += [one(ODD_LINES) for _ in range(one((0, 1, 2, 3)))]
        data = self.request(one(METHODS), one(TARGETS), one(VERSIONS), lines)
        data += one((b"", b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"\r\n", b"\x16\x03\x01"))
        how = self.random.random()
        if how < 0.1:
            return data.replace(b"\r\n", b"\n")
        if how < 0.2:
            at = self.random.randrange(len(data) + 1)
            return data[:at] + bytes([self.random.randrange(256)]) + data[at + 1 :]
        return data[: self.random.randrange(len(data) + 1)] if how < 0.25 else data

    def request(self, method: str, target: str, version: str, lines: list[str]) -> bytes:
        """The bytes of a head."""
        target = target.format(share=self.twin.share)
        head = "\r\n".join((f"{method} {target} {version}", *lines)) + "\r\n\r\n"
        return head.encode("latin-1", "replace")


async def differences(pair: Twin, seeds: Iterable[int]) -> list[str]:
    """The streams that are answered differently, one line for each."""
    found: list[str] = []
    waiting = iter(seeds)

    async def lane() -> None:
        for seed in waiting:
            chunks = Draw(pair, seed).stream()
            stock, fast = await pair.both(chunks)
            if stock != fast:
                found.append(
                    f"seed {seed}: {chunks!r:.3000}\n  stock {stock!r:.700}\n  fast {fast!r:.700}"
                )

    await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
    return found
