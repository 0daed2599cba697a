"""A bound for sources that send framing instead of a page: interim answers, tiny chunks.

aiohttp bounds a head and we bound a body, but nothing bounds what comes around them: endless 100
Continue, or a megabyte in chunks of one byte, cost seconds of the loop that readers share. This
uses private parts of aiohttp 3.14, hence the pin to the minor version.
"""

import asyncio
from functools import partial

import aiohttp
from aiohttp.client_proto import ResponseHandler

ROOM = 256 * 1024
"""Bytes that are not body: heads, and the usual framing."""
CHUNK = 10
"""Bytes of an average chunk; a body in smaller chunks is sent to cost us time."""
_FRAME = 5  # a digit and two line ends


class FramedHandler(ResponseHandler):
    """A connection for one answer; it ends when too many of its bytes are not body."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._received = 0

    def data_received(self, data: bytes) -> None:
        """Reads on unless this is mostly framing."""
        self._received += len(data)
        super().data_received(data)
        body = self._payload.total_bytes if self._payload else 0
        if self._received > ROOM + body * (CHUNK + _FRAME) // CHUNK and self.transport:
            self.transport.abort()


def bound(connector: aiohttp.TCPConnector) -> aiohttp.TCPConnector:
    """The connector, whose connections bound their framing."""
    made = partial(FramedHandler, loop=connector._loop)  # noqa: SLF001 - there is no public way
    connector._factory = made  # type: ignore[assignment]  # noqa: SLF001 - it is one
    return connector
