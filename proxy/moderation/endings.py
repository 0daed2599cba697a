"""Ends or lowers shares for another reason than their owner's, and lets them go on."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from ads.clock import Clock
from ads.store.bookings import Bookings
from proxy import shares
from proxy.articles.ports import Publishes
from proxy.publish.records import booked
from proxy.shares import Ending, Most, Share
from proxy.store.articles import ArticleStore
from proxy.store.published import Published
from proxy.store.shares import ShareStore


@dataclass(frozen=True)
class Endings:
    """What both the operator and the watch over publishers' words use."""

    _shares: ShareStore
    _pages: ArticleStore
    _bookings: Bookings
    _published: Published
    _changes: Publishes
    _now: Clock

    async def end(self, share_id: str, ending: Ending) -> Share | None:
        """Ends it; one that others ended already keeps its first ending. None without a share."""

        def ended(share: Share) -> Share:
            return msgspec.structs.replace(
                share, state="ended", ending=share.ending or ending, updated_at=ending.at
            )

        changed = await self._shares.change(share_id, ended)
        if changed:
            await self._told(changed)
        return changed

    async def lower(self, share_id: str, most: Most, why: str) -> Share | None:
        """Lets a share show no more than `most` of its article; None if there is none."""
        return await self._goes_on(share_id, lambda share: shares.lowered(share, most, why))

    async def lift(self, share_id: str) -> Share | None:
        """Lets a share go on that others ended or lowered; None if there is none."""
        return await self._goes_on(share_id, shares.lifted)

    async def _goes_on(self, share_id: str, rule: Callable[[Share], Share]) -> Share | None:
        at = self._now()

        def ruled(share: Share) -> Share:
            after = rule(share)
            # Of an ended one this is when it ended.
            touched = after != share and after.state == "active"
            return msgspec.structs.replace(after, updated_at=at) if touched else after

        changed = await self._shares.change(share_id, ruled)
        if changed:
            changed = await self._as_its_page(changed)
        if changed and changed.state == "active":
            await self._published.add(shares.origin(changed), changed.article_id, changed.asked, 0)
            await self._told(changed)
        return changed

    async def _as_its_page(self, share: Share) -> Share:
        """The share with what its page in the mode asked for says, if there is one yet."""
        article, asked = share.article_id, share.asked
        stored = await self._pages.page(article, asked)
        if stored is None:
            return share
        page = stored.page

        def read(now: Share) -> Share:
            same = (now.article_id, now.asked) == (article, asked)
            return shares.of_page(now, page) if same else now

        return await self._shares.change(share.id, read) or share

    async def _told(self, share: Share) -> None:
        before = await self._bookings.get(share.id)
        await self._bookings.put(booked(share, before, self._now()))
        await self._changes.publish(f"share:{share.id}")
