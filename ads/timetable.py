"""Ads that begin and end by themselves: every worker looks; who comes second finds it done."""

from ads import tasks
from ads.clock import Clock
from ads.errors import Problem
from ads.store.ads import Ads
from ads.store.schedule import Schedule, Transition

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
        """Everything that is due now. Changed first, crossed out second: a crash repeats it."""
        for transition in await self._schedule.due(self._now()):
            try:
                await self._make(transition)
            except Problem as problem:
                if problem.code == "store_unavailable":
                    continue  # possible the next time
            await self._schedule.done(transition)

    async def _make(self, transition: Transition) -> None:
        ad = await self._ads.owned(transition.owner, transition.ad)
        waits = ad.state == "paused" if transition.state == "active" else ad.state != "ended"
        if waits:
            state = {"state": transition.state}
            await self._ads.change(transition.owner, transition.ad, state, by_itself=True)
