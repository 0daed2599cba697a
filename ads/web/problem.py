"""Problems on the wire: `application/problem+json` (RFC 9457) with a stable code."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web
from redis.exceptions import OutOfMemoryError, RedisError, ResponseError

from ads.errors import Problem

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Our codes for what aiohttp's router and body reader refuse.
_CODES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_big",
    415: "unsupported_media_type",
}
# Error answers of a store that is up but cannot serve; any other is our fault.
_AWAY = ("OOM", "MISCONF", "READONLY", "LOADING", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "BUSY")


def answer(problem: Problem) -> web.Response:
    """The response for a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail or HTTPStatus(problem.status).phrase,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    response = web.Response(
        status=problem.status,
        body=msgspec.json.encode(body),
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="passalong"'
    return response


def of(error: Exception) -> Problem:
    """The problem that a client is told for any error; an unforeseen one is logged."""
    known = _known(error)
    if known is None:
        logger.error("unexpected error", exc_info=error)
    _let_go(error)
    return known or Problem("internal", "Something went wrong on our side.")


def _known(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, OutOfMemoryError):
        return Problem("store_unavailable", "The store is full and takes no change until it grows.")
    if store_away(error):
        return Problem("store_unavailable", "The store is away, or takes no changes just now.")
    return None


def _let_go(error: BaseException | None) -> None:
    """Break the cycle between an error and its frames, which hold what the client has sent.

    Two megabytes of each refused picture would stay in memory until the garbage collector runs.
    """
    while error:
        error.__traceback__ = None
        error = error.__context__


def store_away(error: BaseException) -> bool:
    """Whether the store is unreachable or cannot serve just now."""
    if isinstance(error, ResponseError) and type(error) is ResponseError:
        return str(error).startswith(_AWAY)
    return isinstance(error, RedisError)


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error of a handler into a problem; redirects pass."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return _refused(refusal)
    except Exception as error:  # noqa: BLE001 - the edge: nothing unforeseen may show its insides
        left = request.transport is None or request.transport.is_closing()
        if isinstance(error, ConnectionError) and left:
            _let_go(error)
            return answer(Problem("malformed"))  # the client has gone; this must not fill the log
        return answer(of(error))


def _refused(refusal: web.HTTPException) -> web.StreamResponse:
    if refusal.status < HTTPStatus.BAD_REQUEST:
        raise refusal
    code = _CODES.get(refusal.status)
    if code is None:
        raise refusal
    response = answer(Problem(code, refusal.reason))
    if "Allow" in refusal.headers:
        response.headers["Allow"] = refusal.headers["Allow"]
    return response
