"""News between workers: which surrogate keys changed (`share:<id>`, `ad:<id>`, `article:<id>`).

A change is noted in a journal, from which edges are told, and published on a channel. A worker that
has dropped its copies confirms it; after that the publisher goes on. Each worker reads the journal
too, for changes whose publisher died before it announced them.
"""

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
"""A listener that got no message for so long asks whether the store is still there."""
AGAIN = b"again"
"""Field of a journal entry that was noted a second time, for edges alone."""
SILENT_TIMES = 2
"""A listener gives its connection up after so many idle spells without any answer."""
RETRY_SECONDS = 0.25
HEARD_SECONDS = 0.5
"""How long a publisher waits at most for workers to confirm that they heard."""
KEYS_AT_ONCE = 1_000
"""An account's new name changes all its shares: workers serve readers between such batches."""
LATE_MS = 1_000
"""Edges are told so long after a change; a worker that heard later may have given one old pages."""
# A script, since in a cluster a pipeline takes no command without a key.
_CLOCK = "return redis.call('TIME')"
WAITING_AT_ONCE = 8
"""Publishers that wait for confirmation at once: each occupies a connection."""


class Changes:
    """The store's channel for changed things."""

    def __init__(
        self, redis: Redis, then: Callable[[Sequence[str]], Awaitable[None]] | None = None
    ) -> None:
        """`then` is called with what changed once every worker has dropped its copies."""
        self._redis = redis
        self._then = then
        self._turns = asyncio.Semaphore(WAITING_AT_ONCE)

    async def publish(self, *changed: str) -> None:
        """Tell every worker, this one too, that these surrogate keys changed.

        Returns when the workers have heard; the change is in the journal before that.
        """
        for start in range(0, len(changed), KEYS_AT_ONCE):
            await self._publish(changed[start : start + KEYS_AT_ONCE])

    async def _publish(self, changed: Sequence[str]) -> None:
        change = await self._note(changed)
        told = "\n".join((change, *changed))
        listeners = await self._redis.publish(keys.CHANGES_CHANNEL, told)
        with suppress(RedisError, OSError):  # the change is made, confirmed or not
            async with self._turns:
                await self._heard(change, int(listeners))
        if self._then:
            await self._then(changed)

    async def _note(self, changed: Sequence[str], *, again: bool = False) -> str:
        """Add an entry to the journal; returns its id."""
        noted: dict[Any, Any] = {"keys": "\n".join(changed)} | ({AGAIN: 1} if again else {})
        most = keys.CHANGES_JOURNAL_MAX
        return text(await self._redis.xadd(keys.CHANGES_JOURNAL, noted, maxlen=most))

    async def _missed(self, known: "_Known") -> list[str]:
        """Keys in the journal since the last look that the channel did not announce.

        The first look finds none. What others noted a second time they had missed, not we.
        """
        newest: Any = await self._redis.xrevrange(keys.CHANGES_JOURNAL, count=1)
        last = text(newest[0][0]) if newest else "0-0"
        since, heard = known.last or last, known.heard
        found: Any = await self._redis.xrange(keys.CHANGES_JOURNAL, f"({since}", last)
        lines = (text(e[b"keys"]) for n, e in found if text(n) not in heard and AGAIN not in e)
        known.last, known.heard = last, set()
        return list(dict.fromkeys(key for each in lines for key in each.split("\n")))

    async def _note_again(self, changed: Sequence[str]) -> None:
        """Have edges told once more: we served old pages, perhaps to an edge told before."""
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
        """Confirm a change to its publisher; if we heard late, have edges told once more."""
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

        The first item is None, when the subscription begins. Never ends: while the store is away
        it goes on trying.
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
                # The consumer asked for the next item, so it has handled these.
                await self._say_heard(change, changed)
                known.heard.add(change)
            if time.monotonic() >= looked + IDLE_SECONDS:
                # A publisher may have died between its note and its announcement.
                missed = await self._missed(known)
                for key in missed if message is not None else ():
                    yield key
                await self._note_again(missed)
                looked = time.monotonic()


class _Known:
    """The last journal entry that was read ("": none yet), and the entries heard since."""

    def __init__(self) -> None:
        self.last = ""
        self.heard: set[str] = set()


async def _messages(channel: PubSub) -> AsyncIterator[str | None]:
    """Messages; None when the subscription begins, "" after an idle spell."""
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
