"""Work that must end when the service does: what is not done is told to come again (a leaf)."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from ads.errors import Problem

T = TypeVar("T")
P = ParamSpec("P")
RETRY_SECONDS = 5


class Drain:
    """Runs work until `stop`; from then on all of it is `store_unavailable` with Retry-After."""

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
        """Cancels what runs, and from now on whatever is asked for."""
        self._stopping = True
        for task in self._running:
            task.cancel()


class Draining(Protocol):
    """What has methods that are `drained`."""

    _drain: Drain


D = TypeVar("D", bound=Draining)
Method = Callable[Concatenate[D, P], Coroutine[Any, Any, T]]


def drained(work: Method[D, P, T]) -> Method[D, P, T]:
    """A method whose work is run by the `Drain` of its object."""

    @wraps(work)
    async def run(self: D, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._drain.run(work(self, *args, **kwargs))

    return run
