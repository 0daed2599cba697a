"""When ads begin and end by themselves: one list by time for all workers."""

from typing import NamedTuple

import msgspec
from redis.asyncio import Redis

from ads.ad.shape import State
from ads.clock import SECOND
from ads.store import keys, queue, records

TAKEN_MS = 10 * SECOND
"""Then another worker may take a transition whose taker died or could not make it."""


class Timetable(msgspec.Struct, frozen=True):
    """When an ad starts and ends by itself, ms; 0 is never."""

    starts: int = 0
    ends: int = 0


class Transition(NamedTuple):
    """An ad of an account, due to become `active` or `ended`; its taker's alone `until` (ms)."""

    owner: str
    ad: str
    state: State
    until: int = 0

    @property
    def member(self) -> str:
        """Its member in the queue."""
        return f"{self.owner}:{self.ad}:{self.state}"


class Schedule:
    """The timetables of all ads."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, ad: str) -> Timetable:
        """The ad's timetable, an empty one if it has none."""
        found = await records.load(self._redis, keys.AD_TIMETABLE.format(ad=ad), Timetable)
        return found or Timetable()

    async def put(self, owner: str, ad: str, times: Timetable, now: int) -> None:
        """Replace the ad's timetable.

        A transition that was due by `now` stays queued unless it gets another time: no worker may
        have made it yet, and the ad's form no longer shows it.
        """
        before, pipeline = await self.of(ad), self._redis.pipeline()
        turns: dict[State, tuple[int, int]] = {
            "active": (times.starts, before.starts),
            "ended": (times.ends, before.ends),
        }
        for state, (at, was) in turns.items():
            member = Transition(owner, ad, state).member
            if at:
                pipeline.zadd(keys.AD_TRANSITIONS, {member: at})
            elif not 0 < was <= now:
                pipeline.zrem(keys.AD_TRANSITIONS, member)
        pipeline.set(keys.AD_TIMETABLE.format(ad=ad), msgspec.msgpack.encode(times))
        await pipeline.execute()

    async def drop(self, owner: str, ad: str) -> None:
        """Forget the ad's timetable."""
        states: tuple[State, ...] = ("active", "ended")
        gone = [Transition(owner, ad, state).member for state in states]
        await self._redis.zrem(keys.AD_TRANSITIONS, *gone)
        await self._redis.delete(keys.AD_TIMETABLE.format(ad=ad))

    async def take(self, now: int) -> Transition | None:
        """Take the earliest transition that is due, for TAKEN_MS; None if there is none."""
        until = now + TAKEN_MS
        taken = await queue.take(self._redis, keys.AD_TRANSITIONS, now, until)
        if not taken:
            return None
        owner, ad, state = taken[0].split(":")
        return Transition(owner, ad, "active" if state == "active" else "ended", until)

    async def done(self, taken: Transition) -> None:
        """Remove a transition that was made or never can be, unless it got a new time meanwhile."""
        await queue.settle(self._redis, keys.AD_TRANSITIONS, taken.member, taken.until)
