"""Roll-ups: closed hours and days of ads are computed in the background, before anybody asks."""

import asyncio
import logging

from redis.exceptions import RedisError

from ads.store.counts import Counts

LOOK_SECONDS = 1.0
RETRY_SECONDS = 10.0

log = logging.getLogger(__name__)


class Roller:
    """Takes one day of an ad after another; every worker has one, none takes what another has."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    async def run(self) -> None:
        """Roll up until cancelled; rests as long as it worked, so that answers come first."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                worked = await self._counts.roll_up()
            except (RedisError, OSError) as error:
                log.warning("roll-ups wait for the store: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                await asyncio.sleep(clock() - began if worked else LOOK_SECONDS)
