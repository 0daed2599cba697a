"""The requests of browsers, chats and edges, as bytes."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

from tests.client import DIGITS

HEADERS = (
    "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.9,zh-CN;q=0.8",
    'sec-ch-ua: "Chromium";v="131", "Not_A Brand";v="24"',
    "sec-ch-ua-mobile: ?1",
    'sec-ch-ua-platform: "Android"',
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
    "Upgrade-Insecure-Requests: 1",
)
"""The other header fields; Host and Accept-Encoding make them twelve."""
BEACON_HEADERS = (*HEADERS[:1], *HEADERS[2:6], "Accept: */*", "Sec-Fetch-Mode: no-cors")
DRAWN = random.Random(1)  # a fixed seed: the same requests in every run


def hop(depth: int = 1) -> str:
    """A hop id as a reader's browser makes it."""
    return "A" + DIGITS[depth] + "".join(DRAWN.choices(DIGITS, k=10))


def gets(
    host: str, paths: Sequence[str], encoding: str = "gzip, deflate, br, zstd", *more: str
) -> list[bytes]:
    """A GET of each path, with a different `?h=` each."""
    lines = (f"Host: {host}", *HEADERS, f"Accept-Encoding: {encoding}", *more)
    tail = " HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
    return [f"GET {path}?h={hop()}{tail}".encode() for path in paths]


def beacons(host: str, tickets: Sequence[str], number: int) -> list[bytes]:
    """POSTs to /e with an event each: opens and the views after them, with different ids."""
    return posts(host, islice(_events(tickets), number))


def posts(host: str, events: Iterable[dict[str, object]]) -> list[bytes]:
    """A POST to /e for each event."""
    lines = (f"Host: {host}", *BEACON_HEADERS, "Accept-Encoding: gzip, deflate, br", "Origin: null")
    head = "\r\n".join(("POST /e HTTP/1.1", *lines, "Content-Type: text/plain;charset=UTF-8"))
    return [_post(head, event) for event in events]


def zipf(number: int, draws: int, exponent: float) -> list[int]:
    """Random numbers below `number`; the k-th most frequent has the weight 1 / k^exponent."""
    weights = accumulate(1 / k**exponent for k in range(1, number + 1))
    return DRAWN.choices(range(number), cum_weights=list(weights), k=draws)


def _post(head: str, event: dict[str, object]) -> bytes:
    body = json.dumps(event, separators=(",", ":"))
    return f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def _events(tickets: Sequence[str]) -> Iterator[dict[str, object]]:
    while True:
        ticket, n = DRAWN.choice(tickets), hop()
        opened = event_id()
        event = {"v": 1, "t": ticket, "i": opened, "o": opened, "n": n, "p": "", "k": "open"}
        yield event
        for slot in ("top", "end"):
            yield event | {"i": event_id(), "k": "view", "s": slot}


def event_id() -> str:
    """A new event id."""
    return "".join(DRAWN.choices(DIGITS, k=20))
