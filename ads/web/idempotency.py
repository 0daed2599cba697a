"""`Idempotency-Key` on POST (IETF draft-ietf-httpapi-idempotency-key-header).

The same key with the same request answers what the first one answered, for 24 hours. With another
request, or while the first is still running, it is a `conflict` (409). Only successes are
remembered: a refusal may be tried again with the same key.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from aiohttp import web

from ads.accounts import Account
from ads.errors import Problem, invalid
from ads.store.idempotency import Idempotency, Remembered
from ads.web.auth import Call
from ads.web.body import read_json

HEADER = "Idempotency-Key"
PATTERN = "^[!-~]{1,255}$"

_kept = ("Content-Type", "Location", "ETag", "Cache-Control")
_key = re.compile(PATTERN)

Making = Callable[[web.Request, Account, bytes], Awaitable[web.Response]]
"""A call that makes something, from the bytes that were sent."""


def key_of(request: web.Request) -> str:
    """The request's key, "" if it has none. Raises Problem("invalid")."""
    if HEADER not in request.headers:
        return ""
    key = request.headers[HEADER].strip()
    if not _key.fullmatch(key):
        raise invalid(HEADER, "key", "1 to 255 visible ASCII characters.")
    return key


def repeatable(
    store: Idempotency,
    making: Making,
    read: Callable[[web.Request], Awaitable[bytes]] = read_json,
) -> Call:
    """The call that makes something of what `read` finds in a request, once for each key.

    Requests are compared by method, path and what was read.
    """

    async def call(request: web.Request, account: Account) -> web.Response:
        sent, key = await read(request), key_of(request)
        if not key:
            return await making(request, account, sent)
        fingerprint = _fingerprint(request, sent)
        if earlier := await store.begin(account.id, key, fingerprint):
            return _replayed(earlier, fingerprint)
        try:
            response = await making(request, account, sent)
        except Exception:
            await store.forget(account.id, key)
            raise
        headers = {name: response.headers[name] for name in _kept if name in response.headers}
        body = response.body if isinstance(response.body, bytes) else b""
        answer = Remembered(fingerprint, response.status, headers, body)
        await store.finish(account.id, key, answer)
        return response

    return call


def _fingerprint(request: web.Request, sent: bytes) -> str:
    """JSON counts without its spelling: a client that writes it anew may order it otherwise."""
    # What cannot be decoded is a picture, or refused.
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        sent = msgspec.json.encode(msgspec.json.decode(sent), order="deterministic")
    head = f"{request.method} {request.path_qs}\n".encode("utf-8", "surrogatepass")
    return hashlib.sha256(head + sent).hexdigest()


def _replayed(earlier: Remembered, fingerprint: str) -> web.Response:
    if earlier.fingerprint != fingerprint:
        raise Problem("conflict", "This Idempotency-Key was used with another request.")
    if not earlier.status:
        raise Problem("conflict", "The first request with this key is still running.")
    return web.Response(status=earlier.status, headers=earlier.headers, body=earlier.body)
