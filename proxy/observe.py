"""Durations for the tally: requests by kind, fetches, compiles."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web
from aiohttp.typedefs import Middleware

from ads.errors import Problem
from ads.tally import Tally, observe
from proxy import logs

KINDS = (
    ("/api/", "api"),
    ("/s/", "page"),
    ("/e", "beacon"),
    ("/g/", "click"),
    ("/m/", "picture"),
    ("/i/", "picture"),
    ("/q/", "picture"),
)


def kind(path: str) -> str:
    """The kind of a request by its path: one of a few, whatever is asked for."""
    return next((name for start, name in KINDS if path.startswith(start)), "screen")


def requests(tally: Tally) -> Middleware:
    """A middleware that observes every request that it sees, and gives it an id for log lines."""

    @web.middleware
    async def timed(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        began = time.perf_counter()
        logs.request_id.set(logs.new_request_id())
        try:
            return await handler(request)
        finally:
            taken = time.perf_counter() - began
            observe(tally, "passalong_request_seconds", taken, kind(request.path))

    return timed


@contextmanager
def outcome(tally: Tally, name: str) -> Iterator[None]:
    """Observes how long the block takes, by its outcome: ok, or the problem's code."""
    began, came = time.perf_counter(), "failed"
    try:
        yield
        came = "ok"
    except Problem as problem:
        came = problem.code
        raise
    finally:
        observe(tally, name, time.perf_counter() - began, came)
