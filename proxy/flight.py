"""Single flight: of calls with the same name one runs, and all get its result (a leaf)."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
Start = Callable[[], Coroutine[object, object, T]]


class Flight(Generic[T]):
    """This process's runs by name; a cancelled caller does not cancel the run."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}

    async def run(self, name: Hashable, start: Start[T]) -> T:
        """The result, or the exception, of the run under way or of a new one."""
        return await asyncio.shield(self.begin(name, start))

    def flying(self, name: Hashable) -> bool:
        """Whether a run of this name is under way."""
        return name in self._running

    def begin(self, name: Hashable, start: Start[T]) -> "asyncio.Task[T]":
        """The task of the run under way, or of a new one."""
        task = self._running.get(name)
        if task is None:
            task = asyncio.ensure_future(start())
            self._running[name] = task
            task.add_done_callback(lambda done: self._landed(name, done))
        return task

    def _landed(self, name: Hashable, task: "asyncio.Task[T]") -> None:
        self._running.pop(name, None)
        if not task.cancelled():
            # All callers may have left: mark the exception as retrieved.
            task.exception()

    async def stop(self) -> None:
        """Cancels all runs and waits until they have cleaned up."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def settle(waiting: "asyncio.Future[T]", outcome: T | Exception) -> None:
    """Gives a future its result or its error, unless whoever waited for it has left."""
    if waiting.done():
        return
    if isinstance(outcome, Exception):
        waiting.set_exception(outcome)
    else:
        waiting.set_result(outcome)
