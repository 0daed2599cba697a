"""`POST /api/v1/pictures` on the console's origin, `GET /m/{picture}` on the pages' origin."""

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from ads import picture, picture_id
from ads.errors import Problem, invalid
from ads.store.accounts import Accounts
from ads.store.idempotency import Idempotency
from ads.store.pictures import Pictures
from ads.web import auth, views
from ads.web.body import bounded
from ads.web.idempotency import remember

PATH = "/api/v1/pictures"
PARTS_MAX = 10
TOO_BIG = "A picture has at most 8 MB."
FIELDS_MAX = 64 * 1024
"""What may stand around the file in the form, in bytes."""


def routes(
    *, accounts: Accounts, pictures: Pictures, idempotency: Idempotency, pages_origin: str
) -> list[web.RouteDef]:
    """The upload, for the console's origin."""

    async def upload(request: web.Request) -> web.Response:
        owner = await auth.account(request, accounts)
        data = await uploaded(request)

        async def act() -> web.Response:
            encoded = await keep(owner.id, data, pictures)
            return views.answer(
                views.picture(encoded, pages_origin), 201, Location=f"{pages_origin}/m/{encoded.id}"
            )

        return await remember(request, owner.id, idempotency, data, act)

    return [web.post(PATH, upload)]


async def keep(owner: str, data: bytes, pictures: Pictures) -> picture.Picture:
    """Encode, store and let the account use it.

    Raises what `picture.encode_now` raises, Problem("conflict") before anything is stored.
    """
    await pictures.room(owner)
    encoded = await pictures.encode(data)
    await pictures.put(encoded)
    await pictures.own(owner, encoded.id)
    return encoded


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

    form = picture_id.PATTERN.strip("^$")
    return [web.get(f"/m/{{picture:{form}}}", serve)]


async def uploaded(request: web.Request) -> bytes:
    """The first file of a multipart form, at most 8 MB.

    Raises Problem("unsupported_media_type" | "too_big" | "malformed" | "invalid").
    """
    if request.content_type != "multipart/form-data":
        raise Problem("unsupported_media_type", "Send multipart/form-data with one file.")
    if (request.content_length or 0) > picture.BYTES_MAX + FIELDS_MAX:
        raise Problem("too_big", TOO_BIG)
    try:
        return await _first_file(request)
    # aiohttp's reader asserts what a client sent.
    except (ValueError, AssertionError, HttpProcessingError) as error:
        raise Problem("malformed", f"The form cannot be read: {error}") from None


async def _first_file(request: web.Request) -> bytes:
    form = await request.multipart()
    for _ in range(PARTS_MAX):
        part = await form.next()
        if not isinstance(part, BodyPartReader):
            break
        if part.filename is not None:
            return await bounded(part.read_chunk, picture.BYTES_MAX, TOO_BIG)
        await bounded(part.read_chunk, FIELDS_MAX, TOO_BIG)
    raise invalid("file", "required", "A file is needed.")
