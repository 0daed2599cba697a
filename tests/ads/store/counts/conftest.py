"""The rules of the contract's sections 6 and 7, written plainly, over all events at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.ledger import KINDS, REASONS
from ads.store.counts import Counts, Item
from ads.store.counts.wire import OPEN_BYTES, digest, pack_hop
from tests.ads.store.counts.telling import Agrees, Clock

Figure = tuple[int, str, str, str, str]  # hour, ad, dimension, key, figure
REMAINDER = ("variant", "country", "device", "source")


class Model:
    """The right figures of these events at `now`, computed all at once and without tricks."""

    def __init__(self, items: Iterable[Item], now: int, secret: bytes) -> None:
        self.figures: Counter[Figure] = Counter()
        self._now = now
        self._secret = secret
        accepted = []
        for item in items:
            if item.refused:
                self._total(item, item.refused)
            else:
                accepted.append(item)
        self.opens = self._opens(accepted)
        self._further(accepted)
        self._hops()

    def _opens(self, items: Sequence[Item]) -> dict[str, Item]:
        groups = defaultdict(list)
        for item in items:
            if item.receipt.k == "open":
                groups[item.receipt.i].append(item)
        first = {i: min(group, key=_rank) for i, group in groups.items()}
        for i, group in groups.items():
            self._repeated(group, first[i])
            self._count(first[i], first[i], "open")
        return first

    def _further(self, items: Sequence[Item]) -> None:
        groups = defaultdict(list)
        for item in items:
            r = item.receipt
            if r.k == "view":
                groups[r.k, r.o, r.s].append(item)
            elif r.k == "read":
                groups[r.k, r.o, ""].append(item)
            elif r.k != "open":
                groups[r.k, r.i, ""].append(item)
        for group in groups.values():
            per_open = group[0].receipt.k in ("view", "read")
            first = min(group, key=_hourly_rank if per_open else self._rank)
            self._repeated(group, first)
            self._judge(first, group)

    def _rank(self, item: Item) -> tuple[int, bytes]:
        r = item.receipt
        slot = ("", "top", "middle", "end", "sticky").index(r.s)
        opened = digest(r.o, OPEN_BYTES, self._secret)
        return r.at, opened + r.ad.encode() + b"\0" + str(slot).encode()

    def _judge(self, first: Item, group: Sequence[Item]) -> None:
        r = first.receipt
        opened = self.opens.get(r.o)
        at = r.at
        if r.k in ("view", "read"):
            at = min(item.receipt.at for item in group)
        if opened is None or opened.receipt.at >= at + DAY:
            self._total(first, "no_open" if at + DAY <= self._now else "pending")
            return
        self._count(first, opened, r.k)
        if r.s:
            self.figures[_hour(r.at), r.ad, "slot", r.s, r.k] += 1
        if r.k == "read":
            ms = max(each.receipt.ms for each in group)
            pct = max(each.receipt.pct for each in group)
            self.figures[_hour(r.at), r.ad, "ms", str(ms), "open"] += 1
            self.figures[_hour(r.at), r.ad, "pct", str(pct), "open"] += 1

    def _hops(self) -> None:
        groups = defaultdict(list)
        for item in self.opens.values():
            groups[item.receipt.n].append(item)
        self.first = {hop: min(group, key=_rank) for hop, group in groups.items()}
        self.conflicts = sum(len({i.receipt.p for i in g}) > 1 for g in groups.values())
        for first in self.first.values():
            self._count(first, first, "readers")
            if hops.depth(first.receipt.n) > 1:
                self._total(first, "forwarded")

    def tree(self) -> dict[str, Any]:
        """All figures of the spread, by brute force."""
        parent: dict[str, str] = {}
        orphans = capped = 0
        for hop, first in self.first.items():
            named = first.receipt.p
            at_cap = hops.depth(hop) == hops.depth(named) == hops.MAX_DEPTH
            capped += at_cap
            orphan = bool(named) and not at_cap and named not in self.first
            orphans += orphan
            parent[hop] = "" if orphan or at_cap else named
        return {
            "parent": parent,
            "orphans": orphans,
            "capped": capped,
            "conflicts": self.conflicts,
            "widths": dict(Counter(map(hops.depth, self.first))),
            "below": {hop: _below(parent, hop) for hop in parent},
        }

    def _count(self, item: Item, opened: Item, figure: str) -> None:
        r, o = item.receipt, opened.receipt
        self._total(item, figure)
        self.figures[_hour(r.at), r.ad, "depth", str(hops.depth(o.n)), figure] += 1
        for name, key in zip(
            REMAINDER, (opened.variant, o.country, o.device, o.source), strict=True
        ):
            if key:
                self.figures[_hour(r.at), r.ad, name, key, figure] += 1

    def _repeated(self, group: Sequence[Item], first: Item) -> None:
        for item in group:
            if item is not first:
                self._total(item, "repeated")

    def _total(self, item: Item, figure: str) -> None:
        self.figures[_hour(item.receipt.at), item.receipt.ad, "total", "", figure] += 1


def _below(parent: dict[str, str], top: str) -> list[str]:
    found, new = [], [top]
    while new:
        new = [hop for hop, above in parent.items() if above in new]
        found += new
    return found


def _hour(at: int) -> int:
    return at - at % HOUR


def _rank(item: Item) -> tuple[int, bytes]:
    """The order of rivals: by time, in one millisecond by content."""
    r = item.receipt
    texts = (r.ad, item.variant, r.country, r.device, r.source)
    parent = pack_hop(r.p) if r.p else b""
    return r.at, b"\0".join([pack_hop(r.n), parent, *(text.encode() for text in texts)])


def _hourly_rank(item: Item) -> tuple[int, str]:
    """The order of a slot's views, or of readings: by hour, in one hour by the ad's name."""
    return _hour(item.receipt.at), item.receipt.ad


FIGURE_NAMES = (*KINDS, "readers", "repeated", "pending", *REASONS, "forwarded")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counts(redis: Redis, clock: Clock) -> Counts:
    return Counts(redis, clock)


@pytest.fixture
def agrees() -> Agrees:
    """Asserts that the store's figures of these events at `now` equal those of the plain rules."""

    async def check(counts: Counts, share: str, items: Sequence[Item], now: int) -> None:
        expected = Model(items, now, await counts.secret())
        assert await _figures(counts, share) == +expected.figures
        await _check_tree(counts, share, expected.tree())

    return check


