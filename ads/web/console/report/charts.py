"""What the report's charts draw and their tables say, from folded figures. Pure.

Each chart has `facts`, the JSON that the script draws, and `rows` with the same numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ads.events.ledger import VIEWS
from ads.i18n import gettext
from ads.reports.report import SLOT_ORDER, Facts
from ads.web.console import words

HOPS_DRAWN = 8  # deeper hops share a bar: all bars must fit into 360 px


class Hop(NamedTuple):
    """One depth: readers, and readers at the next depth per reader here (None: nobody deeper)."""

    label: str
    readers: int
    rate: float | None


class Place(NamedTuple):
    """A slot and the number of opens in which the ad was seen there."""

    slot: str
    views: int


def first_place(facts: Facts) -> str:
    """The first place in the article where the ad was seen at all, "" for none."""
    return next((place.slot for place in places(facts) if place.views), "")


def places(facts: Facts) -> list[Place]:
    """The slots in the article's order; those that were never seen are left out."""
    views = facts.by("slot", VIEWS)
    return [Place(slot, views[slot]) for slot in SLOT_ORDER if slot in views]


def hops(widths: Mapping[int, int]) -> list[Hop]:
    """Readers at each depth from 1 to the deepest; depths without readers are zero."""
    deepest = max((depth for depth, readers in widths.items() if readers), default=0)
    counts = [widths.get(depth, 0) for depth in range(1, deepest + 1)]
    following: list[int | None] = [*counts[1:], None]
    return [
        Hop(str(depth), here, None if deeper is None or not here else deeper / here)
        for depth, (here, deeper) in enumerate(zip(counts, following, strict=False), 1)
    ]


def together(drawn: Sequence[Hop]) -> list[Hop]:
    """At most eight bars: the deeper hops as one, without a rate that would compare unlike."""
    if len(drawn) <= HOPS_DRAWN:
        return list(drawn)
    kept = list(drawn[: HOPS_DRAWN - 1])
    kept[-1] = kept[-1]._replace(rate=None)
    rest = sum(hop.readers for hop in drawn[HOPS_DRAWN - 1 :])
    return [*kept, Hop(f"{HOPS_DRAWN}+", rest, None)]


def hops_facts(drawn: Sequence[Hop], locale: str) -> dict[str, Any]:
    """The hop chart for the script."""
    return {"kind": "hops", "bars": [_hop_bar(hop, locale) for hop in together(drawn)]}


def _hop_bar(hop: Hop, locale: str) -> dict[str, Any]:
    read = gettext(locale, "Hop %(hop)s: %(readers)s") % {
        "hop": hop.label,
        "readers": words.counted(locale, "%(n)s reader", "%(n)s readers", hop.readers),
    }
    rate = "" if hop.rate is None else words.factor(hop.rate, locale)
    return {"label": hop.label, "readers": hop.readers, "rate": rate, "read": read}
