"""Connections to sources that send framing and no page: answers before the answer, tiny chunks.

aiohttp bounds a head and we bound a body, but nothing bounds what stands around them: 100 Continue
without end, or a megabyte in chunks of a byte, cost seconds of the loop that readers share. This
leans on private parts of aiohttp 3.14, hence the pin to the minor version.
"""

import asyncio
from functools import partial

import aiohttp
from aiohttp.client_proto import ResponseHandler

ROOM = 256 * 1024
"""Bytes that are no body: heads, and what little answers have of them beside."""
CHUNK = 10
"""A body in chunks of fewer bytes than this, on the whole, is sent to cost us time."""
_FRAME = 5  # a digit and two line ends


class FramedHandler(ResponseHandler):
    """One connection, of one answer; it ends once more than may be is no body."""

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
