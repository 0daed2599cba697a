"""How far a segment of the spool was folded, and what that left behind (no I/O)."""

from collections.abc import Sequence

from ads.events.receipt import Receipt
from ads.store import standing
from ads.store.standing import Standings


class Progress:
    """Bytes read, times of receipt, the last sequence of each share, closed hours that changed.

    `folded_at` is the loop's time of the last fold, in seconds; `late` are hours (ad, first ms).
    """

    def __init__(self) -> None:
        self.offset = 0
        self.last: dict[str, int] = {}
        self.times: tuple[int, int] | None = None
        self.folded_at = 0.0
        self.late: set[tuple[str, int]] = set()
        self._standing: Standings = {}

    def saw(self, records: Sequence[tuple[int, Receipt]]) -> None:
        """Take note of when these were received."""
        times = [receipt.at for _, receipt in records]
        times += self.times or ()
        self.times = (min(times), max(times))

    def copied(self, now: Standings) -> bool:
        """Whether every replica of the cluster has what was folded before this was first asked."""
        self._standing = self._standing or now
        return standing.copied(self._standing, now)