@pytest.fixture
def stride() -> int:
    """Of the orders of a story each is tried."""
    return 1


async def _figures(counts: Counts, share: str) -> Counter[Figure]:
    found = (await counts.cells([share], 0, 2**42 - 2**42 % HOUR))[0]
    figures: Counter[Figure] = Counter()
    for cell in found:
        for name, figure in zip(FIGURE_NAMES, cell.figures, strict=False):
            figures[cell.hour, cell.ad, cell.dimension, cell.key, name] += figure
    assert min(figures.values(), default=0) >= 0
    return +figures


async def _check_tree(counts: Counts, share: str, expected: dict[str, Any]) -> None:
    tree = await counts.tree(share, forwarders=99, branches=99, nodes=99)
    parent, below = expected["parent"], expected["below"]
    for name in ("orphans", "capped", "conflicts", "widths"):
        assert getattr(tree, name) == expected[name], name
    assert tree.readers == len(parent)
    sizes = [len(found) + 1 for found in below.values()]
    assert (tree.sizes, tree.squares) == (sum(sizes), sum(s * s for s in sizes))
    assert {n.hop: (n.children, n.descendants) for n in tree.nodes} == {
        hop: (sum(above == hop for above in parent.values()), len(found))
        for hop, found in below.items()
    }
    assert sorted((f.descendants, f.hop) for f in tree.forwarders) == sorted(
        (len(found), hop) for hop, found in below.items() if found
    )
    assert {b.hop: b.readers for b in tree.branches} == {
        hop: len(below[hop]) + 1 for hop, above in parent.items() if not above and below[hop]
    }
    for branch in tree.branches:
        if branch.below is not None:
            depths = Counter(hops.depth(hop) - hops.depth(branch.hop) for hop in below[branch.hop])
            assert branch.below == [depths[d] for d in sorted(depths)]
