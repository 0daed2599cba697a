"""Which roll-ups are to be computed, and when: a day of an ad stands here until all of it is."""

from collections.abc import Iterable
from typing import NamedTuple

from redis.asyncio import Redis

from ads.clock import DAY, HOUR, MINUTE, SECOND
from ads.store import keys, queue

CLOSED_AFTER = 10 * MINUTE
"""Clocks of workers may differ by less: what is folded into a past hour they call late."""
LATE_AFTER = 5 * SECOND
"""So long late changes of a day are gathered: it is computed anew once for all of them."""
TAKEN = 5 * MINUTE
"""Whoever took a day and died has it taken from them then."""


class Due(NamedTuple):
    """A day (its first ms) of an ad; `until` is when others may take it."""

    ad: str
    day: int
    until: int

    @property
    def member(self) -> str:
        """Its name in the store."""
        return _member(self.ad, self.day)


async def note(redis: Redis, changed: Iterable[tuple[str, int]], now: int) -> None:
    """Hours (ad, first ms) have events: they are due when they close, or soon if they have."""
    first: dict[str, int] = {}
    for ad, hour in changed:
        member, due = _member(ad, hour), max(hour + HOUR + CLOSED_AFTER, now + LATE_AFTER)
        first[member] = min(due, first.get(member, due))
    if first:
        await redis.zadd(keys.ROLLUPS_DUE, first, lt=True)


async def take(redis: Redis, now: int) -> Due | None:
    """The first day that is due, nobody else's for a while; None if there is none."""
    until = now + TAKEN
    taken = await queue.take(redis, keys.ROLLUPS_DUE, now, until)
    if not taken:
        return None
    hours, _, ad = taken[0].partition(":")
    return Due(ad, int(hours) * HOUR, until)


async def settle(redis: Redis, done: Due, now: int) -> None:
    """What had closed of it is computed: it is due when its next hour closes, unless it changed."""
    over = now >= done.day + DAY + CLOSED_AFTER
    following = (now - CLOSED_AFTER) // HOUR * HOUR + HOUR + CLOSED_AFTER
    again = 0 if over else following
    await queue.settle(redis, keys.ROLLUPS_DUE, done.member, done.until, again)


async def drop(redis: Redis, taken: Due) -> None:
    """It is due no more."""
    await redis.zrem(keys.ROLLUPS_DUE, taken.member)


def _member(ad: str, at: int) -> str:
    return f"{at // DAY * DAY // HOUR}:{ad}"
