"""Roll-ups: closed hours and days of ads are computed in the background, before anybody asks."""

import asyncio

from ads import tasks
from ads.store.counts import Counts

LOOK_SECONDS = 1.0


async def run(counts: Counts) -> None:
    """One day of an ad after another; every worker does so, none takes what another has."""
    await tasks.repeat(lambda: _all_due(counts), LOOK_SECONDS, "roll-ups")


async def _all_due(counts: Counts) -> None:
    """Rests as long as each took, so that answers come first."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while await counts.roll_up():
        await asyncio.sleep(clock() - began)
        began = clock()
