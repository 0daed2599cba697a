"""A process for work that may be slow or fatal, so that only this process dies of it."""

import asyncio
import gc
import os
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar, TypeVarTuple, Unpack

from proxy.death import end_with_parent

MEMORY_BYTES = 2 << 30

Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class LostError(Exception):
    """The work took too long or too much memory, or ended its process."""


def _enter(parent: int) -> None:
    end_with_parent(parent)
    # Readers come first. Not the idle class: on a busy machine no page would be made in time.
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


class Cell:
    """A process that starts when it is first needed, and anew after a loss or `tasks` tasks.

    It does one task at a time: waiting does not count towards a task's time limit, and killing the
    process loses only one task.
    """

    def __init__(self, tasks: int) -> None:
        self._tasks = tasks
        self._turn = asyncio.Lock()
        self._executor: ProcessPoolExecutor | None = None

    async def run(
        self, seconds: float, work: Callable[[Unpack[Given]], Result], *args: *Given
    ) -> Result:
        """Run `work` in the process; returns or raises what it does. Raises LostError."""
        async with self._turn:
            executor = self._ready()
            try:
                running = asyncio.get_running_loop().run_in_executor(executor, work, *args)
                return await asyncio.wait_for(running, seconds)
            except (TimeoutError, BrokenProcessPool, MemoryError):
                self._discard(executor)
                raise LostError from None

    def _ready(self) -> ProcessPoolExecutor:
        """The process, or a new one if it was killed while it was idle."""
        if self._executor and self._executor._broken:  # noqa: SLF001 - else a task would be lost
            self._discard(self._executor)
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_enter,
                initargs=(os.getpid(),),
                max_tasks_per_child=self._tasks,
            )
        return self._executor

    def _discard(self, executor: ProcessPoolExecutor, *, wait: bool = False) -> None:
        """End the executor's process; `wait` waits for its thread, in the first call only."""
        if self._executor is executor:
            self._executor = None
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 - no public way to end a hung one
            process.kill()
        executor.shutdown(wait=wait, cancel_futures=True)

    def close(self) -> None:
        """End the process and wait, so that its locks are freed along with their objects."""
        executor = self._executor
        if executor is None:
            return
        self._discard(executor, wait=True)
        del executor
        gc.collect()  # a worker ends by os._exit, which frees nothing
