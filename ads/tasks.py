"""Background work: repeated, in slices, in threads, or finished despite cancelling (a leaf)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from time import perf_counter
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from msgspec import MsgspecError
from redis.exceptions import RedisError

CANCEL_SECONDS = 0.2
SLICE_SECONDS = 0.0005
"""How long a time slice lasts; a turn of the loop costs a fortieth of it."""

Given = ParamSpec("Given")
Result = TypeVar("Result")
log = logging.getLogger(__name__)


async def repeat(work: Callable[[], Awaitable[object]], rest_seconds: float, name: str) -> None:
    """Rests and works in turn until cancelled.

    If the store is away or has an unreadable record, that is logged once, and it tries again.
    """
    away = False
    while True:
        await asyncio.sleep(rest_seconds)
        try:
            await work()
            away = False
        except (RedisError, OSError, MsgspecError) as error:
            if not away:
                log.warning("%s wait for the store: %s", name, error)
            away = True


async def end(work: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels until all have ended, however often that takes.

    Before Python 3.12 `asyncio.wait_for`, in which redis-py sends, loses a cancellation that comes
    as the send is done; a task that was asked once would then go on for ever.
    """
    pending = {task for task in work if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_SECONDS)


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Finishes the work even if the caller is cancelled meanwhile, and then raises that."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


class TimeSlice:
    """How long one task may hold the loop before others get their turn."""

    def __init__(self) -> None:
        self._began = perf_counter()

    async def end(self) -> None:
        """If the slice is used up, lets the loop turn once and begins the next slice."""
        if perf_counter() - self._began >= SLICE_SECONDS:
            await asyncio.sleep(0)
            self._began = perf_counter()


class Lane:
    """Threads for one kind of work, at most `at_once` in each event loop."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._room: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    async def run(
        self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Runs `work` in a thread as soon as one is free; returns or raises what it does."""
        loop = asyncio.get_running_loop()
        room = self._room.setdefault(loop, asyncio.Semaphore(self._at_once))
        async with room:
            return await asyncio.to_thread(work, *args, **kwargs)
