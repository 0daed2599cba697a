"""/p/{token}: what would be published, for ten minutes, in a frame of the console alone."""

from http import HTTPStatus

from aiohttp import web

from proxy import cdn
from proxy.serving.display import Display
from proxy.web import notes
from proxy.web.pages import NOINDEX, html, note

LONGEST_TOKEN = 64


def routes(*, display: Display) -> list[web.RouteDef]:
    """The preview's route of the pages origin."""

    async def show(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        body = await display.preview(token) if len(token) <= LONGEST_TOKEN else None
        if body is None:
            response = note(HTTPStatus.NOT_FOUND, notes.preview_over())
        else:
            response = html(HTTPStatus.OK, body, NOINDEX)
        # Also the page that says it is over stands in the console's frame.
        response[cdn.KIND] = "preview"
        return response

    return [web.get("/p/{token}", show)]
