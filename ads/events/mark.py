"""The fold's mark for a share in a segment: what is folded, what had `ended` (a leaf). Pure.

Whether share and ad were active is judged once, when an event is folded, and kept in the mark. A
second judgement could differ: a clock that was set back may since have written another history.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import msgspec

from ads.events.receipt import Receipt


class Mark(msgspec.Struct, frozen=True):
    """`last` is the last sequence that is folded.

    `turns`: for each ad, the sequences at which `ended` switched on, off, on again, and so forth.
    """

    last: int
    turns: Mapping[str, Sequence[int]] = {}

    def judged(self, sequence: int, kept: Receipt) -> Receipt:
        """The event with the final reason in `refused`, as it was folded."""
        ended = bisect_right(self.turns.get(kept.ad, ()), sequence) % 2
        refused = settled(kept.refused, active=not ended)
        # Most events keep their reason: copying them all would double an export's time.
        return kept if refused == kept.refused else msgspec.structs.replace(kept, refused=refused)


def settled(refused: str, *, active: bool) -> str:
    """The final reason; `ended` yields to an expired ticket alone (contract, section 6)."""
    return refused if active or refused == "expired_ticket" else "ended"
