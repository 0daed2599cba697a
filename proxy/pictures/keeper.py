"""Source pictures, fetched once for everyone who asks at that time, shrunk, remembered for a while.

What is behind us (a CDN, readers' browsers) keeps a picture for long; the memory here only carries
the minutes until they have it, and keeps a broken one from being asked for again and again.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from ads.clock import SECOND, Clock
from ads.errors import Problem
from proxy.flight import Flight
from proxy.hot import Hot
from proxy.pictures.shrink import Shrunk

MEMORY_BYTES = 32 << 20
BROKEN_MS = 60 * SECOND
"""How long a source that gave no picture is not asked again."""
WAITING = 256
"""Pictures that are waited for in this process; one more is told to come back."""
AT_ONCE = 32
"""Pictures that are fetched and shrunk at once.

Half of the fetcher's connections: whoever asks for slow pictures, as anybody may, holds up nobody
who publishes.
"""
ENTRY_BYTES = 500

Refused = Literal["broken", "busy"]
Make = Callable[[str], Awaitable[Shrunk]]


@dataclass(frozen=True)
class Kept:
    """A picture with its strong ETag."""

    data: bytes
    media_type: str
    etag: str


@dataclass(frozen=True)
class _Broken:
    until: int


class PictureKeeper:
    """Pictures, sheets and fonts by name; `make` raises Problem for what is none."""

    def __init__(self, make: Make, now: Clock, *, memory: int = MEMORY_BYTES) -> None:
        self._made = make
        self._now = now
        self._kept = Hot(memory)
        self._flight: Flight[Kept | None] = Flight()
        self._under_way = 0
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def get(self, url: str) -> Kept | Refused:
        """The picture at `url`; `broken` if there is none, `busy` if too many are under way."""
        found = self._kept.get(url)
        if isinstance(found, Kept):
            return found
        if isinstance(found, _Broken) and self._now() < found.until:
            return "broken"
        if self._under_way >= WAITING and not self._flight.flying(url):
            return "busy"
        return await self._flight.run(url, lambda: self._make(url)) or "broken"

    async def close(self) -> None:
        """Cancels what is being made."""
        await self._flight.stop()

    async def _make(self, url: str) -> Kept | None:
        self._under_way += 1
        try:
            async with self._turns:
                shrunk = await self._made(url)
        except Problem:
            self._keep(url, _Broken(self._now() + BROKEN_MS), 0)
            return None
        finally:
            self._under_way -= 1
        digest = hashlib.blake2b(shrunk.data, digest_size=12).hexdigest()
        kept = Kept(shrunk.data, shrunk.media_type, f'"{digest}"')
        self._keep(url, kept, len(kept.data))
        return kept

    def _keep(self, url: str, value: object, size: int) -> None:
        self._kept.put(url, value, ENTRY_BYTES + len(url) + size, (), self._kept.mark())
