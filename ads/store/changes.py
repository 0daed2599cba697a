"""News between workers: which surrogate keys changed (`share:<id>`, `ad:<id>`, `article:<id>`)."""

import asyncio
import random
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from ads.store import keys

IDLE_SECONDS = 5.0
"""After so long without a message we ask whether the store is still there."""
SILENT_TIMES = 2
"""So many idle spells without any answer, and the connection is given up."""
RETRY_SECONDS = 0.25


class Changes:
    """The store's channel for changed things."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, *changed: str) -> None:
        """Tell every worker, this one too, that these surrogate keys changed."""
        if changed:
            await self._redis.publish(keys.CHANGES_CHANNEL, "\n".join(changed))

    async def listen(self) -> AsyncIterator[str | None]:
        """Changed keys as they come; None whenever some may have been missed: drop everything.

        The first item is None, once the channel is being listened to. Never ends by itself: while
        the store is away it goes on trying.
        """
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(keys.CHANGES_CHANNEL)
                    async for changed in _messages(channel):
                        yield changed
            except (RedisError, OSError):
                pass
            # Jitter (not a secret): workers do not all come back in the same instant.
            await asyncio.sleep(RETRY_SECONDS * (1 + random.random()))  # noqa: S311


async def _messages(channel: PubSub) -> AsyncIterator[str | None]:
    silent = 0
    while silent <= SILENT_TIMES:
        message = await channel.get_message(timeout=IDLE_SECONDS)
        if message is None:
            silent += 1
            await channel.ping()
            continue
        silent = 0
        if message["type"] == "subscribe":
            yield None
        elif message["type"] == "message":
            for changed in message["data"].decode().split("\n"):
                yield changed
