"""How far a segment of the spool is folded, and what is still to be done for it (no I/O)."""

from collections.abc import Sequence

from ads.events.receipt import Receipt
from ads.store import replication
from ads.store.replication import MasterStates


class Progress:
    """`offset` in bytes, `last` sequence of each share, `times` of receipt (first and last, ms).

    `folded_at` is the loop's time of the last fold, in seconds. `late` are closed hours that
    changed (ad, first ms). `stuck` are shares whose events wait because the fold fails on them; the
    whole segment is tried once more `again_at` (the loop's time).
    """

    def __init__(self) -> None:
        self.offset = 0
        self.last: dict[str, int] = {}
        self.times: tuple[int, int] | None = None
        self.folded_at = 0.0
        self.late: set[tuple[str, int]] = set()
        self.stuck: set[str] = set()
        self.again_at = float("inf")
        self._masters: MasterStates = {}

    def saw(self, records: Sequence[tuple[int, Receipt]]) -> None:
        """Widen `times` to the times of receipt of these records."""
        times = [receipt.at for _, receipt in records]
        times += self.times or ()
        self.times = (min(times), max(times))

    def copied(self, now: MasterStates) -> bool:
        """Whether every replica of the cluster has what was folded before this was first asked."""
        self._masters = self._masters or now
        return replication.copied(self._masters, now)
