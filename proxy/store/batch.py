"""Records by key, many at a time: keys asked for during one read go together into the next."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from redis.asyncio import Redis

from proxy.flight import settle
from proxy.store.line import Line

Values = list[bytes | None]
Answered = Callable[[Values | Exception], None]
AT_ONCE = 64
"""Keys of one read: a longer one would hold up others, and its answer is held in memory."""


class Batch:
    """Reads that share round trips to the store. Raises RedisError like the store."""

    def __init__(self, redis: Redis) -> None:
        self._line = Line(redis)
        self._waiting: deque[tuple[Sequence[str], Answered]] = deque()
        self._going: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | None:
        """What is kept under `key`."""
        return (await self.each((key,)))[0]

    async def each(self, keys: Sequence[str]) -> Values:
        """What is kept under each of a few keys."""
        # Each caller has its own future: one that is cancelled takes the answer from nobody else.
        found: asyncio.Future[Values] = asyncio.get_running_loop().create_future()
        self.call(keys, partial(settle, found))
        return await found

    def call(self, keys: Sequence[str], answered: Answered) -> None:
        """`answered` is called with what is kept under each of a few keys, or with the error."""
        self._waiting.append((keys, answered))
        if self._going is None:
            self._going = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._read()
        finally:
            self._going = None

    async def _read(self) -> None:
        at: dict[str, int] = {}
        some: list[tuple[Sequence[str], Answered]] = []
        while self._waiting and len(at) < AT_ONCE:
            some.append(self._waiting.popleft())
            for key in some[-1][0]:
                at.setdefault(key, len(at))
        soon = asyncio.get_running_loop().call_soon
        try:
            answers = await self._line.mget(list(at))
        except Exception as error:  # noqa: BLE001 - all callers must get it
            for _, answered in some:
                soon(answered, error)
            return
        for keys, answered in some:
            soon(answered, [answers[at[key]] for key in keys])
