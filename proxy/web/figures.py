"""What a list of shares shows of each: three figures, from the counts."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class ShareFigures(msgspec.Struct, frozen=True):
    """Readers, the longest chain in hops, taps on the ad: since the share was made."""

    readers: int = 0
    hops: int = 0
    taps: int = 0


class Figures(Protocol):
    """Where the figures come from."""

    async def of_shares(self, share_ids: Sequence[str]) -> Mapping[str, ShareFigures]:
        """By share id; every id asked for is in it."""
