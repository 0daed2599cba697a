"""What is no request by HTTP is refused with the pages' policy, in our words, and unlogged.

aiohttp's own answer names its version and repeats what was sent, without any header of ours; its
log line holds a traceback, which whoever sends rubbish could fill a disk with.
"""

from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from proxy.cdn import Complete

WORDS = "This is not a request by HTTP.\n"


class RefusingHandler(RequestHandler):
    """aiohttp's connection; `complete` puts in what every answer of the pages origin carries.

    Which origin was meant is not known of such a request, so it gets the stricter policy.
    """

    __slots__ = ("_complete", "_refused")

    def __init__(self, manager: web.Server, complete: Complete, **options: Any) -> None:
        # Nobody packs requests, and what one unpacks to is not bounded by what it weighs.
        super().__init__(manager, auto_decompress=False, **options)
        self._complete = complete
        self._refused = False

    def data_received(self, data: bytes) -> None:
        """Reads until something is no request; of the rest of it nothing is kept.

        What the parser raises remembers the frame it was raised in, and that the data and the
        error: a circle of a quarter of a megabyte a piece until the collector comes by.
        """
        if self._refused:
            return
        super().data_received(data)
        last = self._messages[-1][0] if self._messages else None
        if isinstance(last, _ErrInfo) and last.exc is not None:
            last.exc.__traceback__ = None
            self._refused = True

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what the parser, or a handler, raised; none for who has gone by then."""
        if isinstance(exc, ConnectionError) and (not self.transport or self.transport.is_closing()):
            raise ConnectionError("The client has gone.")
        if isinstance(exc, UnicodeEncodeError):  # an Expect that is no text, which aiohttp repeats
            status = 400
        elif not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        if request.writer.output_size > 0:
            raise ConnectionError("An answer was begun already.")
        response = web.Response(status=status, text=WORDS)
        self._complete(response.headers, response.content_type, "page")
        response.force_close()
        return response
