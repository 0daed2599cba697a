"""News between workers: which surrogate keys changed (`share:<id>`, `ad:<id>`, `article:<id>`)."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from ads.store import keys
from ads.store.records import text

IDLE_SECONDS = 5.0
"""After so long without a message we ask whether the store is still there."""
AGAIN = b"again"
"""Marks an entry of the journal that was noted anew, for edges alone."""
SILENT_TIMES = 2
"""So many idle spells without any answer, and the connection is given up."""
RETRY_SECONDS = 0.25
HEARD_SECONDS = 0.5
"""A change waits at most so long for workers that do not say that they heard."""
KEYS_AT_ONCE = 1_000
"""A new name is news of every share of its account: workers go on with their readers in between."""
LATE_MS = 1_000
"""Edges are told so long after a change: whoever drops a page later may have given it to one."""
# By a server that has the key: in a cluster a pipeline takes no command without one.
_CLOCK = "return redis.call('TIME')"
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
        change = await self._note(changed)
        told = "\n".join((change, *changed))
        listeners = await self._redis.publish(keys.CHANGES_CHANNEL, told)
        with suppress(RedisError, OSError):  # the change is made, whoever says so or not
            async with self._turns:
                await self._heard(change, int(listeners))
        if self._then:
            await self._then(changed)

    async def _note(self, changed: Sequence[str], *, again: bool = False) -> str:
        """Into the journal, from which edges are told; the entry's id."""
        noted: dict[Any, Any] = {"keys": "\n".join(changed)} | ({AGAIN: 1} if again else {})
        most = keys.CHANGES_JOURNAL_MAX
        return text(await self._redis.xadd(keys.CHANGES_JOURNAL, noted, maxlen=most))

    async def _missed(self, known: "_Known") -> list[str]:
        """What was noted since the last look and not heard; from the first one on.

        Not what others noted anew: they had missed it, not we.
        """
        newest: Any = await self._redis.xrevrange(keys.CHANGES_JOURNAL, count=1)
        last = text(newest[0][0]) if newest else "0-0"
        since, heard = known.last or last, known.heard
        found: Any = await self._redis.xrange(keys.CHANGES_JOURNAL, f"({since}", last)
        lines = (text(e[b"keys"]) for n, e in found if text(n) not in heard and AGAIN not in e)
        known.last, known.heard = last, set()
        return list(dict.fromkeys(key for each in lines for key in each.split("\n")))

    async def _note_again(self, changed: Sequence[str]) -> None:
        """We showed the old pages meanwhile, perhaps to an edge that had been told before."""
        for start in range(0, len(changed), KEYS_AT_ONCE):
            await self._note(changed[start : start + KEYS_AT_ONCE], again=True)

    async def _heard(self, change: str, listeners: int) -> None:
        name = keys.CHANGE_HEARD.format(change=change)
        deadline = time.monotonic() + HEARD_SECONDS
        for _ in range(listeners):
            left = deadline - time.monotonic()
            if left <= 0:
                return
            await cast(Awaitable[object], self._redis.blpop([name], timeout=left))

    async def _say_heard(self, change: str, changed: Sequence[str]) -> None:
        """Says so; who was late to hear has the edges told once more."""
        name = keys.CHANGE_HEARD.format(change=change)
        pipe = self._redis.pipeline(transaction=False)
        pipe.rpush(name, 1)
        pipe.expire(name, keys.CHANGE_HEARD_SECONDS)
        pipe.eval(_CLOCK, 1, name)
        *_, (seconds, micros) = await pipe.execute()
        at = int(seconds) * 1000 + int(micros) // 1000
        if at - int(change.partition("-")[0]) > LATE_MS:
            await self._note_again(changed)

    async def listen(self) -> AsyncIterator[str | None]:
        """Changed keys as they come; None whenever some may have been missed: drop everything.

        The first item is None, once the channel is being listened to. Never ends by itself: while
        the store is away it goes on trying.
        """
        known = _Known()
        while True:
            try:
                await self._redis.initialize()
                async with (
                    self._redis.pubsub() as channel,
                    aclosing(self._news(channel, known)) as news,
                ):
                    await channel.subscribe(keys.CHANGES_CHANNEL)
                    async for key in news:
                        yield key
            except (RedisError, OSError):
                pass
            # Jitter (not a secret): workers do not all come back in the same instant.
            await asyncio.sleep(RETRY_SECONDS * (1 + random.random()))  # noqa: S311

    async def _news(self, channel: PubSub, known: "_Known") -> AsyncGenerator[str | None, None]:
        looked = float("-inf")
        async for message in _messages(channel):
            if message is None:
                yield None
            elif message:
                change, *changed = message.split("\n")
                for key in changed:
                    yield key
                # Whoever listens has come back for more.
                await self._say_heard(change, changed)
                known.heard.add(change)
            if time.monotonic() >= looked + IDLE_SECONDS:
                # What nobody announced as well: who noted it may have died before.
                missed = await self._missed(known)
                for key in missed if message is not None else ():
                    yield key
                await self._note_again(missed)
                looked = time.monotonic()


class _Known:
    """The entry up to which the journal was read ("": not yet), and what was heard since."""

    def __init__(self) -> None:
        self.last = ""
        self.heard: set[str] = set()


async def _messages(channel: PubSub) -> AsyncIterator[str | None]:
    """What is said; None when it begins, "" after a while in which nothing was."""
    silent = 0
    while silent <= SILENT_TIMES:
        message = await channel.get_message(timeout=IDLE_SECONDS)
        if message is None:
            silent += 1
            await channel.ping()
            yield ""
            continue
        silent = 0
        if message["type"] == "subscribe":
            yield None
        elif message["type"] == "message":
            yield message["data"].decode()
