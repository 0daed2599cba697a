"""The events that these tests fold, and their clock."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from hypothesis import HealthCheck, settings

from ads.clock import DAY
from ads.events.receipt import Receipt
from ads.store.counts import Counts, Item, Node

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY
Agrees = Callable[[Counts, str, list[Item], int], Awaitable[None]]
"""Asserts that the store's figures of these events equal those of the plain rules (`conftest`)."""
patient = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Clock:
    """A clock that stands still until it is set."""

    at = BASE

    def __call__(self) -> int:
        return self.at


def items(receipts: Iterable[Receipt]) -> list[Item]:
    """Items numbered from one, each with the variant that its reader saw."""
    return [Item(n, receipt, variant="a") for n, receipt in enumerate(receipts, 1)]


def opens(edges: Iterable[tuple[str, str]], start: int = BASE) -> list[Item]:
    """An open for each (hop, parent), a millisecond apart."""
    return [
        Item(n, Receipt(start + n, "", "ad", 1, "open", f"o-{n:014}", f"o-{n:014}", hop, parent))
        for n, (hop, parent) in enumerate(edges, 1)
    ]


async def apply(counts: Counts, share: str, segment: str, items: Sequence[Item]) -> int:
    """Fold events of one share as the beginning of a segment."""
    return await counts.fold(segment, {share: (0, items)})


async def nodes_of(counts: Counts, share: str) -> list[Node]:
    """All nodes of a share, page by page."""
    found: list[Node] = []
    while True:
        page = await counts.tree(share, after=found[-1].hop if found else "", nodes=10_000)
        if not page.nodes:
            return found
        found += page.nodes
