"""`Idempotency-Key` on POST (IETF draft-ietf-httpapi-idempotency-key-header).

The same key with the same request answers what the first one answered, for 24 hours. With another
request, or while the first is still running, it is a `conflict` (409). Only successes are
remembered: a refusal may be tried again with the same key.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from ads.errors import Problem, invalid
from ads.store.idempotency import Idempotency, Remembered

HEADER = "Idempotency-Key"
PATTERN = "^[!-~]{1,255}$"

_kept = ("Content-Type", "Location", "ETag", "Cache-Control")
_key = re.compile(PATTERN)

Act = Callable[[], Awaitable[web.Response]]


def key_of(request: web.Request) -> str:
    """The request's key, "" if it has none. Raises Problem("invalid")."""
    if HEADER not in request.headers:
        return ""
    key = request.headers[HEADER].strip()
    if not _key.fullmatch(key):
        raise invalid(HEADER, "key", "1 to 255 visible ASCII characters.")
    return key


async def remember(
    request: web.Request, account: str, store: Idempotency, body: bytes, act: Act
) -> web.Response:
    """The answer of `act`, or its first answer if the account has used the request's key before.

    Requests are compared by method, path and `body`.
    """
    key = key_of(request)
    if not key:
        return await act()
    head = f"{request.method} {request.path_qs}\n".encode("utf-8", "surrogatepass")
    fingerprint = hashlib.sha256(head + _meant(body)).hexdigest()
    earlier = await store.begin(account, key, fingerprint)
    if earlier:
        return _replayed(earlier, fingerprint)
    return await _first(account, key, fingerprint, store, act)


def _meant(body: bytes) -> bytes:
    """JSON without its spelling: a client that writes it anew may order and space it otherwise."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="deterministic")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):  # a picture, or refused
        return body


async def _first(
    account: str, key: str, fingerprint: str, store: Idempotency, act: Act
) -> web.Response:
    try:
        response = await act()
    except Exception:
        await store.forget(account, key)
        raise
    headers = {name: response.headers[name] for name in _kept if name in response.headers}
    body = response.body if isinstance(response.body, bytes) else b""
    answer = Remembered(fingerprint, response.status, headers, body)
    await store.finish(account, key, answer)
    return response


def _replayed(earlier: Remembered, fingerprint: str) -> web.Response:
    if earlier.fingerprint != fingerprint:
        raise Problem("conflict", "This Idempotency-Key was used with another request.")
    if not earlier.status:
        raise Problem("conflict", "The first request with this key is still running.")
    return web.Response(status=earlier.status, headers=earlier.headers, body=earlier.body)
