"""The ledger: every received event of an ad is counted, repeated, pending or refused. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

KINDS = ("open", "view", "read", "tap", "share", "plain", "close")
REASONS = ("no_open", "expired_ticket", "ended", "self", "prefetch", "bot", "bad_hop", "rate")
"""Why an event of an ad's own can be refused; one with a bad ticket belongs to no ad."""

OPENS, VIEWS, READS, TAPS, SHARES = range(5)
READERS, REPEATED, PENDING, REFUSED = 7, 8, 9, 10
"""Where in a cell's figures these stand; the kinds come first, the reasons last."""
FIGURES = REFUSED + len(REASONS)
FORWARDED = FIGURES
"""Readers at depth 2 and deeper: behind the ledger's figures, of the totals alone."""


class Ledger(msgspec.Struct, frozen=True):
    """Contract, section 7: `received` is the sum of all the others, always."""

    received: int
    counted: dict[str, int]
    repeated: int
    pending: int
    refused: dict[str, int]


def build(cells: Iterable[Sequence[int]]) -> Ledger:
    """The ledger over the figures of these totals cells."""
    sums = [0] * FIGURES
    for figures in cells:
        for place, figure in enumerate(figures[:FIGURES]):
            sums[place] += figure
    counted = dict(zip(KINDS, sums, strict=False))
    refused = dict(zip(REASONS, sums[REFUSED:], strict=True))
    received = sum(counted.values()) + sums[REPEATED] + sums[PENDING] + sum(refused.values())
    return Ledger(received, counted, sums[REPEATED], sums[PENDING], refused)
