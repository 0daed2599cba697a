"""News between workers: which surrogate keys changed (`share:<id>`, `ad:<id>`, `article:<id>`)."""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from ads.store import keys

IDLE_SECONDS = 5.0
"""After so long without a message we ask whether the store is still there."""
SILENT_TIMES = 2
"""So many idle spells without any answer, and the connection is given up."""
RETRY_SECONDS = 0.25
HEARD_SECONDS = 0.5
"""A change waits at most so long for workers that do not say that they heard."""
KEYS_AT_ONCE = 1_000
"""A new name is news of every share of its account: workers go on with their readers in between."""
WAITING_AT_ONCE = 8
"""Each waits on a connection of its own, of which a client has so many only."""


class Changes:
    """The store's channel for changed things."""

    def __init__(
        self, redis: Redis, then: Callable[[Sequence[str]], Awaitable[None]] | None = None
    ) -> None:
        """`then` gets what changed once every worker has dropped what it had of it."""
        self._redis = redis
        self._then = then
        self._turns = asyncio.Semaphore(WAITING_AT_ONCE)

    async def publish(self, *changed: str) -> None:
        """Tell every worker, this one too, that these surrogate keys changed.

        When it returns, the workers have heard; a change stands in the journal before that.
        """
        for start in range(0, len(changed), KEYS_AT_ONCE):
            await self._publish(changed[start : start + KEYS_AT_ONCE])

    async def _publish(self, changed: Sequence[str]) -> None:
        lines, change = "\n".join(changed), secrets.token_hex(8)
        noted: dict[Any, Any] = {"keys": lines}
        await self._redis.xadd(keys.CHANGES_JOURNAL, noted, maxlen=keys.CHANGES_JOURNAL_MAX)
        listeners = await self._redis.publish(keys.CHANGES_CHANNEL, f"{change}\n{lines}")
        with suppress(RedisError, OSError):  # the change is made, whoever says so or not
            async with self._turns:
                await self._heard(change, int(listeners))
        if self._then:
            await self._then(changed)

    async def _heard(self, change: str, listeners: int) -> None:
        name = keys.CHANGE_HEARD.format(change=change)
        deadline = time.monotonic() + HEARD_SECONDS
        for _ in range(listeners):
            left = deadline - time.monotonic()
            if left <= 0:
                return
            await cast(Awaitable[object], self._redis.blpop([name], timeout=left))

    async def _say_heard(self, change: str) -> None:
        name = keys.CHANGE_HEARD.format(change=change)
        pipe = self._redis.pipeline(transaction=False)
        pipe.rpush(name, 1)
        pipe.expire(name, keys.CHANGE_HEARD_SECONDS)
        await pipe.execute()

    async def listen(self) -> AsyncIterator[str | None]:
        """Changed keys as they come; None whenever some may have been missed: drop everything.

        The first item is None, once the channel is being listened to. Never ends by itself: while
        the store is away it goes on trying.
        """
        while True:
            try:
                await self._redis.initialize()
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(keys.CHANGES_CHANNEL)
                    async for message in _messages(channel):
                        if message is None:
                            yield None
                            continue
                        change, *changed = message.split("\n")
                        for key in changed:
                            yield key
                        await self._say_heard(change)  # whoever listens has come back for more
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
            yield message["data"].decode()
