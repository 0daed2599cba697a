"""Answers leave some at a time, at the latest at the end of a turn of the loop.

Sending to a client that sleeps wakes it, which takes longer than the sending. Woken by the first of
some answers, it is awake for the others. No more than `AT_ONCE`: the first would wait for
a whole turn of the loop.
"""

import asyncio
import socket

from proxy.serving.sealed import Body, Sealed

Parts = tuple[bytes, Body]
"""An answer's head and its body, b"" if it has none."""
AT_ONCE = 32


class Outlet:
    """A connection's way out: its transport, or past it what the kernel sends by itself.

    Nothing here is encrypted: that is an edge's part.
    """

    __slots__ = ("_socket", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._socket: socket.socket | None = None

    def send(self, parts: Parts) -> None:
        """Sends an answer; what is not taken at once is left to the transport."""
        transport = self._transport
        if transport.is_closing():
            return
        head, body = parts
        if not isinstance(body, Sealed):
            transport.writelines((head, body) if body else (head,))
            return
        sent = 0 if transport.get_write_buffer_size() else body.send(self._raw(), head)
        if sent < len(head):
            transport.writelines((head[sent:], body.rest(0)))
        elif sent < len(head) + len(body):
            transport.write(body.rest(sent - len(head)))

    def close(self) -> None:
        """The descriptor is the transport's to close."""
        if self._socket is not None:
            self._socket.detach()
            self._socket = None

    def _raw(self) -> socket.socket:
        if self._socket is None:
            of = self._transport.get_extra_info("socket")
            self._socket = socket.socket(of.family, of.type, of.proto, of.fileno())
        return self._socket


class Outbox:
    """Answers that were given in this turn of the loop."""

    def __init__(self) -> None:
        self._held: list[tuple[Outlet, Parts]] = []

    def put(self, outlet: Outlet, parts: Parts) -> None:
        """Goes out before whatever is written to this connection in a later turn."""
        if not self._held:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held.append((outlet, parts))
        if len(self._held) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Sends what is held, for who will not wait."""
        held, self._held = self._held, []
        for outlet, parts in held:
            outlet.send(parts)
