"""Refuses malformed requests with the pages' headers, in our words, and does not log them.

aiohttp's own answer names its version, repeats what was sent and lacks our headers; its log line
has a traceback, so anybody who sends rubbish could fill the disk.
"""

from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from proxy.cdn import Complete

WORDS = "This is not a request by HTTP.\n"


class RefusingHandler(RequestHandler):
    """aiohttp's connection; `complete` adds the headers that all answers of the pages origin have.

    A malformed request does not tell which origin it was for, so it gets the stricter policy.
    """

    __slots__ = ("_complete", "_refused")

    def __init__(self, manager: web.Server, complete: Complete, **options: Any) -> None:
        # No client compresses requests, and a small one could decompress to any size.
        super().__init__(manager, auto_decompress=False, **options)
        self._complete = complete
        self._refused = False

    def data_received(self, data: bytes) -> None:
        """Parse until a request is malformed; ignore what follows.

        The parser's exception refers to its frame, and the frame to the data and the exception: a
        cycle of a quarter of a megabyte, until the garbage collector runs.
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
        """The answer to an exception of the parser or a handler.

        Raises ConnectionError if the client has gone or an answer was begun.
        """
        if isinstance(exc, ConnectionError) and (not self.transport or self.transport.is_closing()):
            raise ConnectionError("The client has gone.")
        if isinstance(exc, UnicodeEncodeError):  # aiohttp repeats an Expect that is not Unicode
            status = 400
        elif not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        if request.writer.output_size > 0:
            raise ConnectionError("An answer was begun already.")
        response = web.Response(status=status, text=WORDS)
        self._complete(response.headers, response.content_type, "page")
        response.force_close()
        return response
