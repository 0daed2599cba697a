"""`POST /api/v1/pictures` on the console's origin, `GET /m/{picture}` on the pages' origin."""

from aiohttp import web

from ads import picture_id
from ads.accounts import Account
from ads.errors import Problem, invalid
from ads.store.accounts import Accounts
from ads.store.idempotency import Idempotency
from ads.store.pictures import Pictures
from ads.web import auth, body, form, views
from ads.web.idempotency import repeatable

PATH = "/api/v1/pictures"


def routes(
    *, accounts: Accounts, pictures: Pictures, idempotency: Idempotency, pages_origin: str
) -> list[web.RouteDef]:
    """The upload, for the console's origin."""

    async def upload(_: web.Request, owner: Account, data: bytes) -> web.Response:
        shown = views.picture(await pictures.keep(owner.id, data), pages_origin)
        return views.answer(shown, 201, Location=shown.url)

    return [web.post(PATH, auth.called(accounts)(repeatable(idempotency, upload, _uploaded)))]


def page_routes(*, pictures: Pictures) -> list[web.RouteDef]:
    """The pictures themselves, for the pages' origin: the address names the very bytes."""

    async def serve(request: web.Request) -> web.Response:
        wanted = request.match_info["picture"]
        found = await pictures.get(wanted)
        if found is None:
            raise Problem("not_found", "There is no such picture.")
        tag = f'"{wanted}"'
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
            "ETag": tag,
        }
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.data, content_type=found.media_type, headers=headers)

    one = picture_id.PATTERN.strip("^$")
    return [web.get(f"/m/{{picture:{one}}}", serve)]


async def _uploaded(request: web.Request) -> bytes:
    """The first file of a multipart form."""
    if body.media_type(request) != "multipart/form-data":
        raise Problem("unsupported_media_type", "Send multipart/form-data with one file.")
    sent = (await form.read(request)).values()
    found = next((each.data for each in sent if isinstance(each, form.Upload)), None)
    if found is None:
        raise invalid("file", "required", "A file is needed.")
    return found
