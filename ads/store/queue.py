"""Queues by time (ms): a worker takes what is due, and no other gets it for a while."""

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

from ads.store.records import text

# KEYS[1] a sorted set. ARGV: the highest score that is due, the new score of what is taken, the
# most that are taken.
_TAKE = """
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, name in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', ARGV[2], name) end
return due
"""
# KEYS[1] as above. ARGV: a member, its score since it was taken, its next score (0: remove it).
_SETTLE = """
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
"""


async def take(redis: Redis, name: str, now: int, until: int, most: int = 1) -> list[str]:
    """Take at most `most` members that are due `now`, the longest due first.

    Each is the caller's alone, and due again at `until` unless it is settled before.
    """
    taken = redis.eval(_TAKE, 1, name, str(now), str(until), str(most))
    return [text(member) for member in await cast(Awaitable[list[bytes]], taken)]


async def settle(redis: Redis, name: str, member: str, until: int, again: int = 0) -> None:
    """Remove a member taken `until` then, or with `again` put it off to that time (ms).

    Does nothing if the member was given another time meanwhile.
    """
    done = redis.eval(_SETTLE, 1, name, member, str(until), str(again))
    await cast(Awaitable[int], done)
