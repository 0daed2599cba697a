"""A form's fields, read within bounds, as the browsers that have our pages send them: in UTF-8.

aiohttp's own reading believes the sender on the character set, and one of Python's (`punycode`)
takes minutes for what fits into a form.
"""

from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError
from multidict import MultiDict, MultiDictProxy

from ads.errors import Problem
from ads.web import body

Form = MultiDictProxy[Any]
"""Texts, and an Upload for each file."""
BYTES_MAX = 12 * 1024 * 1024
"""An ad's form may carry a picture."""
FIELDS_MAX = 500


class Upload(NamedTuple):
    """A file that came with a form; `filename` is what its sender calls it."""

    filename: str
    data: bytes


async def read(request: web.Request) -> Form:
    """The fields. Raises Problem("too_big" | "malformed" | "unsupported_media_type")."""
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported_media_type", "A form is in UTF-8.")
    if (request.content_length or 0) > BYTES_MAX:
        raise Problem("too_big")
    try:
        if request.content_type == "multipart/form-data":
            return await _parts(request)
        return await request.clone(client_max_size=body.JSON_MAX).post()
    except web.HTTPRequestEntityTooLarge:
        raise Problem("too_big") from None
    # aiohttp's reader asserts what a client sent.
    except (ValueError, AssertionError, HttpProcessingError):
        raise Problem("malformed") from None


async def _parts(request: web.Request) -> Form:
    found: MultiDict[Any] = MultiDict()
    room = BYTES_MAX
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name or len(found) >= FIELDS_MAX:
            raise Problem("malformed")
        data = await body.bounded(part.read_chunk, room)
        room -= len(data)
        sent = data.decode() if part.filename is None else Upload(part.filename, data)
        found.add(part.name, sent)
    return MultiDictProxy(found)
