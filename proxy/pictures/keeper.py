"""A cache of source pictures: each is fetched once for all who ask at that time, and shrunk.

The CDN and readers' browsers keep a picture for long; this cache bridges the minutes until they
have it, and keeps us from fetching a broken one again and again.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, cast

from ads.clock import HOUR, SECOND, Clock
from ads.errors import Problem
from proxy.flight import Flight
from proxy.hot import Hot
from proxy.pictures.shrink import Shrunk

MEMORY_BYTES = 32 << 20
KEPT_MS = HOUR
"""How long a result is not fetched again; sheets change, and a URL may get another picture."""
BROKEN_MS = 60 * SECOND
"""The same for a URL without a picture."""
AWAY = ("unreachable", "source_timeout")
"""Failures after which the old picture stays."""
WAITING = 256
"""Pictures that are under way in this process at most; requests for further ones get `busy`."""
AT_ONCE = 32
"""Pictures that are fetched and shrunk at once.

Half of the fetcher's connections, so that requests for slow pictures, which anybody can make, do
not hold up publishing.
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
        kept, until = self._known(url)
        if self._now() < until:
            return kept or "broken"
        if self._under_way >= WAITING and not self._flight.flying(url):
            return kept or "busy"
        return await self._flight.run(url, lambda: self._make(url)) or "broken"

    async def close(self) -> None:
        """Cancels what is being made."""
        await self._flight.stop()

    async def _make(self, url: str) -> Kept | None:
        self._under_way += 1
        try:
            async with self._turns:
                shrunk = await self._made(url)
        except Problem as problem:
            kept = self._known(url)[0] if problem.code in AWAY else None
            self._keep(url, kept, BROKEN_MS)
            return kept
        finally:
            self._under_way -= 1
        digest = hashlib.blake2b(shrunk.data, digest_size=12).hexdigest()
        kept = Kept(shrunk.data, shrunk.media_type, f'"{digest}"')
        self._keep(url, kept, KEPT_MS)
        return kept

    def _known(self, url: str) -> tuple[Kept | None, int]:
        """The last picture, None if there was none; until when (ms) this result holds."""
        return cast("tuple[Kept | None, int]", self._kept.get(url) or (None, 0))

    def _keep(self, url: str, kept: Kept | None, ms: int) -> None:
        size = ENTRY_BYTES + len(url) + (len(kept.data) if kept else 0)
        self._kept.put(url, (kept, self._now() + ms), size, (), self._kept.mark())
