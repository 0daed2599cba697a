"""Forgetting a share, an ad, an account or a day for good: records, figures and events.

Folding processes learn of it from the store (`ads.events.erasure`): they remove such events from
their spools when they next look, and neither count nor keep what comes later.
"""

from collections.abc import Sequence

from ads.ad import Ad
from ads.booking import Booking
from ads.clock import DAY, Clock
from ads.errors import Problem
from ads.events.erasure import Erasure
from proxy.stores import Stores


class Forgetting:
    """The use cases; each returns which events must go, and may be repeated.

    The erasure is noted first; what is named is removed last, so that after a crash it can be asked
    for again.
    """

    def __init__(self, stores: Stores, now: Clock) -> None:
        self._stores = stores
        self._now = now

    async def share(self, share: str) -> list[Erasure]:
        """Forget a share: its page answers 404. Raises Problem("not_found")."""
        booked = await self._stores.bookings.get(share)
        if booked is None:
            raise Problem("not_found", "There is no such share.")
        return await self._share(booked, await self._stores.removal.ads_of(booked.owner))

    async def _share(self, booked: Booking, own: Sequence[Ad]) -> list[Erasure]:
        share = booked.share
        await self._stores.register.leave_share(booked)
        erased = await self._noted(Erasure(share=share))
        await self._stores.accounts.audit.forget(booked.owner, share)
        await self._stores.counts.forget(share)
        await self._stores.shares.remove(share)
        await self._stores.changes.publish(f"share:{share}")
        await self._stores.removal.booking(booked, own)
        return erased

    async def ad(self, ad: str) -> list[Erasure]:
        """Forget an ad: pages that carry it have no slot left. Raises Problem("not_found")."""
        found = await self._stores.ads.get(ad)
        if found is None:
            raise Problem("not_found", "There is no such ad.")
        await self._stores.register.leave(found)
        erased = await self._noted(Erasure(ad=ad))
        await self._stores.accounts.audit.forget(found.owner, ad)
        await self._stores.counts.forget_ad(ad)
        # Some edges know pages by address alone; the pages cannot be looked up after the removal.
        pages = [f"share:{share}" for share in await self._stores.shares.depending_on([f"ad:{ad}"])]
        await self._stores.removal.ad(found)
        await self._stores.changes.publish(f"ad:{ad}", *pages)
        return erased

    async def account(self, email: str) -> list[Erasure]:
        """Forget an account with its shares, ads and invitations, and its guests with theirs.

        Raises Problem("not_found").
        """
        found = await self._stores.accounts.by_email(email)
        if found is None:
            raise Problem("not_found", "There is no account with this e-mail.")
        erased = []
        for each in await self._stores.accounts.all():
            if each.host == found.id:
                erased += await self.account(each.email)
        for invited in await self._stores.accounts.invites.list():
            if invited.host == found.id:
                await self._stores.accounts.invites.withdraw("", invited.id)
        erased += await self._shares_of(found.id)
        for ad in await self._stores.removal.ads_of(found.id):
            erased += await self.ad(ad.id)
        await self._stores.removal.account(found, self._stores.accounts)
        # Shares that were booked meanwhile; whoever books later sees that the account is gone.
        erased += await self._shares_of(found.id)
        await self._stores.changes.publish(f"account:{found.id}")
        return erased

    async def _shares_of(self, owner: str) -> list[Erasure]:
        erased = []
        own = await self._stores.removal.ads_of(owner)
        for share in await self._stores.bookings.of_owner(owner).all():
            if booked := await self._stores.bookings.get(share):
                erased += await self._share(booked, own)
        return erased

    async def day(self, start: int) -> list[Erasure]:
        """Forget everybody's events and figures of the day (UTC) that begins at `start` (ms)."""
        erased = await self._noted(Erasure(first=start, last=start + DAY, asked=self._now()))
        for account in await self._stores.accounts.all():
            for share in await self._stores.bookings.of_owner(account.id).all():
                await self._stores.counts.forget_day(share, start)
        return erased

    async def _noted(self, erasure: Erasure) -> list[Erasure]:
        await self._stores.erasures.add(erasure, self._now())
        return [erasure]
