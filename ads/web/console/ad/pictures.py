"""Pictures in the ad editor: shown before the ad is saved, and cut to what shall be seen."""

from aiohttp import web

from ads import picture
from ads.errors import Problem, invalid
from ads.picture import Picture
from ads.store.pictures import Pictures
from ads.web.console.desk import Desk, Visit
from ads.web.form import Upload

SMALLEST = 0.05  # of a side: less is a slip of the finger


def routes(desk: Desk, pictures: Pictures) -> list[web.RouteDef]:
    """POST /stage/picture, POST /stage/crop: both answer {"id"} of a picture of the account."""

    async def take(visit: Visit) -> web.Response:
        upload = visit.form.get("picture")
        if not isinstance(upload, Upload):
            raise Problem("invalid")
        return _answer(visit, await pictures.keep(visit.owner.id, upload.data))

    async def crop(visit: Visit) -> web.Response:
        wanted = visit.text("id", 64)
        found = await pictures.get(wanted) if await pictures.owns(visit.owner.id, wanted) else None
        if found is None:
            raise Problem("not_found")
        cut = await picture.cropped(found.data, _part(visit))
        return _answer(visit, await pictures.keep(visit.owner.id, cut))

    return [web.post("/stage/picture", desk.form(take)), web.post("/stage/crop", desk.form(crop))]


def _part(visit: Visit) -> tuple[float, float, float, float]:
    """Left, top, right, bottom as parts of the sides. Raises Problem("invalid")."""
    try:
        left, top, width, height = (float(visit.text(name, 24)) for name in "xywh")
    except ValueError:
        raise invalid("x", "format", "x, y, w and h are numbers from 0 to 1.") from None
    right, bottom = min(1.0, left + width), min(1.0, top + height)
    # What is not a number is neither above nor below: it fails here too.
    enough = right - left >= SMALLEST and bottom - top >= SMALLEST
    if not (left >= 0 and top >= 0 and enough):
        raise invalid("w", "range", "A part of the picture, a twentieth of a side or more.")
    return left, top, right, bottom


def _answer(visit: Visit, kept: Picture) -> web.Response:
    return web.json_response({"id": kept.id}, headers=visit.desk.headers)
