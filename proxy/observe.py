"""How long things take, told to the tally: requests by kind, fetches, compiles."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web
from aiohttp.typedefs import Middleware

from ads.errors import Problem
from ads.tally import Tally, observe
from proxy import logs
from proxy.articles.ports import Compiles, Fetches
from proxy.compiler.page import Mode, Page
from proxy.fetch import HTML, Accept, NotModified, Validators
from proxy.rights import Signals
from proxy.source import Source

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
    """What a request is, by its path; few kinds, whatever is asked for."""
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


class TimedFetches:
    """A fetcher whose downloads are observed by outcome: ok, unchanged, or the problem's code."""

    def __init__(self, fetcher: Fetches, tally: Tally) -> None:
        self._fetcher = fetcher
        self._tally = tally

    async def get(
        self, url: str, *, accept: Accept = HTML, validators: Validators | None = None
    ) -> Source | NotModified:
        """The fetcher's own answer; raises what it raises."""
        with _observed(self._tally, "passalong_fetch_seconds"):
            return await self._fetcher.get(url, accept=accept, validators=validators)


class TimedCompiles:
    """A compiler whose work is observed by outcome: ok, or the problem's code."""

    def __init__(self, pool: Compiles, tally: Tally) -> None:
        self._pool = pool
        self._tally = tally

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        """The pool's own answer; raises what it raises."""
        with _observed(self._tally, "passalong_compile_seconds"):
            return await self._pool.compile(source, mode, outside)


@contextmanager
def _observed(tally: Tally, name: str) -> Iterator[None]:
    began, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "ok"
    except Problem as problem:
        outcome = problem.code
        raise
    finally:
        observe(tally, name, time.perf_counter() - began, outcome)
