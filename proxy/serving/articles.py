"""A worker's cache of articles: in memory, and in a file that is read without waiting.

Reading from the file takes a few microseconds more than from memory, and a tenth of the time that
the store takes. The file is in the kernel's page cache, which shrinks when others need memory.
"""

import asyncio
import logging
from typing import NamedTuple

from proxy.flight import Flight
from proxy.hot import Hot
from proxy.page import Mode
from proxy.render import prepared
from proxy.render.prepared import Prepared
from proxy.serving.ring import Ring

logger = logging.getLogger(__name__)

PLACE_BYTES = 500
"""The memory that an article in the file takes."""


class _Place(NamedTuple):
    """Where an article of this mode is in the file; `size` 0: it was read once and is not there."""

    mode: Mode
    at: int = 0
    size: int = 0


class ArticleCache:
    """Keeps articles in `hot`, and in `ring` those that are read from the store a second time."""

    def __init__(self, hot: Hot, ring: Ring | None = None) -> None:
        self._hot = hot
        self._ring = ring
        self._writing: Flight[None] = Flight()

    def get(self, article: str, mode: Mode) -> Prepared | None:
        """An article's page, if it is in memory or in the file."""
        found = self._hot.get(("article", article, mode))
        if isinstance(found, Prepared):
            return found
        read = self._read(article, mode)
        if read:
            # We did not wait, so no change has arrived since the place was found.
            self._admit(article, mode, read, self._hot.mark())
        return read

    def keep(self, article: str, mode: Mode, page: Prepared, mark: int) -> None:
        """Keep a page that was read from the store after `mark`; writes the file later."""
        if self._hot.get(("article", article, mode)) is None:  # unless another call has kept it
            self._admit(article, mode, page, mark)
        ring = self._ring
        if ring and self._place(article, mode):
            self._writing.begin(
                (article, mode), lambda: self._write(ring, article, mode, page, mark)
            )
        elif ring:
            self._note(article, _Place(mode), mark)

    async def close(self) -> None:
        """Cancel pending writes."""
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
        return prepared.read(data) if data else None

    async def _write(self, ring: Ring, article: str, mode: Mode, page: Prepared, mark: int) -> None:
        size = len(page.data)
        at = ring.room(size)
        if at is None:
            return
        try:
            await asyncio.to_thread(ring.put, at, page.data)
        except OSError as error:  # on a full disk, others need the space more
            if self._ring:
                logger.warning("pages are not put aside any more: %s", error)
            self._ring = None
            ring.close()
        else:
            self._note(article, _Place(mode, at, size), mark)
