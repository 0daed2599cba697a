"""GET and HEAD /i/{signature}/{name}: the proxy for sources' pictures, sheets and fonts."""

from http import HTTPStatus

from aiohttp import web

from proxy import cdn, encodings
from proxy.pictures.address import PATH, PictureAddresses, host
from proxy.pictures.keeper import Kept, PictureKeeper

KEEP = "public, max-age=2592000, immutable, no-transform"
"""30 days. An address names its source's picture, not its bytes: publishers do not change them."""
KEEP_SHEET = "public, max-age=86400, no-transform"
BROKEN = "public, max-age=60, no-transform"
RETRY_SECONDS = "2"
# The strict sandbox and the console show our pictures from another origin than ours.
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin"}


def routes(addresses: PictureAddresses, keeper: PictureKeeper) -> list[web.RouteDef]:
    """The signed picture route of the pages origin."""

    async def picture(request: web.Request) -> web.Response:
        url = addresses.source(request.match_info["signature"], request.match_info["name"])
        if url is None:
            return _nothing(HTTPStatus.FORBIDDEN, {"Cache-Control": cdn.NO_STORE})
        found = await keeper.get(url)
        if isinstance(found, Kept):
            return _shown(request, found, _keys(url))
        if found == "busy":
            wait = {"Cache-Control": cdn.NO_STORE, "Retry-After": RETRY_SECONDS}
            return _nothing(HTTPStatus.SERVICE_UNAVAILABLE, wait)
        # Not a blank picture: browsers show the alternative text of one that is missing.
        return _nothing(HTTPStatus.NOT_FOUND, {"Cache-Control": BROKEN, **_keys(url)})

    return [web.get(PATH, picture)]


def _shown(request: web.Request, kept: Kept, keys: dict[str, str]) -> web.Response:
    sheet = kept.media_type == "text/css"
    control = KEEP_SHEET if sheet else KEEP
    headers = {"Cache-Control": control, "ETag": kept.etag, **keys, **SHARED}
    if kept.media_type.startswith("font/"):
        # Fonts are asked for with CORS, from the strict sandbox without an origin.
        headers["Access-Control-Allow-Origin"] = "*"
    # The headers of a 304 update the cached copy.
    if encodings.known(request.headers, kept.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    charset = "utf-8" if sheet else None
    return web.Response(
        body=kept.data, content_type=kept.media_type, charset=charset, headers=headers
    )


def _nothing(status: HTTPStatus, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, headers=headers | SHARED)


def _keys(url: str) -> dict[str, str]:
    """Surrogate keys, for an operator who has to take a publisher's pictures out of an edge."""
    return cdn.surrogates(["pictures", f"pictures:{host(url)}"])
