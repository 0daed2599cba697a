"""A form's fields, read within bounds and in UTF-8, as browsers send our forms.

aiohttp decodes with any character set that the sender names, and one of Python's (`punycode`) takes
minutes for as much as fits into a form.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError
from multidict import MultiDict, MultiDictProxy

from ads.errors import Problem
from ads.picture import BYTES_MAX as PICTURE_MAX
from ads.web import body

Form = MultiDictProxy[Any]
"""Texts, and an Upload for each file."""
BYTES_MAX = 12 * 1024 * 1024
"""An ad's form may carry a picture."""
READ_MAX = 32 * 1024 * 1024
"""The rest of a larger photograph is read and dropped, so that the form's fields are not lost."""
FIELDS_MAX = 500


class Upload(NamedTuple):
    """A file that came with a form, cut one byte after the most that a picture may have.

    `filename` is what its sender calls it.
    """

    filename: str
    data: bytes


async def read(request: web.Request) -> Form:
    """The fields. Raises Problem("too_big" | "malformed" | "unsupported_media_type")."""
    kind = body.media_type(request)
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported_media_type", "A form is in UTF-8.")
    if (request.content_length or 0) > READ_MAX:
        raise Problem("too_big")
    try:
        if kind == "multipart/form-data":
            return await _parts(request)
        return await request.clone(client_max_size=body.JSON_MAX).post()
    except web.HTTPRequestEntityTooLarge:
        raise Problem("too_big") from None
    # aiohttp's reader has asserts on what a client sent, and a RuntimeError for a long `_charset_`.
    except (ValueError, AssertionError, RuntimeError, HttpProcessingError):
        raise Problem("malformed") from None


async def _parts(request: web.Request) -> Form:
    found: MultiDict[Any] = MultiDict()
    room = BYTES_MAX
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name or len(found) >= FIELDS_MAX:
            raise Problem("malformed")
        read = body.bounded if part.filename is None else _beginning
        data = await read(part.read_chunk, room)
        room -= len(data)
        sent = data.decode() if part.filename is None else Upload(part.filename, data)
        found.add(part.name, sent)
    return MultiDictProxy(found)


async def _beginning(more: Callable[[], Awaitable[bytes]], room: int) -> bytes:
    """As much of a file as shows that it is too large for a picture. Raises Problem("too_big")."""
    data, read = bytearray(), 0
    while chunk := await more():
        read += len(chunk)
        data += chunk[: PICTURE_MAX + 1 - len(data)]
        if len(data) > room or read > READ_MAX:
            raise Problem("too_big")
    return bytes(data)
