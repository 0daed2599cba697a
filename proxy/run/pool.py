"""Compiling in a process of its own: a page that is slow or fatal to compile harms no reader."""

import asyncio
import os
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from proxy.compiler import compile_page
from proxy.compiler.page import Mode, Page
from proxy.errors import SourceProblem
from proxy.rights import Signals
from proxy.run.death import end_with_parent
from proxy.source import Source

COMPILE_SECONDS = 20.0
MEMORY_BYTES = 2 << 30
PAGES_PER_PROCESS = 2_000  # a fresh process now and then bounds any leak of the parser


def _enter(parent: int) -> None:
    end_with_parent(parent)
    os.nice(5)  # readers first
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


class CompilePool:
    """A process that runs the compiler; a crash or a time-out costs its own page only.

    One page at a time is in it: waiting for a turn takes nobody's time, and nobody else is there
    when the process has to be killed.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._executor: ProcessPoolExecutor | None = None

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        """Compiles in a process; raises SourceProblem, `not_an_article` if it took too long."""
        async with self._turn:
            executor = self._ready()
            work = asyncio.get_running_loop().run_in_executor(
                executor, compile_page, source, mode, outside
            )
            try:
                return await asyncio.wait_for(work, COMPILE_SECONDS)
            except (TimeoutError, BrokenProcessPool, MemoryError):
                self._discard(executor)
                raise SourceProblem("not_an_article", "the page could not be read") from None

    def _ready(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_enter,
                initargs=(os.getpid(),),
                max_tasks_per_child=PAGES_PER_PROCESS,
            )
        return self._executor

    def _discard(self, executor: ProcessPoolExecutor) -> None:
        """Ends the processes of `executor`."""
        if self._executor is executor:
            self._executor = None
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 - no public way to end a hung one
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Ends all processes."""
        if self._executor is not None:
            self._discard(self._executor)
