"""The block "who carries it": the readers who brought most others, over a report's shares."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ads.booking import Booking
from ads.events.hops import depth
from ads.events.ledger import READERS
from ads.reports import Reports
from ads.reports.report import Facts
from ads.reports.spread import Spread
from ads.store.counts import BRANCHES
from ads.web.console.reader_codes import codes
from ads.web.console.report import sentences

SHARES_READ = 20  # at a time, those with most readers first
LISTED = 8


class Carrier(NamedTuple):
    """A reader who brought others: code, the share they read, its channel, depth, how many."""

    code: str
    share: str
    channel: str
    depth: int
    brought: int


class Span(NamedTuple):
    """The page of shares whose carriers are shown; shares and pages are numbered from 0."""

    first: int
    last: int
    all: int
    page: int

    @property
    def more(self) -> bool:
        """Whether more shares follow."""
        return self.last < self.all


async def found(
    locale: str,
    reports: Reports,
    owner: str,
    facts: Facts,
    booked: Mapping[str, Booking],
    page: int,
) -> dict[str, Any]:
    """The block's values for the template. Carriers are of all time: a tree has no range."""
    readers = facts.by("share", READERS)
    largest = sorted(readers, key=lambda share: (-readers[share], share))
    ranked = [share for share in largest if share in booked]
    page = min(page, max(len(ranked) - 1, 0) // SHARES_READ)
    shares = ranked[page * SHARES_READ : (page + 1) * SHARES_READ]
    trees = {share: await reports.spread(owner, share, 1, "", BRANCHES) for share in shares}
    forwarded = sum(_forwarded(tree) for tree in trees.values())
    first = page * SHARES_READ
    return {
        "carriers": _carriers(trees, booked),
        "carried": sentences.carried(locale, forwarded, half(list(trees.values()))),
        "carried_of": Span(first + 1, first + len(shares), len(ranked), page),
    }


def _forwarded(tree: Spread) -> int:
    return sum(tree.width_by_depth[2:])


def half(trees: Sequence[Spread]) -> int | None:
    """How few branches hold half of all forwarded readers; None if the listed ones do not.

    Branches share no reader, so that their sizes add up; the largest come first.
    """
    forwarded = sum(_forwarded(tree) for tree in trees)
    sizes = sorted((b.descendants for t in trees for b in t.branches or []), reverse=True)
    total = 0
    for place, size in enumerate(sizes, 1):
        total += size
        if total * 2 >= forwarded > 0:
            return place
    return None


def _carriers(trees: Mapping[str, Spread], booked: Mapping[str, Booking]) -> list[Carrier]:
    all_ = [(share, f) for share, tree in trees.items() for f in tree.top_forwarders]
    largest = sorted(all_, key=lambda each: (-each[1].descendants, each[1].hop))[:LISTED]
    named = codes(forwarder.hop for _, forwarder in largest)
    return [
        Carrier(named[f.hop], share, booked[share].channel, depth(f.hop), f.descendants)
        for share, f in largest
    ]
