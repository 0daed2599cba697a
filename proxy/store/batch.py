"""Records by key, many at a time: what is asked while a read is under way goes with the next."""

import asyncio
from collections.abc import Iterable
from typing import cast

from redis.asyncio import Redis

AT_ONCE = 64
"""Keys of one read: it holds up whoever else waits, and its answer is in memory."""


class Batch:
    """Reads that share their way to the store and back. Raises RedisError like the store."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: dict[str, asyncio.Future[bytes | None]] = {}
        self._going: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | None:
        """What is kept under `key`."""
        # One who leaves must not take the answer from others.
        return await asyncio.shield(self._asked(key))

    async def each(self, keys: Iterable[str]) -> list[bytes | None]:
        """What is kept under each of a few keys, asked for at once."""
        asked = [self._asked(key) for key in keys]
        return [await asyncio.shield(found) for found in asked]

    def _asked(self, key: str) -> "asyncio.Future[bytes | None]":
        found = self._waiting.get(key)
        if found is None:
            found = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._going is None:
            self._going = asyncio.create_task(self._run())
        return found

    async def _run(self) -> None:
        try:
            while self._waiting:
                some = list(self._waiting)[:AT_ONCE]
                await self._read({key: self._waiting.pop(key) for key in some})
        finally:
            self._going = None

    async def _read(self, waiting: dict[str, "asyncio.Future[bytes | None]"]) -> None:
        try:
            answers = await self._ask(waiting)
        except Exception as error:  # noqa: BLE001 - whoever asked has to hear of it
            for future in waiting.values():
                future.set_exception(error)
                future.exception()  # seen, though everyone who asked may have left
            return
        for future, answer in zip(waiting.values(), answers, strict=True):
            future.set_result(answer)

    async def _ask(self, names: Iterable[str]) -> list[bytes | None]:
        """One command: a pipeline costs redis-py twice as much a key."""
        return cast("list[bytes | None]", await self._redis.mget(list(names)))
