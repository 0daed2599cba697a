"""The fast path's answers: to requests for a share's page, and to small beacons."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from multidict import CIMultiDictProxy

from ads import events
from ads.client import Client
from ads.client.reading import Sender
from ads.clock import Clock
from ads.errors import Problem
from ads.receiver import Kept, Receiver
from ads.tally import Tally, observe
from ads.web.beacon import ANY_ORIGIN
from proxy import encodings
from proxy.cdn import Complete
from proxy.serving import answers
from proxy.serving.answers import Dates
from proxy.serving.display import Display
from proxy.serving.heads import UNCHANGED, PageAnswers
from proxy.serving.shown import Shown
from proxy.wire.head import Heads, Request
from proxy.wire.outbox import Outbox, Parts
from proxy.wire.recent import Answered, Name, Recent

_FROM_MEMORY, _RENDERED = ("passalong_pages", "memory"), ("passalong_pages", "rendered")
_WHOLE, _UNCHANGED, _TAKEN = (("passalong_requests", "pages", s) for s in ("200", "304", "204"))
_VIA = re.compile(rb"(?:via=([A-Za-z0-9.-]+))?")
Done = Callable[[Parts | None], None]


@dataclass(slots=True)
class _Asking:
    headers: CIMultiDictProxy[str]
    query: Mapping[str, str]
    remote: str | None


class Wire:
    """Answers parsed requests to `host` (the pages origin's), or declines so that aiohttp does.

    `complete` adds the headers that every answer of the origin has.
    """

    def __init__(
        self,
        host: str,
        display: Display,
        receiver: Receiver,
        client: Client,
        complete: Complete,
        now: Clock,
        tally: Tally,
    ) -> None:
        self.heads = Heads(host)
        self.outbox = Outbox()
        self.open = True
        """False in a worker that ends: only aiohttp's answers say `Connection: close`."""
        self._host = host
        self._display = display
        self._receiver = receiver
        self._client = client
        self._answers = PageAnswers(complete)
        self._now = now
        self._tally = tally
        self._dates = Dates()
        self._recent = Recent(display.mark)
        self._no_content = answers.make(HTTPStatus.NO_CONTENT, ANY_ORIGIN, complete)

    def count(self, host: str, status: int) -> None:
        """Count an answer to a request with this Host."""
        origin = "pages" if host == self._host else "console"
        self._tally["passalong_requests", origin, str(status)] += 1

    def page(self, request: Request) -> Parts | None:
        """The answer to GET or HEAD of a page, in parts; None if the page is not in memory."""
        if not request.share:
            return None
        at = self._now()
        name = (request.method, request.share, request.head)
        return self._counted(
            _FROM_MEMORY, self._recent.get(name, at) or self._ready(name, request, at)
        )

    def _ready(self, name: Name, request: Request, at: int) -> Answered | None:
        shown = self._display.ready(request.share, at)
        answered = self._answer(shown, request, at) if shown else None
        # Not earlier: each request counts towards keeping the body, and towards its brotli.
        if answered and shown and shown.settled(request.head.accepted):
            self._recent.keep(name, answered)
        return answered

    def fetch(self, request: Request, done: Done) -> bool:
        """Make a page that is not in memory; False if the request is for no page.

        Calls `done` with the answer, or with None if aiohttp must answer.
        """
        if not request.share:
            return False

        def made(shown: Shown | None) -> None:
            if shown is None:
                done(None)
                return
            done(self._counted(_RENDERED, self._answer(shown, request, self._now())))

        self._display.begin(request.share, made)
        return True

    def _counted(self, origin: tuple[str, ...], answered: Answered | None) -> Parts | None:
        if answered is None:
            return None
        self._tally[origin] += 1
        self._tally[answered.counted] += 1
        return answered.parts

    def _answer(self, shown: Shown, request: Request, at: int) -> Answered | None:
        asked = request.head.if_none_match
        if asked and encodings.matches(asked, shown.etag):
            name: str | None = UNCHANGED
        else:
            name = self._display.offer(request.share, shown, request.head.accepted)
        if name is None:
            return None
        before, after, body = shown.answers.get(name) or self._answers.of(shown, name)
        head = b"".join((before, self._dates.of(at), after))
        whole = body and request.method == b"GET"
        return Answered((head, body) if whole else (head,), _WHOLE if body else _UNCHANGED)

    def beacon(self, request: Request, body: bytes, peer: str, done: Done) -> bool:
        """Take a beacon; False if aiohttp must judge it, and then nothing has happened.

        Calls `done` with the answer once the events are on disk, or with None if that failed.
        """
        at = self._now()
        try:
            received = events.parse(body)
        except Problem:
            return False
        sender = self._sender(request, peer)
        if sender is None or not self._receiver.admits(sender.address, len(received), at):
            return False
        self._receiver.keep(self._receiver.judge(received, sender.facts, at), self._taken(done))
        return True

    def _sender(self, request: Request, peer: str) -> Sender | None:
        via = _VIA.fullmatch(request.query)
        if not via:
            return None
        query = {"via": via[1].decode()} if via[1] else {}
        asking = _Asking(request.head.fields, query, peer)
        return self._client.known(asking, request.head)

    def _taken(self, done: Done) -> Kept:
        began = time.perf_counter()

        def kept(error: Exception | None) -> None:
            if error:
                done(None)
                return
            observe(self._tally, "passalong_beacon_seconds", time.perf_counter() - began)
            self._tally["passalong_beacons", "204"] += 1
            self._tally[_TAKEN] += 1
            before, after, _ = self._no_content
            done((before, self._dates.of(self._now()), after))

        return kept
