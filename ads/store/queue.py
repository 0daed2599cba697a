"""Lists by time (ms), of which each worker takes what is due: no other gets it for a while."""

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

from ads.store.records import text

# KEYS[1] a sorted set; ARGV: scores up to this are due, the score of those taken, how many at most.
_TAKE = """
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, name in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', ARGV[2], name) end
return due
"""
# KEYS[1] as above; ARGV: a member, the score with which it was taken, its next one (0: it goes).
_SETTLE = """
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
"""


async def take(redis: Redis, name: str, now: int, until: int, most: int = 1) -> list[str]:
    """At most so many members that are due `now`, the longest due first.

    Each is one worker's alone, and due again at `until` if nobody says otherwise.
    """
    taken = redis.eval(_TAKE, 1, name, str(now), str(until), str(most))
    return [text(member) for member in await cast(Awaitable[list[bytes]], taken)]


async def settle(redis: Redis, name: str, member: str, until: int, again: int = 0) -> None:
    """What was taken `until` then is done, or due `again`, unless it got another time meanwhile."""
    done = redis.eval(_SETTLE, 1, name, member, str(until), str(again))
    await cast(Awaitable[int], done)
