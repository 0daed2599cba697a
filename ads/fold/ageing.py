"""What grows old: once a day one worker puts hours together and lets go what is over its time."""

from ads import tasks
from ads.clock import MINUTE, SECOND
from ads.store.counts import Ages, Counts
from ads.store.register import Register

LOOK_SECONDS = 10 * MINUTE / SECOND


class Ageing:
    """Keeps house in the counts and the register, if no other worker has today."""

    def __init__(self, counts: Counts, ages: Ages, register: Register) -> None:
        self._counts = counts
        self._ages = ages
        self._register = register

    async def run(self) -> None:
        """Look now and then until cancelled."""
        await tasks.repeat(self.once, LOOK_SECONDS, "old counts")

    async def once(self) -> bool:
        """Keep house; False if it was done today, or is being done."""
        if not await self._counts.claim_house():
            return False
        await self._counts.keep_house(self._ages)
        await self._register.clear()
        return True
