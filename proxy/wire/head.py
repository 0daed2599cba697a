"""A strict parser of request heads, which leaves whatever it does not know to aiohttp (pure).

RFC 9112 allows much that no browser and no proxy sends; aiohttp parses all of that.
"""

import re
from dataclasses import dataclass

import msgspec
from multidict import CIMultiDict, CIMultiDictProxy

from proxy import encodings

MAX_HEAD = 4096
"""Bytes; half of what aiohttp allows for a single line."""
MAX_LINES = 64
REMEMBERED = 2048
"""Heads that are cached: all requests of a connection, and of many browsers, have the same."""
BEACON_TYPES = frozenset(
    ("text/plain;charset=UTF-8", "text/plain; charset=utf-8", "text/plain", "application/json")
)

_LINE = re.compile(
    rb"(GET|HEAD|POST) (?:/s/([A-Za-z0-9_-]{1,64})|(/[A-Za-z0-9_.~/-]*))"
    rb"(?:\?([A-Za-z0-9_.~=&%+-]*))? HTTP/1\.1\r\n"
)
_FIELDS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+")
_LENGTH = re.compile(r"0|[1-9]\d{0,8}")
# Each of these changes what follows on the connection, or what the body means.
_UNCERTAIN = (
    "transfer-encoding upgrade expect proxy-connection content-encoding http2-settings trailer te"
).split()


@dataclass(eq=False, slots=True)
class Head:
    """The header fields of a request to the pages' host; `length` is the body's, in bytes.

    `accepted` are the encodings that the client accepts, best first; `beacon`: the fields are those
    of a beacon.
    """

    fields: CIMultiDictProxy[str]
    length: int
    accepted: tuple[str, ...]
    if_none_match: str
    beacon: bool


class Request(msgspec.Struct, frozen=True, gc=False):
    """A parsed request: it starts at byte `start`, its body at `body`, the next request at `end`.

    `share` is the id of the share whose page is asked for; if that is "", `path` is asked for.
    """

    method: bytes
    share: str
    path: bytes
    query: bytes
    head: Head
    start: int
    body: int
    end: int


class Heads:
    """Parses requests to `host` (as clients write it); caches the latest heads."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._known: dict[bytes, Head | None] = {}
        # The fields of the latest request without a body, with the blank line, and their Head.
        self._latest: tuple[bytes, Head | None] = (b"\0", None)

    def read(self, data: bytes, at: int = 0) -> Request | None:
        """The request that starts at `at`; None if its head is incomplete or aiohttp must judge."""
        line = _LINE.match(data, at)
        if line is None:
            return None
        start = line.end()
        fields, head = self._latest
        end = len(data) - 2
        if not data.endswith(fields, start) or end + 2 - start != len(fields):
            end = data.find(b"\r\n\r\n", start, at + MAX_HEAD) + 2
            if end < 2:
                return None
            head = self._looked_up(data[start:end])
        elif end + 2 - at > MAX_HEAD:
            return None
        method, share, path, query = line.groups(b"")
        if head is None or (head.length and method != b"POST"):
            return None
        return Request(
            method, share.decode(), path, query, head, at, end + 2, end + 2 + head.length
        )

    def _looked_up(self, fields: bytes) -> Head | None:
        try:
            head = self._known[fields]
        except KeyError:
            head = self._remember(fields)
        if head and not head.length:
            # Comparing takes a tenth of the time that finding the end and hashing take.
            self._latest = (fields + b"\r\n", head)
        return head

    def _remember(self, fields: bytes) -> Head | None:
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        head = self._known[fields] = _read(fields, self._host)
        return head


def _read(raw: bytes, host: str) -> Head | None:
    if not _FIELDS.fullmatch(raw):
        return None
    lines = raw.decode("ascii").split("\r\n")[:-1]
    fields: CIMultiDict[str] = CIMultiDict()
    for line in lines:
        name, _, value = line.partition(":")
        fields.add(name, value.strip(" \t"))
    names = {name.lower() for name in fields}
    if len(names) < len(lines) or len(lines) > MAX_LINES or not _certain(names, fields, host):
        return None
    length = fields.get("Content-Length", "0")
    if not _LENGTH.fullmatch(length):
        return None
    return Head(
        CIMultiDictProxy(fields),
        int(length),
        encodings.accepted(fields.get("Accept-Encoding", "")),
        fields.get("If-None-Match", ""),
        "content-length" in names and fields.get("Content-Type") in BEACON_TYPES,
    )


def _certain(names: set[str], fields: CIMultiDict[str], host: str) -> bool:
    return (
        fields.get("Host") == host
        and names.isdisjoint(_UNCERTAIN)
        and fields.get("Connection", "keep-alive").lower() == "keep-alive"
        and not any(name.startswith("sec-websocket") for name in names)
    )
