"""The fold's mark on a share in a segment: how far it is, which events were `ended` (a leaf). Pure.

Whether share and ad were active is judged once, when an event is folded, and kept with the mark:
judged again later, by a history that a clock which was set back has written, it could differ.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import msgspec

from ads.events.receipt import Receipt


class Mark(msgspec.Struct, frozen=True):
    """`last` is the last sequence that is folded.

    `turns` are, by ad, the sequences at which that changed: events were `ended` from the first on,
    no more from the second, again from the third.
    """

    last: int
    turns: Mapping[str, Sequence[int]] = {}

    def judged(self, sequence: int, kept: Receipt) -> Receipt:
        """The event with the final reason in `refused`, as it was folded."""
        ended = bisect_right(self.turns.get(kept.ad, ()), sequence) % 2
        refused = settled(kept.refused, active=not ended)
        # Most are neither: copying each would double what an export takes.
        return kept if refused == kept.refused else msgspec.structs.replace(kept, refused=refused)


def settled(refused: str, *, active: bool) -> str:
    """The final reason; `ended` yields to an expired ticket alone (contract, section 6)."""
    return refused if active or refused == "expired_ticket" else "ended"
