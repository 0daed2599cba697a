"""Live reports: server-sent events tell an open page when its figures changed.

The page then fetches itself again and replaces what differs, so that the server renders figures in
one way only.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from hashlib import sha256

from aiohttp import web

from ads.errors import Problem
from ads.reports.report import Facts
from ads.web.console.desk import Desk, Visit
from ads.web.console.report.presenter import About, Presenter
from ads.web.reports import subject

LOOK_SECONDS = 2.0
KEEP_SECONDS = 300.0  # then the browser asks again by itself
STREAMS_MAX = 200  # of this process; each costs one pipeline every two seconds
STREAMS_OF_ONE = 20  # so that no account takes all of them
BEAT = 8  # looks without news between two comments that keep proxies from giving up


class Live:
    """The streams of this process; `close` ends them, so that a worker need not wait for them."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()
        self._open: Counter[str] = Counter()

    def close(self) -> None:
        """The service ends."""
        self._closing.set()

    def routes(self, desk: Desk, presenter: Presenter) -> list[web.RouteDef]:
        """GET /ads/{ad}/report/live, /shares/{share}/report/live."""

        async def follow(visit: Visit) -> web.StreamResponse:
            return await self._stream(visit, presenter)

        return [
            web.get("/ads/{ad}/report/live", desk.members(follow)),
            web.get("/shares/{share}/report/live", desk.members(follow)),
        ]

    async def _stream(self, visit: Visit, presenter: Presenter) -> web.StreamResponse:
        about = await presenter.about(visit.owner.reports_of, subject(visit.request))
        who = visit.owner.id
        full = self._open.total() >= STREAMS_MAX or self._open[who] >= STREAMS_OF_ONE
        if full or self._closing.is_set():
            raise Problem("rate_limited", "Too many are looking at once.", retry_after=30)
        answer = web.StreamResponse(headers={**visit.desk.headers, "X-Accel-Buffering": "no"})
        answer.content_type = "text/event-stream"
        self._open[who] += 1
        try:
            await answer.prepare(visit.request)
            async with asyncio.timeout(KEEP_SECONDS):
                await self._tell(answer, visit, presenter, about)
        except (TimeoutError, ConnectionError):
            pass  # it was looked at for long, or nobody looks any more
        finally:
            self._open[who] -= 1
            self._open += Counter()  # who has none is forgotten
        return answer

    async def _tell(
        self, answer: web.StreamResponse, visit: Visit, presenter: Presenter, about: About
    ) -> None:
        last, quiet = "", 0
        await answer.write(b"retry: 3000\n\n")
        while not self._closing.is_set() and visit.request.transport:  # None: nobody is there
            facts = await presenter.facts(about, presenter.range(visit, about))
            print_ = fingerprint(facts)
            if print_ != last:
                await answer.write(f"event: figures\ndata: {print_}\n\n".encode())
                last, quiet = print_, 0
            elif quiet % BEAT == BEAT - 1:
                await answer.write(b": still here\n\n")
            quiet += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._closing.wait()


def fingerprint(facts: Facts) -> str:
    """A digest of the figures; eight digits suffice to tell one look from the next."""
    figures = sorted((c.hour, c.dimension, c.key, *c.figures) for c in facts.cells)
    return sha256(repr(figures).encode()).hexdigest()[:8]
