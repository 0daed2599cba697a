"""Ends shares for another reason than their owner's, and lets them go on."""

import msgspec

from ads.clock import Clock
from ads.store.bookings import Bookings
from proxy.articles.ports import Publishes
from proxy.publish.records import booked, origin
from proxy.shares import Ending, Share
from proxy.store.published import Published
from proxy.store.shares import ShareStore


class Endings:
    """What both the operator and the watch over publishers' words use."""

    def __init__(
        self,
        shares: ShareStore,
        bookings: Bookings,
        published: Published,
        changes: Publishes,
        now: Clock,
    ) -> None:
        self._shares = shares
        self._bookings = bookings
        self._published = published
        self._changes = changes
        self._now = now

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

    async def lift(self, share_id: str) -> Share | None:
        """Lets a share go on that others ended; None if there is none."""
        at = self._now()

        def lifted(share: Share) -> Share:
            if share.ending is None:
                return share
            return msgspec.structs.replace(share, state="active", ending=None, updated_at=at)

        changed = await self._shares.change(share_id, lifted)
        if changed and changed.state == "active":
            await self._published.add(origin(changed), changed.article_id, changed.asked, 0)
            await self._told(changed)
        return changed

    async def _told(self, share: Share) -> None:
        before = await self._bookings.get(share.id)
        await self._bookings.put(booked(share, before, self._now()))
        await self._changes.publish(f"share:{share.id}")
