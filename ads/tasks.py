"""Ending what goes on in the background."""

import asyncio
from collections.abc import Iterable
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
