"""Compiling and shrinking in separate processes, so that slow or fatal work harms no reader.

Each is a `cell`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, Unpack

from ads.errors import Problem
from ads.picture import Picture, encode_now
from ads.tally import Tally
from proxy import observe
from proxy.compiler import compile_page
from proxy.errors import SourceProblem
from proxy.fairness import FairQueue
from proxy.page import Mode, Page
from proxy.pictures.sheets import cleaned
from proxy.pictures.shrink import Shrunk, shrink
from proxy.pool.cell import Cell, LostError
from proxy.rights import Signals
from proxy.source import Source

Given = TypeVar("Given")
Result = TypeVar("Result")
Several = TypeVarTuple("Several")

logger = logging.getLogger(__name__)

COMPILE_SECONDS = 20.0
SHRINK_SECONDS = 10.0
PAGES_PER_PROCESS = 2_000  # a fresh process now and then bounds any leak of the parser
PICTURES_PER_PROCESS = 5_000
UPLOADS_PER_PROCESS = 100  # large ones leave large gaps


class CompilePool:
    """A process that runs the compiler; a crash or a time-out costs only the page it was for.

    Accounts take turns, so one with many slow pages does not hold up the others.
    """

    def __init__(self, tally: Tally) -> None:
        self._cell = Cell(PAGES_PER_PROCESS)
        self._queue = FairQueue()
        self._tally = tally

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        """Compile in the process.

        Raises SourceProblem: `not_an_article` also for a page that takes too long or raises
        anything unforeseen, which is logged.
        """
        with observe.outcome(self._tally, "passalong_compile_seconds"):
            async with self._queue.turn():
                return await self._compiled(source, mode, outside)

    async def _compiled(self, source: Source, mode: Mode, outside: Signals) -> Page:
        try:
            return await self._cell.run(COMPILE_SECONDS, compile_page, source, mode, outside)
        except Problem:
            raise
        except LostError:
            logger.warning("a page took its process with it, or longer than %d s", COMPILE_SECONDS)
        except Exception:
            logger.exception("a page could not be compiled")
        raise SourceProblem("not_an_article", "the page could not be read")

    async def aside(self, work: Callable[[Given], Result], given: Given, /) -> Result:
        """Run other work on a whole page (deflating it) in the process.

        A thread of the worker would compete with its event loop, and so with readers.
        """
        try:
            return await self._cell.run(COMPILE_SECONDS, work, given)
        except LostError:
            return await asyncio.to_thread(work, given)

    def close(self) -> None:
        """End the process."""
        self._cell.close()


class ShrinkPool:
    """Processes that decode pictures; a crash or a time-out costs only the picture it was for.

    Members' uploads have a process of their own, so that readers' pictures do not wait for them.
    """

    def __init__(self) -> None:
        self._cell = Cell(PICTURES_PER_PROCESS)
        self._uploads = Cell(UPLOADS_PER_PROCESS)

    async def encode(self, data: bytes) -> Picture:
        """An ad's picture. Raises Problem as `encode_now` does."""
        return await _judged(self._uploads, encode_now, data)

    async def shrink(self, data: bytes) -> Shrunk:
        """A publisher's picture for a phone. Raises Problem as `shrink` does."""
        return await _judged(self._cell, shrink, data)

    async def sheet(self, text: str, url: str) -> str:
        """A publisher's style sheet, cleaned. Raises SourceProblem."""
        return await _judged(self._cell, cleaned, text, url)

    def close(self) -> None:
        """End the processes."""
        self._cell.close()
        self._uploads.close()


async def _judged(
    cell: Cell, work: Callable[[Unpack[Several]], Result], *given: *Several
) -> Result:
    """The result of `work`; raises SourceProblem if it takes too long or ends its process."""
    try:
        return await cell.run(SHRINK_SECONDS, work, *given)
    except LostError:
        raise SourceProblem("unsupported_media_type", "It cannot be read in time.") from None
