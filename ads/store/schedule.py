"""When ads begin and end by themselves: one list by time for all workers."""

from typing import NamedTuple, cast

import msgspec
from redis.asyncio import Redis

from ads.store import keys, records

AT_ONCE = 100


class Timetable(msgspec.Struct, frozen=True):
    """When an ad begins and ends by itself, ms; 0 is never."""

    starts: int = 0
    ends: int = 0


class Transition(NamedTuple):
    """An ad of an account that is due to become `active` or `ended`."""

    owner: str
    ad: str
    state: str


class Schedule:
    """The timetables of all ads."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, ad: str) -> Timetable:
        """The ad's timetable, an empty one if it has none."""
        found = await records.load(self._redis, keys.AD_TIMETABLE.format(ad=ad), Timetable)
        return found or Timetable()

    async def put(self, owner: str, ad: str, times: Timetable) -> None:
        """Keep it, the earlier one void."""
        pipeline = self._redis.pipeline()
        for state, at in (("active", times.starts), ("ended", times.ends)):
            member = _member(Transition(owner, ad, state))
            if at:
                pipeline.zadd(keys.AD_TRANSITIONS, {member: at})
            else:
                pipeline.zrem(keys.AD_TRANSITIONS, member)
        pipeline.set(keys.AD_TIMETABLE.format(ad=ad), msgspec.msgpack.encode(times))
        await pipeline.execute()

    async def drop(self, owner: str, ad: str) -> None:
        """The ad is forgotten, and its timetable with it."""
        for state in ("active", "ended"):
            await self.done(Transition(owner, ad, state))
        await self._redis.delete(keys.AD_TIMETABLE.format(ad=ad))

    async def due(self, now: int) -> list[Transition]:
        """What should have happened by now, the earliest first."""
        found = await self._redis.zrange(
            keys.AD_TRANSITIONS, "-inf", now, byscore=True, offset=0, num=AT_ONCE
        )
        return [Transition(*records.text(cast(bytes, member)).split(":")) for member in found]

    async def done(self, transition: Transition) -> None:
        """It has happened, or cannot any more."""
        await self._redis.zrem(keys.AD_TRANSITIONS, _member(transition))


def _member(transition: Transition) -> str:
    return ":".join(transition)
