"""Records by key, many at a time: what is asked while a read is under way goes with the next."""

import asyncio
from collections.abc import Iterable, Iterator

from redis.asyncio import Redis

from proxy.store.line import Line

Asked = asyncio.Future[bytes | None]
AT_ONCE = 64
"""Keys of one read: it holds up whoever else waits, and its answer is in memory."""


class Batch:
    """Reads that share their way to the store and back. Raises RedisError like the store."""

    def __init__(self, redis: Redis) -> None:
        self._line = Line(redis)
        self._waiting: dict[str, list[Asked]] = {}
        self._going: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | None:
        """What is kept under `key`."""
        return await self.ask(key)

    async def each(self, keys: Iterable[str]) -> list[bytes | None]:
        """What is kept under each of a few keys, asked for at once."""
        asked = [self.ask(key) for key in keys]
        return [await found for found in asked]

    def ask(self, key: str) -> Asked:
        """The same as `get`, on its way at once."""
        # Each has a future of its own: one who leaves takes the answer from nobody else.
        found: Asked = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(found)
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

    async def _read(self, waiting: dict[str, list[Asked]]) -> None:
        try:
            answers = await self._line.mget(list(waiting))
        except Exception as error:  # noqa: BLE001 - whoever asked has to hear of it
            for asked in _there(waiting.values()):
                asked.set_exception(error)
                asked.exception()  # seen, though it may be asked for later, or never
            return
        for some, answer in zip(waiting.values(), answers, strict=True):
            for asked in _there([some]):
                asked.set_result(answer)


def _there(waiting: Iterable[list[Asked]]) -> Iterator[Asked]:
    """Those who have not left."""
    return (asked for some in waiting for asked in some if not asked.done())
