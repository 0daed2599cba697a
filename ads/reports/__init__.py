"""Reports, spread and ledger for the owner of an ad or a share, from the store's folded counts.

`report` and `spread` shape the figures, over `spans` of hours; `export` lists the events
themselves, with the verdicts that `judge` derives from them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Literal

from ads.booking import Booking
from ads.clock import Clock
from ads.errors import Problem
from ads.events import ledger
from ads.events.ledger import Ledger
from ads.reports import report, spans, spread
from ads.reports.report import CHANNELS, Facts, Page, Report
from ads.reports.spread import Spread
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.counts import (
    EVERYTHING,
    FORWARDERS,
    MEASURES,
    SHARES,
    AdCells,
    Below,
    Branch,
    Counts,
    Subtree,
    Tree,
)

Subject = tuple[Literal["ad", "share"], str]


class Reports:
    """The use cases. All raise Problem("not_found") for an ad or share that is not the owner's."""

    def __init__(self, *, ads: Ads, bookings: Bookings, counts: Counts, now: Clock) -> None:
        self._ads = ads
        self._bookings = bookings
        self._counts = counts
        self._now = now

    async def report(
        self,
        owner: str,
        subject: Subject,
        from_ms: int | None = None,
        to_ms: int | None = None,
        by: str = "",
        tz: str = "",
        page: Page | None = None,
    ) -> Report:
        """Figures of an ad over its shares, or of a share over its ads; all rows without `page`.

        The times are on the hour; by default, from when it was made until now. `by` is one of
        `report.BY`, `tz` an IANA name ("" is UTC). Raises Problem("invalid") for anything else.
        """
        zone, dimension = spans.zone(tz), report.dimension(by)
        wanted = report.needed(dimension)
        facts = await self.facts(owner, subject, from_ms, to_ms, wanted)
        return report.build(facts, dimension, zone, page)

    async def facts(
        self,
        owner: str,
        subject: Subject,
        from_ms: int | None = None,
        to_ms: int | None = None,
        wanted: Collection[str] = (*EVERYTHING, CHANNELS),
    ) -> Facts:
        """The figures for any report of the span by the `wanted` dimensions, read at one moment.

        Raises Problem("invalid") for times in the wrong order.
        """
        since, shares = await self._subject(owner, subject)
        now = self._now()
        start, end = spans.span(from_ms, to_ms, since, now)
        counted = spans.counted(start, end, since, now)
        found = await self._found(subject, *counted, set(wanted) - {CHANNELS})
        booked = await self._bookings.many(shares) if CHANNELS in wanted else []
        return Facts(start, end, *found, {each.share: each.channel for each in booked})

    async def _found(
        self, subject: Subject, start: int, end: int, wanted: Collection[str]
    ) -> AdCells:
        """The cells by these dimensions; a share's are summed over all its ads."""
        kind, name = subject
        if kind == "ad":
            return await self._counts.of_ad(name, start, end, wanted)
        (found,) = await self._counts.cells([name], start, end, set(wanted) - {SHARES})
        whole = [c._replace(dimension=SHARES, key=name) for c in found if c.dimension == "total"]
        readings: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for cell in (c for c in found if c.dimension in MEASURES):
            readings[cell.dimension][int(cell.key)] += cell.figures[0]
        return AdCells([*found, *whole], readings)

    async def ledger(
        self, owner: str, ad: str, from_ms: int | None = None, to_ms: int | None = None
    ) -> Ledger:
        """The ledger of an ad. Raises Problem("invalid") for times in the wrong order."""
        since, _ = await self._subject(owner, ("ad", ad))
        now = self._now()
        counted = spans.counted(*spans.span(from_ms, to_ms, since, now), since, now)
        found = await self._counts.of_ad(ad, *counted, {"total"})
        return ledger.build(cell.figures for cell in found.cells)

    async def spread(
        self,
        owner: str,
        share: str,
        limit: int = 100,
        cursor: str = "",
        branches: int | None = None,
    ) -> Spread:
        """How a share travelled; nodes in order of depth, after the hop `cursor`."""
        booked = await self.booked(owner, share)
        tree = await self._counts.tree(
            share,
            forwarders=FORWARDERS,
            branches=max(branches or 0, 1),
            after=cursor,
            nodes=limit + 1,
        )
        largest = None if branches is None else await self._branches(share, tree, branches)
        return spread.build(tree, booked.created_at, limit, largest)

    async def below(
        self, owner: str, share: str, hop: str, skip: int, most: int, after: str = ""
    ) -> Below:
        """A page of the children of a hop, or of the sharer's link ("")."""
        await self.booked(owner, share)
        return await self._counts.branches.below(share, hop, skip, most, after)

    async def subtree(self, owner: str, share: str, hop: str, most: int) -> Subtree:
        """All below a hop, with at most `most` branches. Raises Problem("not_found")."""
        await self.booked(owner, share)
        found = await self._counts.branches.subtree(share, hop, most)
        if found is None:
            raise Problem("not_found", "There is no such reader.")
        return found

    async def prepare(self, owner: str, share: str) -> None:
        """Read now what the first `subtree` would wait for. Raises Problem("not_found")."""
        await self.booked(owner, share)
        await self._counts.branches.prepare(share)

    async def _subject(self, owner: str, subject: Subject) -> tuple[int, Sequence[str]]:
        """When the subject was made (ms), and the shares that its figures come from."""
        kind, name = subject
        if kind == "ad":
            ad = await self._ads.owned(owner, name)
            return ad.created_at, await self._counts.shares(name)
        return (await self.booked(owner, name)).created_at, [name]

    async def booked(self, owner: str, share: str) -> Booking:
        """A share of the account, or a share by anybody that carries one of the account's ads."""
        booked = await self._bookings.get(share)
        ad = await self._ads.get(booked.ad) if booked and booked.owner != owner else None
        if booked is None or owner not in (booked.owner, ad and ad.owner):
            raise Problem("not_found", "There is no such share.")
        return booked

    async def _branches(self, share: str, tree: Tree, most: int) -> list[Branch]:
        """The largest branches; if more are wanted, branches of one reader in order of ids."""
        found = [await self._whole(share, each) for each in tree.branches[:most]]
        if len(found) < most:
            # Fewer than `most` first hops have readers below them: the others are such branches.
            first = (await self._counts.tree(share, nodes=most)).nodes
            alone = [node for node in first if node.depth == 1 and not node.descendants]
            found += [Branch(node.hop, 1, []) for node in alone[: most - len(found)]]
        return found

    async def _whole(self, share: str, branch: Branch) -> Branch:
        """The branch with its widths, which are counted now if the fold does not have them."""
        if branch.below is not None:
            return branch
        found = await self._counts.branches.subtree(share, branch.hop, 0)
        below = found.widths if found else []
        return Branch(branch.hop, 1 + sum(below), below) if below else branch
