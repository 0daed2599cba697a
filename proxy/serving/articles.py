"""Articles at hand: in memory, or in a file of this worker's from which they are read at once.

A page read from there takes a few microseconds more than one in memory, and a tenth of what it
takes from the store; what of the file is in memory is the kernel's, which gives it to others.
"""

import asyncio
import logging
from typing import NamedTuple

from proxy.flight import Flight
from proxy.hot import Hot
from proxy.page import Mode
from proxy.render.prepared import Prepared, Runs, read
from proxy.serving.ring import Ring

logger = logging.getLogger(__name__)

PLACE_BYTES = 500
"""What is in memory of an article in the file."""


class _Place(NamedTuple):
    """Where an article of this mode is in the file; `size` 0: nowhere, it was read once."""

    mode: Mode
    at: int = 0
    size: int = 0


class ArticleCache:
    """Keeps articles in `hot`, and in `ring` those that come from the store a second time."""

    def __init__(self, hot: Hot, ring: Ring | None = None) -> None:
        self._hot = hot
        self._ring = ring
        self._writing: Flight[None] = Flight()

    def get(self, article: str, mode: Mode) -> Prepared | None:
        """An article's page that can be had without waiting."""
        found = self._hot.get(("article", article, mode))
        return found if isinstance(found, Prepared) else self._read(article, mode)

    def runs(self, article: str, mode: Mode, digest: bytes) -> Runs | None:
        """The page's runs, if they are at hand and of this digest."""
        found = self._hot.get(("article", article, mode))
        if not isinstance(found, Prepared):
            found = self._read(article, mode)
            if found is None:
                return None
            # Nothing was waited for: no change can have come since the place was found.
            self._admit(article, mode, found, self._hot.mark())
        return found.runs if found.digest == digest else None

    def keep(self, article: str, mode: Mode, page: Prepared, mark: int) -> None:
        """Keeps what was read from the store after `mark`; the file has it by and by."""
        if self._hot.get(("article", article, mode)) is None:  # others may have asked meanwhile
            self._admit(article, mode, page, mark)
        ring = self._ring
        if ring and self._place(article, mode):
            self._writing.begin(
                (article, mode), lambda: self._write(ring, article, mode, page, mark)
            )
        elif ring:
            self._note(article, _Place(mode), mark)

    async def close(self) -> None:
        """Stops what is under way."""
        await self._writing.stop()

    def _admit(self, article: str, mode: Mode, page: Prepared, mark: int) -> None:
        if self._hot.admits("other", page.size):
            self._hot.put(("article", article, mode), page, page.size, [f"article:{article}"], mark)

    def _note(self, article: str, place: _Place, mark: int) -> None:
        self._hot.put(f"article:{article}", place, PLACE_BYTES, (), mark, "place")

    def _place(self, article: str, mode: Mode) -> _Place | None:
        found = self._hot.get(f"article:{article}", "place")
        return found if isinstance(found, _Place) and found.mode == mode else None

    def _read(self, article: str, mode: Mode) -> Prepared | None:
        place = self._place(article, mode)
        if not self._ring or not place or not place.size:
            return None
        data = self._ring.get(place.at, place.size)
        return read(data) if data else None

    async def _write(self, ring: Ring, article: str, mode: Mode, page: Prepared, mark: int) -> None:
        size = len(page.data)
        at = ring.room(size)
        if at is None:
            return
        try:
            await asyncio.to_thread(ring.put, at, page.data)
        except OSError as error:  # on a full disk others need the room more
            if self._ring:
                logger.warning("pages are not put aside any more: %s", error)
            self._ring = None
            ring.close()
        else:
            self._note(article, _Place(mode, at, size), mark)
