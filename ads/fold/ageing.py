"""What grows old: once a day one worker puts hours together and lets go what is over its time."""

import asyncio
import logging

from redis.exceptions import RedisError

from ads.clock import MINUTE, SECOND
from ads.store.counts import Ages, Counts
from ads.store.register import Register

LOOK_SECONDS = 10 * MINUTE / SECOND

log = logging.getLogger(__name__)


class Ageing:
    """Keeps house in the counts and the register, if no other worker has today."""

    def __init__(self, counts: Counts, ages: Ages, register: Register) -> None:
        self._counts = counts
        self._ages = ages
        self._register = register

    async def run(self) -> None:
        """Look now and then until cancelled; a store that is away is asked the next time."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.once()
            except (RedisError, OSError) as error:
                log.warning("old counts wait for the store: %s", error)

    async def once(self) -> bool:
        """Keep house; False if it was done today, or is being done."""
        if not await self._counts.claim_house():
            return False
        await self._counts.keep_house(self._ages)
        await self._register.clear()
        return True
