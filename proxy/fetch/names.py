"""A name -> its addresses, by the system's resolver, without ever blocking the event loop."""

import asyncio
import errno
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

from proxy.flight import settle

# A name -> its addresses, as texts; raises OSError if it has none.
Lookup = Callable[[str], Awaitable[list[str]]]

# Lookups at a time, including those that nobody waits for any more.
_LOOKUPS = threading.BoundedSemaphore(64)


async def system_lookup(name: str) -> list[str]:
    """Ask the system's resolver. Raises OSError without an answer, or for too many at once.

    getaddrinfo cannot be cancelled, so each name has its own daemon thread: a slow name server
    holds up neither the loop's thread pool nor the end of the process.
    """
    if not _LOOKUPS.acquire(blocking=False):
        raise OSError(errno.EAGAIN, "too many names are being looked up")
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()
    threading.Thread(target=_look_up, args=(name, loop, answer), daemon=True).start()
    return await answer


def _look_up(
    name: str, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[list[str]]"
) -> None:
    found: list[str] | OSError
    try:
        # As bytes, so that Python's old IDNA codec does not convert the name again.
        infos = socket.getaddrinfo(name.encode("ascii"), 0, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in infos))
    except OSError as error:
        found = error
    finally:
        _LOOKUPS.release()
    with suppress(RuntimeError):  # the loop has ended: nobody waits
        loop.call_soon_threadsafe(settle, answer, found)
