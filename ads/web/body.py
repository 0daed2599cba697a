"""Reading a request's body within bounds."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from ads.errors import Problem

JSON_MAX = 256 * 1024
_TYPE = re.compile(
    r"([\w.+-]{1,99}/[\w.+-]{1,99})"
    r"""(?:\s*+;\s*+(?:[\w-]{1,20}=(?:"[^"\\]{0,99}"|[^\s;"()\\]{0,99}))?){0,4}\s*+""",
    re.ASCII,
)


def media_type(request: web.Request) -> str:
    """The body's media type, in small letters and without parameters; "" without one.

    Call it before aiohttp's own parser, which is Python's for e-mails: that takes seconds for eight
    kilobytes of quotes, and fails on brackets and stars. Raises Problem("unsupported_media_type").
    """
    header = request.headers.get("Content-Type", "").strip()
    found = _TYPE.fullmatch(header)
    if header and not found:
        raise Problem("unsupported_media_type", "This is no media type.")
    return found[1].lower() if found else ""


async def bounded(more: Callable[[], Awaitable[bytes]], longest: int) -> bytes:
    """All that `more` returns until b"". Raises Problem("too_big") over `longest` bytes."""
    data = bytearray()
    while chunk := await more():
        data += chunk
        if len(data) > longest:
            raise Problem("too_big", f"At most {longest} bytes.")
    return bytes(data)


async def read_json(request: web.Request) -> bytes:
    """The body of a request that says it carries JSON, or does not say what; 256 KB at most.

    Raises Problem("unsupported_media_type": also if it is packed | "too_big" | "malformed").
    """
    kind = media_type(request) or "application/json"
    if kind != "application/json" and not kind.endswith("+json"):
        raise Problem("unsupported_media_type", "Send application/json.")
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem("unsupported_media_type", "Send it without a Content-Encoding.")
    try:
        return await bounded(request.content.readany, JSON_MAX)
    except web.RequestPayloadError as error:
        raise Problem("malformed", "The body is not encoded as it says.") from error


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in it. Raises Problem("malformed" | "invalid": another kind)."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed", f"This is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise Problem("invalid", "A JSON object is needed.")
    return data
