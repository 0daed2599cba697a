"""Ending what goes on in the background, and what must not end half done."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

CANCEL_SECONDS = 0.2


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
    """Does it whole, however often its caller is cancelled meanwhile, who is told afterwards."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError
