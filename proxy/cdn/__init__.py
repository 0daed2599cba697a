"""Headers of the pages origin: how long caches keep a page, and what it may do in a browser.

Every response has the policy of DESIGN, section 5; the cache headers follow section 8. `purge`
tells the operator's `edges` which pages changed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import quote, urlsplit

from aiohttp import web

# Seconds. A reader's browser revalidates after MAX_AGE; an edge, which is purged, keeps a page for
# S_MAXAGE. A ticket is valid for 96 hours, so caches may keep a page for less than 48 in all.
MAX_AGE = 60
S_MAXAGE = 12 * 3600
STALE_WHILE_REVALIDATE = 3600
STALE_IF_ERROR = 24 * 3600
LONGEST_S = 48 * 3600
# An ended page: a short life, and purged by its share's key like the page itself.
GONE_S = 300

NO_STORE = "no-store, no-transform"
Kind = Literal["page", "preview", "me"]
KIND = web.ResponseKey("passalong-policy", str)

DENIED_FEATURES = """
    accelerometer autoplay browsing-topics camera display-capture encrypted-media geolocation
    gyroscope hid magnetometer microphone midi payment publickey-credentials-get
    screen-wake-lock serial usb xr-spatial-tracking
""".split()
# Types that pages in the strict sandbox, and the console's preview, load from another origin.
SHARED_TYPES = ("image/", "font/", "text/css", "audio/", "video/")


@dataclass(frozen=True)
class CdnConfig:
    """Origins as `scheme://host[:port]`; hashes as `sha256-…`, of the pages' and /me's scripts."""

    console_origin: str
    pages_origin: str
    script_hash: str
    me_script_hash: str = ""

    @property
    def one_host(self) -> bool:
        """Whether both origins share a host, and so cookies: pages then get the strict sandbox."""
        return urlsplit(self.console_origin).hostname == urlsplit(self.pages_origin).hostname


def policy(config: CdnConfig, kind: Kind = "page") -> str:
    """The Content-Security-Policy of a kind of page, with the origin written out, never 'self'."""
    origin = config.pages_origin
    framer = config.console_origin if kind == "preview" else "'none'"
    script = {"page": config.script_hash, "me": config.me_script_hash, "preview": ""}[kind]
    return "; ".join(
        (
            _sandbox(config, kind),
            "default-src 'none'",
            f"script-src '{script or 'none'}'",
            f"style-src https: {origin} 'unsafe-inline'",
            *(f"{what}-src https: data: {origin}" for what in ("img", "media", "font")),
            f"connect-src {origin}",
            *(f"{what}-src 'none'" for what in ("worker", "object", "frame", "child", "manifest")),
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {framer}",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _sandbox(config: CdnConfig, kind: Kind) -> str:
    allowed = ["allow-popups", "allow-popups-to-escape-sandbox"]
    if not config.one_host:
        allowed.insert(0, "allow-same-origin")
    if kind != "preview":
        allowed.insert(0, "allow-scripts")
        allowed.append("allow-downloads")  # else a link to a file does nothing in Chromium
    return " ".join(("sandbox", *allowed))


def guards(config: CdnConfig, kind: Kind = "page") -> Mapping[str, str]:
    """The headers that every response of the pages origin has, whatever its status.

    There is no opener policy: of a sandboxed page that has one, WebKit forgets where it was read
    and that it is a reload (ops/decisions/0017).
    """
    return {
        "Content-Security-Policy": policy(config, kind),
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED_FEATURES),
    }


SERVER = "Passalong"
"""Replaces aiohttp's Server header, which names versions (OWASP ASVS 4.0.3, 14.3.3)."""

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
Complete = Callable[[MutableMapping[str, str], str, str], None]


def completed(config: CdnConfig) -> Complete:
    """A function (headers, content type, Kind) that adds the headers all responses have.

    A response without Cache-Control gets NO_STORE.
    """
    prepared = {kind: guards(config, kind) for kind in get_args(Kind)}

    def complete(headers: MutableMapping[str, str], content_type: str, kind: str) -> None:
        if content_type.startswith(SHARED_TYPES):
            headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        for name, value in prepared[kind].items():
            headers.setdefault(name, value)
        headers["Server"] = SERVER
        control = headers.setdefault("Cache-Control", NO_STORE)
        if "no-transform" not in control:
            headers["Cache-Control"] = f"{control}, no-transform"

    return complete


def pages_headers(config: CdnConfig) -> Prepare:
    """The pages app's `on_response_prepare`: responses of every status get the headers.

    A handler chooses another policy with `response[cdn.KIND] = "preview" | "me"`.
    """
    complete = completed(config)

    async def prepare(_request: web.Request, response: web.StreamResponse) -> None:
        complete(response.headers, response.content_type, response.get(KIND, "page"))

    return prepare


def headers(keys: Iterable[str], source_url: str) -> dict[str, str]:
    """Cache headers of a page that depends on surrogate `keys`; canonical is `source_url`."""
    return {
        **_lifetimes(
            f"public, max-age={MAX_AGE}, s-maxage={S_MAXAGE}, "
            f"stale-while-revalidate={STALE_WHILE_REVALIDATE}, "
            f"stale-if-error={STALE_IF_ERROR}, no-transform"
        ),
        **surrogates(keys),
        "Link": f'<{header_url(source_url)}>; rel="canonical"',
        "X-Robots-Tag": "noindex",
        "Vary": "Accept-Encoding",
    }


def gone(keys: Iterable[str]) -> dict[str, str]:
    """Cache headers of an ended page: a short life, and the same keys to purge it by."""
    return {
        **_lifetimes(f"public, max-age={MAX_AGE}, s-maxage={GONE_S}, no-transform"),
        **surrogates(keys),
        "X-Robots-Tag": "noindex",
    }


def _lifetimes(value: str) -> dict[str, str]:
    names = ("Cache-Control", "CDN-Cache-Control", "Surrogate-Control")
    return dict.fromkeys(names, value)


def surrogates(keys: Iterable[str]) -> dict[str, str]:
    """The same keys for Fastly (`Surrogate-Key`), Cloudflare (`Cache-Tag`) and Varnish (`xkey`)."""
    listed = list(dict.fromkeys(keys))
    spaced = " ".join(listed)
    return {"Surrogate-Key": spaced, "Cache-Tag": ",".join(listed), "xkey": spaced}


def header_url(url: str) -> str:
    """`url` with all characters escaped that could end the header's `<…>` or the header itself."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
