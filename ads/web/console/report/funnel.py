"""The funnel of opens: opened, seen, read, tapped, passed on, by depth. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ads.events.ledger import OPENS, READS, SHARES, TAPS, VIEWS
from ads.i18n import gettext
from ads.reports.report import Facts
from ads.web.console.report import sentences
from ads.web.console.report.charts import HOPS_DRAWN
from ads.web.console.words import marked, share

LABELLED = 6.0  # a part so wide (per cent) has room for its hop's label
THIN = 1.0  # a part so narrow (per cent) is drawn as one with the next: lines between hide it
STAGES = 5
_STAGES = (
    (OPENS, marked("Opened"), False),
    (VIEWS, marked("Seen"), True),
    (READS, marked("Read"), False),
    (TAPS, marked("Tapped"), True),
    (SHARES, marked("Passed on"), False),
)
"""In the order of the picture; those of the ad have the ad's colour."""


class Step(NamedTuple):
    """The funnel at one depth: opened, seen, read, tapped, passed on."""

    depth: str
    counts: list[int]


class Part(NamedTuple):
    """A hop's part of a bar: its start and width in per cent; its label, "" without room."""

    x: float
    width: float
    label: str


class Stage(NamedTuple):
    """One bar: its stage, its count, its share of all opens, and its parts by hop."""

    name: str
    total: int
    of_opens: str
    of_ad: bool
    parts: list[Part]


def block(locale: str, facts: Facts) -> dict[str, Any]:
    """The block's values for the template."""
    found = steps(facts)
    totals = [sum(step.counts[at] for step in found) for at in range(STAGES)]
    sentence = sentences.funnel(locale, totals[OPENS], totals[READS], totals[TAPS], totals[SHARES])
    return {"funnel": found, "funnel_said": sentence, "stages": stages(locale, found, totals)}


def steps(facts: Facts) -> list[Step]:
    """The funnel by depth; the deeper depths merged."""
    sums: dict[int, list[int]] = {}
    for cell in facts.cells:
        if cell.dimension == "depth":
            depth = min(int(cell.key), HOPS_DRAWN)
            row = sums.get(depth, [0] * STAGES)
            sums[depth] = [have + new for have, new in zip(row, cell.figures, strict=False)]
    return [
        Step(f"{depth}+" if depth == HOPS_DRAWN else str(depth), row)
        for depth, row in sorted(sums.items())
    ]


def stages(locale: str, found: Sequence[Step], totals: Sequence[int]) -> list[Stage]:
    """The bars, all on one scale from zero; none before anything was opened."""
    opens, most = totals[OPENS], max(totals, default=0)
    if not opens:
        return []
    return [
        Stage(
            gettext(locale, name),
            totals[at],
            share(totals[at], opens, locale) if at != OPENS and totals[at] <= opens else "",
            of_ad,
            _parts(found, at, most),
        )
        for at, name, of_ad in _STAGES
    ]


def _parts(found: Sequence[Step], at: int, most: int) -> list[Part]:
    parts: list[Part] = []
    end = 0.0
    for step in filter(lambda step: step.counts[at], found):
        x = parts.pop().x if parts and parts[-1].width < THIN else end
        end += 100 * step.counts[at] / most
        label = step.depth if end - x >= LABELLED else ""
        parts.append(Part(round(x, 2), round(end - x, 2), label))
    return parts
