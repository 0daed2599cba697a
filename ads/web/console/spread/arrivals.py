"""When a share's readers came, from figures folded by hour: bars over time, the replay. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ads.clock import HOUR
from ads.events.ledger import READERS
from ads.reports.report import Facts

SPANS = 48  # bars, and frames of the replay: 12 seconds at 4 a second


class Arrival(NamedTuple):
    """Readers who came in one span, by depth, and its end (ms)."""

    depths: Mapping[int, int]
    end: int

    @property
    def readers(self) -> int:
        """All of them."""
        return sum(self.depths.values())


def spans(facts: Facts, now: int) -> list[Arrival]:
    """From the first reader to the last, in at most 48 spans of whole hours, none beyond `now`."""
    hours: dict[int, Counter[int]] = {}
    for cell in facts.cells:
        if cell.dimension == "depth" and cell.figures[READERS]:
            hours.setdefault(cell.hour, Counter())[int(cell.key)] += cell.figures[READERS]
    if not hours:
        return []
    first, last = min(hours), max(hours)
    span = -(-(last - first + HOUR) // HOUR // SPANS) * HOUR or HOUR
    until = min(last + HOUR, now)
    ends = [min(first + (n + 1) * span, until) for n in range((last - first) // span + 1)]
    came: list[Counter[int]] = [Counter() for _ in ends]
    for hour, depths in hours.items():
        came[(hour - first) // span].update(depths)
    return [Arrival(depths, end) for depths, end in zip(came, ends, strict=True)]


def steps(arrived: Sequence[Arrival], most: int) -> list[list[int]]:
    """Readers at the end of each span, by depth; depths from `most` on are merged."""
    here = [0] * most
    found = []
    for each in arrived:
        for depth, readers in each.depths.items():
            here[min(depth, most) - 1] += readers
        found.append(list(here))
    return found
