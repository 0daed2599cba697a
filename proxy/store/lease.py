"""A lease that one worker at a time holds: a token in the store that expires by itself.

A caller that is cancelled while it takes a lease gives it back: the store may have granted it, and
others would have to wait as for a dead worker's.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import tasks
from ads.ids import new_secret

GIVE_BACK_SECONDS = 1.0  # a store that is away does not hold up a worker's end
_GIVE_BACK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


async def take(redis: Redis, name: str, ms: int) -> str | None:
    """Takes a lease for `ms`: its token, or None while another holds it. Raises RedisError."""
    token = new_secret()
    taking = asyncio.ensure_future(redis.set(name, token, nx=True, px=ms))
    try:
        return token if await asyncio.shield(taking) else None
    except asyncio.CancelledError:
        await tasks.finish(_undo(redis, name, token, taking))
        raise


async def give_back(redis: Redis, name: str, token: str) -> None:
    """Gives a lease back if it is still ours; if the store is away, it expires by itself."""
    await tasks.finish(_release(redis, name, token))


@asynccontextmanager
async def turn(redis: Redis, name: str, ms: int) -> AsyncIterator[bool]:
    """Yields whether the lease is ours in the block; a dead worker's ends by itself after `ms`."""
    token = await take(redis, name, ms)
    try:
        yield token is not None
    finally:
        if token:
            await give_back(redis, name, token)


async def _undo(redis: Redis, name: str, token: str, taking: "asyncio.Task[Any]") -> None:
    with suppress(RedisError, OSError):
        async with asyncio.timeout(GIVE_BACK_SECONDS):
            await taking
    await _release(redis, name, token)


async def _release(redis: Redis, name: str, token: str) -> None:
    with suppress(RedisError, OSError):
        async with asyncio.timeout(GIVE_BACK_SECONDS):
            await cast(Awaitable[int], redis.eval(_GIVE_BACK, 1, name, token))
