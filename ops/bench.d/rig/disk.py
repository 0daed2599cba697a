"""A store that is left on disk for the next run."""

import asyncio

from redis.asyncio import Redis


async def keep(redis: Redis) -> None:
    """Switch the append-only file on, and wait until the whole store is in it."""
    await redis.config_set("appendonly", "yes")
    while True:
        told = await redis.info("persistence")
        if not told["aof_rewrite_scheduled"] and not told["aof_rewrite_in_progress"]:
            return
        await asyncio.sleep(0.1)
