"""Ads that start and end by themselves: every worker looks, and takes what no other has taken."""

from ads import tasks
from ads.clock import Clock
from ads.errors import Problem
from ads.store.ads import Ads
from ads.store.schedule import Schedule

LOOK_SECONDS = 2.0


class Timekeeper:
    """Keeps the timetables: changes an ad's state when its time has come."""

    def __init__(self, schedule: Schedule, ads: Ads, now: Clock) -> None:
        self._schedule = schedule
        self._ads = ads
        self._now = now

    async def run(self) -> None:
        """Look until cancelled; while the store is away, nothing is lost but time."""
        await tasks.repeat(self.look, LOOK_SECONDS, "timetables")

    async def look(self) -> None:
        """Makes all transitions that are due. The ad is changed first: a crash repeats it."""
        while due := await self._schedule.take(self._now()):
            try:
                await self._ads.turn(due.owner, due.ad, due.state)
            except Problem as problem:
                if problem.code == "store_unavailable":
                    continue  # possible a little later
            await self._schedule.done(due)
