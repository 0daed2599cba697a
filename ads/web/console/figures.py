"""The three figures that a list shows for each share."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ads.clock import HOUR, Clock
from ads.events.ledger import TAPS
from ads.store.counts import Counts


class ShareFigures(NamedTuple):
    """Readers, the longest chain in hops, taps on the ad: since the share was made."""

    readers: int = 0
    hops: int = 0
    taps: int = 0


class Figures:
    """Reads them from the counts."""

    def __init__(self, counts: Counts, now: Clock) -> None:
        self._counts = counts
        self._now = now

    async def of_shares(self, share_ids: Sequence[str]) -> Mapping[str, ShareFigures]:
        """By share id; every id asked for is in it."""
        found = await self._counts.cells(share_ids, 0, self._now() + HOUR, {"total"})
        taps = [sum(cell.figures[TAPS] for cell in of_share) for of_share in found]
        return {share: await self._of(share, n) for share, n in zip(share_ids, taps, strict=True)}

    async def _of(self, share: str, taps: int) -> ShareFigures:
        tree = await self._counts.tree(share)
        return ShareFigures(tree.readers, max(tree.widths, default=0), taps)
