"""Ads that begin and end by themselves: every worker looks; who comes second finds it done."""

import asyncio
import logging

from redis.exceptions import RedisError

from ads.clock import Clock
from ads.errors import Problem
from ads.store.ads import Ads
from ads.store.schedule import Schedule, Turn

LOOK_SECONDS = 2.0

log = logging.getLogger(__name__)


class Keeper:
    """Keeps the timetables: changes an ad's state when its time has come."""

    def __init__(self, schedule: Schedule, ads: Ads, now: Clock) -> None:
        self._schedule = schedule
        self._ads = ads
        self._now = now

    async def run(self) -> None:
        """Look until cancelled; while the store is away, nothing is lost but time."""
        while True:
            try:
                await self.look()
            except (RedisError, OSError) as error:
                log.warning("timetables wait for the store: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Everything that is due now. Changed first, crossed out second: a crash repeats it."""
        for turn in await self._schedule.due(self._now()):
            try:
                await self._turn(turn)
            except Problem as problem:
                if problem.code == "store_unavailable":
                    continue
            await self._schedule.done(turn)

    async def _turn(self, turn: Turn) -> None:
        ad = await self._ads.owned(turn.owner, turn.ad)
        waits = ad.state == "paused" if turn.state == "active" else ad.state != "ended"
        if waits:
            await self._ads.change(turn.owner, turn.ad, {"state": turn.state})
