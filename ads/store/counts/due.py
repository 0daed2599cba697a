"""Which roll-ups are to be computed, and when: an ad's day is queued until all of it is done."""

from collections.abc import Iterable
from typing import NamedTuple

from redis.asyncio import Redis

from ads.clock import DAY, HOUR, MINUTE, SECOND
from ads.store import keys, queue

CLOSED_AFTER = 10 * MINUTE
"""When an hour counts as closed after it ended: the clocks of workers differ by less."""
LATE_AFTER = 5 * SECOND
"""Late changes of a day are gathered for so long, so that it is computed once for all of them."""
TAKEN = 5 * MINUTE
"""Then another worker may take a day whose taker died."""


class Due(NamedTuple):
    """A day (its first ms) of an ad; `until` is when others may take it."""

    ad: str
    day: int
    until: int

    @property
    def member(self) -> str:
        """Its member in the queue."""
        return _member(self.ad, self.day)


async def note(redis: Redis, changed: Iterable[tuple[str, int]], now: int) -> None:
    """Queue the days of these hours (ad, first ms), due when the hour closes, or soon if it has."""
    first: dict[str, int] = {}
    for ad, hour in changed:
        member, due = _member(ad, hour), max(hour + HOUR + CLOSED_AFTER, now + LATE_AFTER)
        first[member] = min(due, first.get(member, due))
    if first:
        await redis.zadd(keys.ROLLUPS_DUE, first, lt=True)


async def take(redis: Redis, now: int) -> Due | None:
    """Take the first day that is due, for TAKEN; None if there is none."""
    until = now + TAKEN
    taken = await queue.take(redis, keys.ROLLUPS_DUE, now, until)
    if not taken:
        return None
    hours, _, ad = taken[0].partition(":")
    return Due(ad, int(hours) * HOUR, until)


async def settle(redis: Redis, done: Due, now: int) -> None:
    """Put a computed day off to when its next hour closes, or drop it after the last one.

    If it changed meanwhile, it stays due.
    """
    over = now >= done.day + DAY + CLOSED_AFTER
    following = (now - CLOSED_AFTER) // HOUR * HOUR + HOUR + CLOSED_AFTER
    again = 0 if over else following
    await queue.settle(redis, keys.ROLLUPS_DUE, done.member, done.until, again)


async def drop(redis: Redis, taken: Due) -> None:
    """Take a day out of the queue."""
    await redis.zrem(keys.ROLLUPS_DUE, taken.member)


def _member(ad: str, at: int) -> str:
    return f"{at // DAY * DAY // HOUR}:{ad}"
