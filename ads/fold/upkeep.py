"""Background work on folded counts: roll-ups all the time, retention once a day."""

import asyncio

from ads import tasks
from ads.clock import MINUTE, SECOND
from ads.store.counts import Ages, Counts
from ads.store.register import Register

ROLL_UP_SECONDS = 1.0
RETAIN_SECONDS = 10 * MINUTE / SECOND


class Upkeep:
    """Every worker runs one; the store sees to it that no two do the same work."""

    def __init__(self, counts: Counts, ages: Ages, register: Register) -> None:
        self._counts = counts
        self._ages = ages
        self._register = register

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.gather(
            tasks.repeat(self._roll_up, ROLL_UP_SECONDS, "roll-ups"),
            tasks.repeat(self.retain, RETAIN_SECONDS, "old counts"),
        )

    async def retain(self) -> bool:
        """Merge old hours, drop what has expired; False if another worker did it today."""
        if not await self._counts.claim_retention():
            return False
        await self._counts.retain(self._ages)
        await self._register.clear()
        return True

    async def _roll_up(self) -> None:
        """Compute all roll-ups that are due, with a rest after each as long as it took."""
        clock = asyncio.get_running_loop().time
        began = clock()
        while await self._counts.roll_up():
            await asyncio.sleep(clock() - began)
            began = clock()
