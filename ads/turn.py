"""Long work on the event loop in turns: nobody's answer waits for the whole of it (a leaf)."""

import asyncio
from time import perf_counter

TURN_SECONDS = 0.0005
"""A turn of the loop costs a fortieth of this."""


class Turn:
    """Taken by work of one task; `end` it wherever others may go first."""

    def __init__(self) -> None:
        self._began = perf_counter()

    async def end(self) -> None:
        """Lets the loop go round if the turn has lasted long enough, and begins the next one."""
        if perf_counter() - self._began >= TURN_SECONDS:
            await asyncio.sleep(0)
            self._began = perf_counter()
