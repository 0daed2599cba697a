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

KEPT_EACH = 4
"""So many are read from the file for each that comes into memory: what is asked for often comes
soon enough, and what is not drives nothing out.
"""
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
        self._reads = 0

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
        made = _prepared(cut)
        self._keep(article, mode, made, mark)
        return made

    def _place(self, article: str, mode: Mode) -> _Place | None:
        found = self._hot.get(f"article:{article}")
        return found if isinstance(found, _Place) and found.mode == mode else None

    def _read(self, article: str, mode: Mode) -> Prepared | None:
        place = self._place(article, mode)
        if not self._ring or not place or not place.size:
            return None
        data = self._ring.get(place.at, place.size)
        if data is None:
            return None
        found = _prepared(unpacked(data))
        self._reads += 1
        if self._reads % KEPT_EACH == 0:
            # Nothing was waited for: no change can have come since the place was found.
            self._keep(article, mode, found, self._hot.mark())
        return found

    def _keep(self, article: str, mode: Mode, made: Prepared, mark: int) -> None:
        self._hot.put(("article", article, mode), made, made.size, [f"article:{article}"], mark)

    def _give_up(self, ring: Ring, error: OSError) -> None:
        """On a full disk others need the room more."""
        if self._ring:
            logger.warning("pages are not put aside any more: %s", error)
        self._ring = None
        ring.close()

    async def _put(self, ring: Ring, mode: Mode, cut: Cut) -> _Place:
        data = packed(cut)
        at = ring.room(len(data))
        if at is None:
            return _Place(mode, 0, 0)
        try:
            await asyncio.to_thread(ring.put, at, data)
        except OSError as error:
            self._give_up(ring, error)
            return _Place(mode, 0, 0)
        return _Place(mode, at, len(data))


def _prepared(cut: Cut) -> Prepared:
    return render.prepared(cut.stored.page, cut.parts)
