"""Articles at hand: in memory, or in a file of this worker's from which they are read at once.

A page read from there takes a few microseconds more than one in memory, and a tenth of what it
takes from the store; what of the file is in memory is the kernel's, which gives it to others.
"""

import asyncio
import logging
from typing import NamedTuple

from proxy import render
from proxy.compiler.page import Mode
from proxy.hot import Hot
from proxy.render import Prepared
from proxy.ring import Ring
from proxy.store.articles import Cut, packed, unpacked

logger = logging.getLogger(__name__)

PLACE_BYTES = 500
"""What is in memory of an article in the file."""


class _Place(NamedTuple):
    """Where an article of this mode is in the file; `size` 0: nowhere, it was read once."""

    mode: Mode
    at: int
    size: int


class Shelf:
    """Keeps articles in `hot`, and in `ring` those that come from the store a second time."""

    def __init__(self, hot: Hot, ring: Ring | None = None) -> None:
        self._hot = hot
        self._ring = ring

    def get(self, article: str, mode: Mode) -> Prepared | None:
        """An article's page that can be had without waiting."""
        found = self._hot.get(("article", article, mode))
        return found if isinstance(found, Prepared) else self._read(article, mode)

    async def keep(self, article: str, mode: Mode, cut: Cut, mark: int) -> Prepared:
        """Keeps what was read from the store after `mark`."""
        if self._ring:
            known = self._place(article, mode)
            place = await self._put(self._ring, mode, cut) if known else _Place(mode, 0, 0)
            self._hot.put(f"article:{article}", place, PLACE_BYTES, (), mark, "place")
        return self._prepared(article, mode, cut, mark)

    def _place(self, article: str, mode: Mode) -> _Place | None:
        found = self._hot.get(f"article:{article}")
        return found if isinstance(found, _Place) and found.mode == mode else None

    def _read(self, article: str, mode: Mode) -> Prepared | None:
        place = self._place(article, mode)
        if not self._ring or not place or not place.size:
            return None
        data = self._ring.get(place.at, place.size)
        # Nothing is waited for: no change can come between finding the place and keeping the page.
        return self._prepared(article, mode, unpacked(data), self._hot.mark()) if data else None

    def _prepared(self, article: str, mode: Mode, cut: Cut, mark: int) -> Prepared:
        made = render.prepared(cut.stored.page, cut.parts)
        self._hot.put(("article", article, mode), made, made.size, [f"article:{article}"], mark)
        return made

    async def _put(self, ring: Ring, mode: Mode, cut: Cut) -> _Place:
        data = packed(cut)
        at = ring.room(len(data))
        if at is None:
            return _Place(mode, 0, 0)
        try:
            await asyncio.to_thread(ring.put, at, data)
        except OSError as error:
            logger.warning("a page could not be put aside: %s", error)
            return _Place(mode, 0, 0)
        return _Place(mode, at, len(data))
