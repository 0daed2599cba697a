"""Sends answers in batches, at the latest in the event loop's next iteration (a leaf).

Sending to a client process that sleeps wakes it, which takes longer than the sending. The first
answer of a batch wakes it for all of them. A batch has at most AT_ONCE answers, so that the first
does not wait for a whole iteration.
"""

import asyncio
from collections.abc import Sequence

Parts = Sequence[bytes]
AT_ONCE = 32


class Outbox:
    """Answers of this iteration of the event loop that are not sent yet."""

    def __init__(self) -> None:
        self._held: list[tuple[asyncio.Transport, Parts]] = []

    def put(self, transport: asyncio.Transport, parts: Parts) -> None:
        """Queue an answer; it is sent before anything that a later iteration writes there."""
        if not self._held:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held.append((transport, parts))
        if len(self._held) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Send all queued answers now."""
        held, self._held = self._held, []
        for transport, parts in held:
            if not transport.is_closing():
                transport.writelines(parts)
