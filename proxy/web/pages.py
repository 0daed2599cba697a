"""GET and HEAD of what readers see: /s/{share}, /p/{token}, /me, and what robots ask for.

Everyone gets the same bytes: query and cookies are ignored, and no cookie is set.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import unquote

from aiohttp import web

from ads.errors import Problem
from ads.web.problem import Handler, of
from proxy import cdn, encodings
from proxy.serving.display import BUILDS, Display, Gone
from proxy.serving.shown import Shown
from proxy.web import me, notes

# Chat apps may fetch shares and pictures for previews; the other addresses are not pages.
ROBOTS = "User-agent: *\nAllow: /\nDisallow: /g/\nDisallow: /p/\nDisallow: /q/\nDisallow: /me\n"
NOINDEX = {"X-Robots-Tag": "noindex"}
LONGEST_ID = 64  # of a share, and of a preview's token
_ID = re.compile(rf"[\w-]{{1,{LONGEST_ID}}}(?![\w-])", re.ASCII)
_HOP = re.compile(r"[?&;]h=([\w-]{12})(?![\w-])", re.ASCII)
MARK = (files("ads.web") / "static/mark.svg").read_bytes()


def routes(display: Display) -> list[web.RouteDef]:
    """Pages, and what browsers and robots ask for beside them."""

    async def share(request: web.Request, left: int = BUILDS) -> web.Response:
        asked = request.match_info["share"]
        named = _ID.match(asked)
        found = await display.page(named[0]) if named else None
        if named is None or found is None:
            return html(HTTPStatus.NOT_FOUND, notes.UNKNOWN)
        if named[0] != asked:
            return _moved(request, named[0])
        if isinstance(found, Gone):
            return ended(found)
        mark = display.mark()
        answer = await _page(request, display, asked, found)
        # The edge that asks may have been told of a change already, and must not keep the old page.
        again = left > 1 and display.changed(found, mark)
        return await share(request, left - 1) if again else answer

    async def preview(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        body = await display.preview(token) if len(token) <= LONGEST_ID else None
        if body is None:
            response = html(HTTPStatus.NOT_FOUND, notes.PREVIEW_OVER)
        else:
            response = html(HTTPStatus.OK, body)
        # The console frames the page that says it is over, too.
        response[cdn.KIND] = "preview"
        return response

    return [
        web.get("/s/{share:.+}", share),
        web.get("/p/{token}", preview),
        web.get("/robots.txt", robots),
        web.get("/favicon.ico", icon),
        web.get("/me", me.show),
    ]


def _moved(request: web.Request, share_id: str) -> web.Response:
    """To the share that a link meant, which has a mark, a word or its encoded query at its end."""
    hop = _HOP.search(unquote(f"{request.path}?{request.query_string}"))
    to = f"/s/{share_id}" + (f"?h={hop[1]}" if hop else "")
    return web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": to})


async def _page(
    request: web.Request, display: Display, share_id: str, shown: Shown
) -> web.Response:
    if encodings.known(request.headers, shown.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=shown.headers)
    accepted = encodings.accepted(request.headers.get("Accept-Encoding", ""))
    encoding, body = await display.body(share_id, shown, accepted)
    headers = shown.headers
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return html(HTTPStatus.OK, body, headers)


def ended(gone: Gone) -> web.Response:
    """410: who ended the share, and where the article is; 451 if the law required it (RFC 7725)."""
    article, ending = gone.share.article, gone.share.ending
    site = article.site or article.source_url.split("/")[2]
    law = ending is not None and ending.law
    if ending and ending.by == "operator":
        body = notes.TAKEN_BY_LAW if law else notes.TAKEN_DOWN
    else:
        why = "publisher" if ending else gone.why
        body = notes.ended(why, {"name": gone.sharer, "site": site}, article.source_url)
    status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS if law else HTTPStatus.GONE
    return html(status, body, gone.headers)


async def robots(_request: web.Request) -> web.Response:
    """GET /robots.txt."""
    headers = {"Cache-Control": "public, max-age=3600, no-transform"}
    return web.Response(text=ROBOTS, headers=headers)


async def icon(_request: web.Request) -> web.Response:
    """GET /favicon.ico, which browsers ask for where a page names none."""
    headers = {"Cache-Control": "public, max-age=86400, no-transform"}
    return web.Response(body=MARK, content_type="image/svg+xml", headers=headers)


def html(status: HTTPStatus, body: bytes, headers: Mapping[str, str] = NOINDEX) -> web.Response:
    """A page in UTF-8, by default not indexed and without any word to caches."""
    return web.Response(
        status=status, body=body, headers=headers, content_type="text/html", charset="utf-8"
    )


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers errors with a page instead of a problem document, for readers' browsers.

    For GET and HEAD of the pages app alone: a beacon's sender wants the code. It runs inside
    `ads.web.problem.middleware`, which answers everything that this one lets through.
    """
    if request.method not in ("GET", "HEAD"):
        return await handler(request)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return html(HTTPStatus.NOT_FOUND, notes.UNKNOWN)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the edge: nothing unforeseen may show its insides
        return _failed(of(error))


def _failed(problem: Problem) -> web.Response:
    if problem.status == HTTPStatus.NOT_FOUND:
        return html(HTTPStatus.NOT_FOUND, notes.UNKNOWN)
    if problem.status == HTTPStatus.GONE:  # /g says so, of an ad; ended pages tell more
        return html(HTTPStatus.GONE, notes.AD_OVER)
    status = HTTPStatus(problem.status)
    if problem.retry_after is None:
        return html(status, notes.BUSY)
    return html(status, notes.BUSY, {**NOINDEX, "Retry-After": str(problem.retry_after)})
