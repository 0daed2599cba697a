"""A share's part of a fold: its events cut into calls that are made one after another."""

from collections.abc import Mapping, Sequence
from typing import Any

from ads.clock import DAY, HOUR
from ads.store import keys, records
from ads.store.counts.script import Argument
from ads.store.counts.wire import EPOCH, Item, pack_batch, since_epoch

BATCH_EVENTS = 256
"""The most events of one call: it holds the store up for a few milliseconds."""
AT_ONCE = 1000
"""The most waiting hops that one call attaches to their parent, or waiting events it refuses."""
# After a clock was days ahead and stepped back, the events of that time must still be found.
DAYS_AHEAD = 4
RANKED, RANKED_LEFT = 512, 128
"""Ranked forwarders (and branches): beyond the first number the ranks are cut to the second."""
RANKED_FROM = 256
"""Smaller shares have no ranks, which would take a fifth of a hop: a reader of them sorts all."""
_GAP = -2


class Gap(Exception):
    """The store lacks what was folded before: it went back to an earlier state."""


class Stuck(Exception):
    """The fold fails on the data of some shares, every time; all other shares are folded.

    `shares` maps each to its error; `folded` counts the events of the others.
    """

    def __init__(self, shares: Mapping[str, Exception], folded: int) -> None:
        super().__init__("; ".join(f"{share}: {why}" for share, why in shares.items()))
        self.shares = shares
        self.folded = folded


class Run:
    """Folds `items` of one share and segment, by rising sequence.

    `believed` is the last sequence that should have been applied before. Each call waits for the
    one before it: otherwise a mark could cover events that were not applied.
    """

    def __init__(
        self, share: str, segment: str, believed: int, items: Sequence[Item], secret: bytes
    ) -> None:
        self._segment = segment
        self._believed = believed
        self._items = items
        self._secret = secret
        self._at = 0
        self.share = share
        self.late: list[tuple[str, int]] = []
        self.late_note = b""
        self.folded = 0
        self.fault: Exception | None = None
        self.done = False

    def call(self, now: int) -> tuple[list[str], list[Argument]]:
        """Keys and arguments of the next call of the script."""
        items = self._items[self._at : self._at + BATCH_EVENTS]
        batch = pack_batch(items, self._secret)
        buckets = range(now // DAY + DAYS_AHEAD, now // DAY - keys.REMEMBERED_DAYS, -1)
        head: list[Argument] = [self._segment, since_epoch(now), *batch]
        newest = buckets[0] - EPOCH // DAY
        limits: list[Argument] = [keys.BUCKET_SECONDS, AT_ONCE, self._believed, newest]
        limits += [RANKED, RANKED_LEFT, RANKED_FROM]
        named = keys.of_share(self.share, *keys.SHARE_KEYS)
        named += [keys.SHARE_OPENS.format(share=self.share, day=day) for day in buckets]
        return named, [*head, *limits]

    def take(self, answer: Sequence[Any]) -> None:
        """Take a call's answer in; `late` are then the closed hours (ad, first ms) it changed.

        Raises Gap.
        """
        if answer[0] == _GAP:
            raise Gap(f"{self.share} has no mark {self._believed} of {self._segment}")
        folded, again, self.late_note, late = answer
        hours, ads = late[::2], map(records.text, late[1::2])
        self.late = [(ad, EPOCH + hour * HOUR) for ad, hour in zip(ads, hours, strict=True) if ad]
        self._advance(folded, again=bool(again))

    def give_up(self, fault: Exception) -> None:
        """End the run, because a call failed on its share's data; the rest waits."""
        self.fault, self.done = fault, True

    def _advance(self, folded: int, *, again: bool) -> None:
        self.folded += folded
        done = self._items[self._at : self._at + BATCH_EVENTS]
        if done:
            self._believed = max(self._believed, done[-1].sequence)
        self._at += len(done)
        self.done = not again and self._at >= len(self._items)
