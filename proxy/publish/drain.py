"""Work that must end with the service: callers of unfinished work are told to retry (a leaf)."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from ads.errors import Problem

T = TypeVar("T")
P = ParamSpec("P")
RETRY_SECONDS = 5


class Drain:
    """Runs work until `stop`; after that, all work fails as `store_unavailable`, to be retried."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; raises Problem("store_unavailable") if the service ends first."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self._stopping:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            task.cancel()
            if not self._stopping:
                raise
            detail = "The service is restarting."
            raise Problem("store_unavailable", detail, retry_after=RETRY_SECONDS) from None

    def stop(self) -> None:
        """Cancels all running work, and whatever is asked for later."""
        self._stopping = True
        for task in self._running:
            task.cancel()


Method = Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]


def drained(work: Method[P, T]) -> Method[P, T]:
    """Makes a method run in its object's `_drain`."""

    @wraps(work)
    async def run(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        drain: Drain = self._drain
        return await drain.run(work(self, *args, **kwargs))

    return run
