"""Answers leave some at a time, at the latest at the end of a turn of the loop (a leaf).

Sending to a client that sleeps wakes it, which takes longer than the sending. Woken by the first of
some answers, it is awake for the others. No more than `AT_ONCE`: the first would wait for
a whole turn of the loop.
"""

import asyncio
from collections.abc import Sequence

Parts = Sequence[bytes]
AT_ONCE = 32


class Outbox:
    """Answers that were given in this turn of the loop."""

    def __init__(self) -> None:
        self._held: list[tuple[asyncio.Transport, Parts]] = []

    def put(self, transport: asyncio.Transport, parts: Parts) -> None:
        """Goes out before whatever is written to this connection in a later turn."""
        if not self._held:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held.append((transport, parts))
        if len(self._held) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Sends what is held, for who will not wait."""
        held, self._held = self._held, []
        for transport, parts in held:
            if not transport.is_closing():
                transport.writelines(parts)
