"""A worker's end without a failed request.

A client that reuses a connection just as it is closed sees its request fail. So for a moment every
answer says `Connection: close`; only then are idle connections closed. Connections that were made
but not accepted when listening ends would be reset, so they are accepted first.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from socket import socket

from aiohttp import web

LINGER_SECONDS = 1.0
LOOK_SECONDS = 0.02


@dataclass
class Closing:
    """Whether the worker is ending (`now`); `tell` is an application's `on_response_prepare`."""

    now: bool = False

    async def tell(self, _: web.Request, response: web.StreamResponse) -> None:
        """Makes this answer the last one of its connection, if the worker ends."""
        if self.now and response.status >= 200:
            response.headers["Connection"] = "close"
            response.force_close()


async def drain(runner: web.AppRunner, doors: Sequence[socket]) -> None:
    """Stop listening, go on answering for LINGER_SECONDS; `doors`: copies of the sockets."""
    for site in list(runner.sites):
        await site.stop()
    for door in doors:
        await _let_in(runner, door)
        door.close()
    server = runner.server
    deadline = time.monotonic() + LINGER_SECONDS
    while server and server.connections and time.monotonic() < deadline:  # noqa: ASYNC110 - polled
        await asyncio.sleep(LOOK_SECONDS)  # aiohttp has no event for a closed connection


async def _let_in(runner: web.AppRunner, door: socket) -> None:
    server, loop = runner.server, asyncio.get_running_loop()
    while server:
        try:
            late, _ = door.accept()
        except OSError:  # no connection is left, or the client has gone meanwhile
            return
        late.setblocking(False)
        with contextlib.suppress(OSError):
            await loop.connect_accepted_socket(server, late)
