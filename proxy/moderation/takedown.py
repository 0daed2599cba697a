"""The operator ends or lowers a share, a source or an account, with a reason; or lifts that again.

A share ends or shows less at once. A source is entered in the operator's lists: nothing more is
published from it, and the watch lowers or ends what is published. An account ends together with its
guests, their shares, keys and sessions. Every act is entered in the audit trail.
"""

import msgspec

from ads.accounts import Account
from ads.clock import Clock
from ads.errors import Problem, invalid
from proxy import lists
from proxy.lists import Entry
from proxy.moderation.endings import Endings
from proxy.shares import Ending, Most
from proxy.store.audit import Act, What
from proxy.stores import Stores

WHY_MAX = 300


class Reason(msgspec.Struct, frozen=True):
    """Who acts and why; `law`: the law requires it, so the pages answer 451."""

    who: str
    why: str
    law: bool = False


class Takedown:
    """The use cases. Problems: "not_found", and "invalid" without a reason."""

    def __init__(self, stores: Stores, now: Clock) -> None:
        self._stores = stores
        self._endings = Endings(stores, now)
        self._now = now

    async def share(self, share_id: str, reason: Reason) -> None:
        """Ends one share: 410, or 451 by law; its owner reads why."""
        if await self._endings.end(share_id, self._ending(reason)) is None:
            raise Problem("not_found", "There is no such share.")
        await self._enter("share", share_id, "ended", reason)

    async def lower_share(self, share_id: str, most: Most, reason: Reason) -> None:
        """One share shows no more than `most` of its article from now on; its owner reads why."""
        checked(reason)
        if await self._endings.lower(share_id, most, reason.why) is None:
            raise Problem("not_found", "There is no such share.")
        await self._enter("share", share_id, most, reason)

    async def source(self, site: str, allowed: str, reason: Reason) -> Entry:
        """Allows no more than `none`, `card` or `excerpt` of a host or host/path from now on."""
        checked(reason)
        entry = self._entry(allowed, site, reason)
        await self._stores.lists.put(entry)
        await self._stores.published.want(entry.host)
        await self._enter("source", entry.site, allowed, reason)
        return entry

    async def account(self, account: Account, reason: Reason) -> int:
        """Ends an account, its guests and all their shares; returns how many shares."""
        ending = self._ending(reason)
        guests = await self._stores.accounts.guests(account.id)
        ended = [account, *(guest for guest in guests if not guest.ended_at)]
        # The accounts first: what they publish meanwhile ends by itself (`Publisher`).
        for each in ended:
            # Ended twice, it keeps its time, by which `lift_account` finds the guests.
            await self._stores.accounts.end(each.id, ending.why, account.ended_at or ending.at)
        owned = self._stores.bookings.of_owner
        shares = [share for each in ended for share in await owned(each.id).all()]
        for share in shares:
            await self._endings.end(share, ending)
        for each in ended:
            await self._enter("account", each.email, "ended", reason)
        return len(shares)

    async def lift_share(self, share_id: str, reason: Reason) -> None:
        """Lifts what ended or lowered a share."""
        if await self._endings.lift(share_id) is None:
            raise Problem("not_found", "There is no such share.")
        await self._enter("share", share_id, "lifted", reason)

    async def lift_source(self, site: str, reason: Reason) -> None:
        """Removes a site from the lists; lowered pages rise again, ended shares stay ended."""
        entry = self._entry("full", site, reason)
        if not await self._stores.lists.remove(entry.site):
            raise Problem("not_found", "There is no such entry.")
        await self._stores.published.want(entry.host)
        await self._enter("source", entry.site, "lifted", reason)

    async def lift_account(self, account: Account, reason: Reason) -> None:
        """Lets an account in again, and the guests that ended with it; its shares stay ended."""
        guests = await self._stores.accounts.guests(account.id)
        with_it = [guest for guest in guests if guest.ended_at == account.ended_at]
        for each in (account, *with_it):
            await self._stores.accounts.end(each.id, "", 0)
            await self._enter("account", each.email, "lifted", reason)

    def _entry(self, allowed: str, site: str, reason: Reason) -> Entry:
        try:
            return lists.entry(allowed, site, reason.why, law=reason.law, at=self._now())
        except ValueError as error:
            raise invalid("site", "format", str(error)) from error

    def _ending(self, reason: Reason) -> Ending:
        checked(reason)
        return Ending("operator", reason.why, reason.law, self._now())

    async def _enter(self, what: What, target: str, done: str, reason: Reason) -> None:
        act = Act(self._now(), reason.who, what, target, done, reason.why, reason.law)
        await self._stores.audit.put(act)


def checked(reason: Reason) -> None:
    """Raises Problem("invalid") unless it says why."""
    if not reason.why.strip() or len(reason.why) > WHY_MAX:
        raise invalid("why", "length", f"Say why, in 1 to {WHY_MAX} characters.")
