"""aiohttp's connection with the fast path in front of it.

This uses private parts of aiohttp 3.14, so its minor version is pinned. `_waiter` exists and is not
done exactly while the connection is idle; `_paused` is true while the client does not read;
`shutdown` waits for `_handler_waiter` while `_request_in_progress`. aiohttp gets bytes in the order
of their arrival, and of each request all bytes or none.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from proxy.cdn import Complete
from proxy.wire.head import Request
from proxy.wire.outbox import Parts
from proxy.wire.refusal import RefusingHandler
from proxy.wire.service import Done, Wire

MAX_BODY = 16 * 1024
BODY_SECONDS = 60.0
"""Given to a body that is still incomplete after the keep-alive time; then we close."""
HELD_BYTES = 64 * 1024
"""How much a client may send while its answer is made, before we stop reading from it."""


class WireHandler(RefusingHandler):
    """One connection.

    `_blind`: only aiohttp knows where the next request starts. `_owed`: how many of the next bytes
    belong to a request that aiohttp has begun. `_asked`: the bytes of a request whose answer is
    being made (a beacon written to disk, a page fetched), or that waits for the loop's next
    iteration. `_held`: what arrived after it.
    """

    __slots__ = ("_asked", "_blind", "_held", "_owed", "_peer", "_slow", "_wire")

    def __init__(self, manager: web.Server, complete: Complete, wire: Wire, **options: Any) -> None:
        super().__init__(manager, complete, **options)
        self._wire = wire
        self._blind = False
        self._owed = 0
        self._asked = b""
        self._held: list[bytes] = []
        self._peer: str | None = None
        self._slow: web.BaseRequest | None = None

    def data_received(self, data: bytes) -> None:
        """Answer requests of the fast path, in order; pass all others to aiohttp."""
        if self._asked:
            self._hold(data)
        elif self._blind or self._close or self._force_close or not data:
            super().data_received(data)
        elif self._owed:
            self._pass_owed(data)
        elif (request := self._wire.heads.read(data)) and request.end == len(data):
            # Exactly one whole request, as nearly always.
            if self._idle() and self._answered(request, data):
                return
            if self._between():
                self._asked = data
                self._loop.call_soon(self._again, request)
            else:
                super().data_received(data)
        else:
            self._each(data)

    def _between(self) -> bool:
        """Whether aiohttp has no request but is not marked as idle yet.

        Its task has not started, or not resumed since its last answer. If it got a request now, a
        quick client's next one would arrive in the same state, and so all would go to aiohttp.
        """
        return self._waiter is None and not self._messages and self._current_request is None

    def _again(self, request: Request) -> None:
        """Handle a request that arrived in `_between`, one iteration of the loop later."""
        data, self._asked = self._asked, b""
        if self.transport is None:
            return
        if not (self._idle() and self._answered(request, data)):
            super().data_received(data)
        if not self._asked:
            self._release()

    def _pass_owed(self, data: bytes) -> None:
        rest = data[self._owed :]
        self._blind = bool(rest) and not self._certain(rest)
        due = data if self._blind else data[: self._owed]
        self._owed = max(0, self._owed - len(data))
        super().data_received(due)
        if rest and not self._blind:
            self.data_received(rest)

    def _each(self, data: bytes) -> None:
        requests = self._certain(data)
        if not requests:
            self._blind = True
            super().data_received(data)
            return
        at = 0
        for request in requests:
            if self._asked:
                self._held.append(data[at:])
                return
            asked, at = data[at : request.end], request.end
            if not (self._idle() and self._answered(request, asked)):
                super().data_received(asked)
            self._wire.outbox.flush()  # sets `_paused` if the client does not read
        self._owed = max(0, at - len(data))

    def _certain(self, data: bytes) -> list[Request]:
        """The requests in `data`; none if one does not parse: aiohttp then gets all of `data`."""
        requests: list[Request] = []
        at = 0
        while at < len(data):
            request = self._wire.heads.read(data, at)
            if request is None:
                return []
            requests.append(request)
            at = request.end
        return requests

    def _idle(self) -> bool:
        waiter = self._waiter
        if waiter is None or waiter.done() or self._paused:
            return False
        return self._wire.open and not (self._close or self._force_close)

    def _answered(self, request: Request, asked: bytes) -> bool:
        """Whether the fast path answers the request, now or later; `asked` are its bytes."""
        if request.method == b"POST":
            return self._received(request, asked)
        parts = self._wire.page(request)
        if parts is None:
            return self._await(asked, partial(self._wire.fetch, request))
        self._say(parts)
        return True

    def _received(self, request: Request, asked: bytes) -> bool:
        whole = len(asked) == request.end - request.start
        certain = request.path == b"/e" and request.head.beacon and whole
        if not certain or request.head.length > MAX_BODY:
            return False
        body = asked[request.body - request.start :]
        return self._await(asked, partial(self._wire.beacon, request, body, self._remote()))

    def _await(self, asked: bytes, start: Callable[[Done], bool]) -> bool:
        """Start to make the answer to `asked`, which all later requests wait for; False if not."""
        self._asked, self._request_in_progress = asked, True
        if start(self._settled):
            return True
        self._asked, self._request_in_progress = b"", False
        return False

    def _say(self, parts: Parts) -> None:
        if self.transport is not None:
            self._wire.outbox.put(self.transport, parts)
            # As after an answer of aiohttp, the keep-alive time starts anew.
            self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout

    def _settled(self, parts: Parts | None) -> None:
        asked, self._asked = self._asked, b""
        self._request_in_progress = False
        if self.transport is None:
            return
        if parts is None:
            super().data_received(asked)  # the slow path tries again, and answers any error
        else:
            self._say(parts)
        self._release()
        if self._handler_waiter is not None and not self._handler_waiter.done():
            self._handler_waiter.set_result(None)

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        if sum(map(len, self._held)) > HELD_BYTES and not self._buffer_paused:
            self._pause_reading_for_buffer()

    def _release(self) -> None:
        """Handle what was held as if it arrived now, and read on."""
        held, self._held = self._held, []
        if self._buffer_paused:
            self._resume_reading_for_buffer()
        for data in held:
            self.data_received(data)

    def eof_received(self) -> None:
        """The client sends no more, but may still read: send pending answers before we close."""
        self._wire.outbox.flush()
        super().eof_received()

    def force_close(self) -> None:
        """Send pending answers, then close."""
        self._wire.outbox.flush()
        super().force_close()

    def _process_keepalive(self) -> None:
        """Close an idle connection, and one whose body does not come: aiohttp waits for ever."""
        super()._process_keepalive()
        request = self._current_request
        if request is None or request.content.is_eof():
            self._slow = None
        elif request is self._slow:
            self.force_close()
        else:
            self._slow = request
            self._keepalive_handle = self._loop.call_later(BODY_SECONDS, self._process_keepalive)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Count aiohttp's answers; the fast path counts its own."""
        done = await super().finish_response(request, resp, start_time)
        self._wire.count(request.headers.get("Host", ""), done[0].status)
        return done

    def _remote(self) -> str:
        if self._peer is None:
            peer = self.peername
            self._peer = str(peer[0]) if isinstance(peer, tuple) else str(peer or "")
        return self._peer


class _WireServer(web.Server):
    """Makes connections that refuse malformed requests; with a `wire`, they have the fast path."""

    def __init__(self, stock: web.Server, complete: Complete, wire: Wire | None) -> None:
        super().__init__(
            stock.request_handler,
            request_factory=stock.request_factory,
            loop=stock._loop,  # noqa: SLF001 - the application makes servers of one class only
            **stock._kwargs,  # noqa: SLF001
        )
        self._wire = wire
        self._complete = complete

    def __call__(self) -> RequestHandler:
        options = {"loop": self._loop, **self._kwargs}
        if self._wire is None:
            return RefusingHandler(self, self._complete, **options)
        return WireHandler(self, self._complete, self._wire, **options)


class WireRunner(web.AppRunner):
    """An AppRunner with the fast path; without a `wire`, aiohttp answers everything."""

    __slots__ = ("_complete", "_wire")

    def __init__(
        self, app: web.Application, wire: Wire | None, complete: Complete, **options: Any
    ) -> None:
        super().__init__(app, **options)
        self._wire = wire
        self._complete = complete

    async def _make_server(self) -> web.Server:
        stock = await super()._make_server()
        return _WireServer(stock, self._complete, self._wire)
