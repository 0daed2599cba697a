"""A share's link as a QR code: its owner's, and a reader's own."""

from io import BytesIO
from typing import Any, Final

import segno
from aiohttp import web

from ads.client import Client
from ads.clock import Clock
from ads.errors import Problem
from ads.events import hops
from ads.events.limits import Limits

SHARE: Final = r"[A-Za-z0-9_-]{1,64}"
EVENTS: Final = 20
"""Drawing a code counts as so many events, which take as long to receive."""
HEADERS: Final = {
    # Of one reader: many caches look at no query.
    "Cache-Control": "private, max-age=86400, no-transform",
    # The page's sandbox is an origin of its own.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

# A quarter of the code may be covered or scratched: it is printed small and photographed badly.
ERROR = "q"
# Modules of quiet zone (ISO/IEC 18004, 4) and pixels a module.
BORDER = 4
SCALE = 12


def routes(pages_origin: str, client: Client, limits: Limits, now: Clock) -> list[web.RouteDef]:
    """GET /q/{share}?h={hop} of the pages origin: a reader's link, to be scanned."""

    async def own(request: web.Request) -> web.Response:
        if not limits.admits(client.address(request), EVENTS, now()):
            raise Problem("rate_limited", "Too many codes from one address.", retry_after=60)
        hop = request.query.get("h", "")
        link = f"{pages_origin}/s/{request.match_info['share']}"
        drawn = svg(f"{link}?h={hop}" if hops.valid(hop) else link, error="m")
        return web.Response(body=drawn, content_type="image/svg+xml", headers=HEADERS)

    return [web.get(f"/q/{{share:{SHARE}}}", own)]


def svg(url: str, error: str = ERROR) -> bytes:
    """Black on white in both themes: readers of QR codes want it so."""
    return _written(url, error, kind="svg", omitsize=True)


def drawn(kind: str, url: str) -> tuple[bytes, str]:
    """The code as `svg`, or as `png` about 500 pixels wide, and its media type."""
    if kind == "svg":
        return svg(url), "image/svg+xml"
    return _written(url, ERROR, kind="png", scale=SCALE), "image/png"


def _written(url: str, error: str, **how: Any) -> bytes:
    file = BytesIO()
    segno.make_qr(url, error=error).save(file, border=BORDER, light="#fff", **how)
    return file.getvalue()
