"""The fetcher's limits, and what a caller may ask of it (a leaf)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from proxy.addresses import AllowedNet, Socket
from proxy.source import Media


@dataclass(frozen=True)
class FetchConfig:
    """Limits and identity of every outgoing request.

    `allow_nets` may be reached although not public. `own` are this service's (address, port)
    sockets (listeners, store, metrics; "0.0.0.0" or "::" for all addresses), which are always
    refused. `proxy` is the operator's, for all requests ("" for none); the guard is the same.
    `own_hosts` are our pages' `host[:port]`. Seconds are for a whole `get`, `text` or `picture`;
    bytes are decoded bytes; `per_host` and `connections` are requests at a time.
    """

    user_agent: str
    allow_nets: tuple[AllowedNet, ...] = ()
    own: frozenset[Socket] = frozenset()
    own_hosts: frozenset[str] = frozenset()
    proxy: str = ""
    seconds: float = 20.0
    text_seconds: float = 5.0
    picture_seconds: float = 10.0
    max_bytes: int = 5 * 1024 * 1024
    max_picture_bytes: int = 8 * 1024 * 1024
    redirects: int = 5
    per_host: int = 4
    connections: int = 64


def user_agent(console_origin: str) -> str:
    """The name that publishers address us by, with a page that says who we are."""
    return f"PassalongBot/0.1 (+{console_origin}/about)"


@dataclass(frozen=True)
class Accept:
    """What an answer may be: `types` maps a media type, or `type/*`, to what it is."""

    header: str
    types: Mapping[str, Media] = field(default_factory=dict)


HTML = Accept(
    "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    {
        "text/html": "html",
        "application/xhtml+xml": "html",
        "application/pdf": "pdf",
        "application/x-pdf": "pdf",
        "image/*": "picture",
        "audio/*": "audio",
        "application/ogg": "audio",
        "video/*": "video",
        "application/vnd.apple.mpegurl": "video",
        "application/x-mpegurl": "video",
    },
)

# What Pillow reads; a drawing that may hold scripts is none of it.
PICTURE = Accept(
    "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9",
    dict.fromkeys(
        ("image/avif", "image/bmp", "image/gif", "image/jpeg", "image/jpg", "image/pjpeg",
         "image/png", "image/tiff", "image/webp", "image/x-icon"),
        "picture",
    ),
)  # fmt: skip
# Sheets and fonts; servers give fonts many types, so their bytes tell.
PART = Accept(
    "text/css,font/woff2,font/woff;q=0.9,*/*;q=0.1",
    {"text/css": "html", "text/plain": "html", "font/*": "html", "application/*": "html"},
)
TEXT = Accept("text/plain,application/json;q=0.9,*/*;q=0.1", {"*/*": "html"})


@dataclass(frozen=True)
class Validators:
    """An earlier answer's `ETag` and `Last-Modified`, "" where it had none."""

    etag: str = ""
    last_modified: str = ""


UNKNOWN = Validators()


@dataclass(frozen=True)
class NotModified:
    """The source still is what the validators say; `headers` may carry changed signals."""

    url: str
    headers: Mapping[str, str]
    fetched_at: int
