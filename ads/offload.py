"""Work that would hold up the event loop: in a thread, a few at a time (a leaf)."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Given = ParamSpec("Given")
Result = TypeVar("Result")


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
        """What `work` returns or raises, once there was room for it."""
        loop = asyncio.get_running_loop()
        room = self._room.setdefault(loop, asyncio.Semaphore(self._at_once))
        async with room:
            return await asyncio.to_thread(work, *args, **kwargs)
