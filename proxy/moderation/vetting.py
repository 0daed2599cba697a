"""The operator looks at what newcomers want readers to see: passed, refused, or vouched for.

Whoever is no newcomer can be made one again.
Whatever is done is entered in the trail with who did it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ads.accounts import Account
from ads.ad import Ad, Review
from ads.clock import Clock
from ads.errors import Problem
from ads.store.ads import ADS_MAX
from proxy.moderation.takedown import Reason, checked
from proxy.store.audit import Act, What
from proxy.stores import Stores

Verdict = Literal["passed", "refused", "vouched"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Vetting:
    """The use cases. Problems: "not_found", "precondition_failed" for an ad changed since."""

    _stores: Stores
    _now: Clock

    async def waiting(self, most: int) -> Sequence[tuple[Ad, Account | None]]:
        """Ads nobody has looked at yet and whose they are, the longest waiting first."""
        found = await self._stores.ads.waiting(most)
        return [(ad, await self._stores.accounts.by_id(ad.owner)) for ad in found]

    async def one(self, ad_id: str) -> Ad:
        """An ad that is to be looked at, or was: another tenant's is no business of the operator's.

        Raises Problem("not_found").
        """
        ad = await self._stores.ads.get(ad_id)
        owner = await self._stores.accounts.by_id(ad.owner) if ad else None
        vetted = ad and (ad.review.state != "passed" or (owner and owner.newcomer))
        if ad is None or ad.state == "deleted" or not vetted:
            raise Problem("not_found", "There is no such ad.")
        return ad

    async def judge(self, ad: Ad, version: int | None, verdict: Verdict, reason: Reason) -> Ad:
        """One click: it passes, with all of its account's if `vouched`, or it is refused."""
        if verdict == "refused":
            return await self.refuse(ad.id, version, reason)
        judged = await self.passes(ad.id, version, reason.who)
        owner = await self._stores.accounts.by_id(ad.owner)
        if verdict == "vouched" and owner:
            await self.vouch(owner, reason.who)
        return judged

    async def passes(self, ad_id: str, version: int | None, who: str) -> Ad:
        """Readers may see it from now on."""
        ad = await self._stores.ads.judge(ad_id, version, Review())
        await self._enter("ad", ad.id, "passed", Reason(who, ""))
        return ad

    async def refuse(self, ad_id: str, version: int | None, reason: Reason) -> Ad:
        """Readers do not see it; its owner reads why. It may be changed, and waits again then."""
        checked(reason)
        ad = await self._stores.ads.judge(ad_id, version, Review("refused", reason.why))
        await self._enter("ad", ad.id, "refused", reason)
        return ad

    async def vouch(self, account: Account, who: str) -> Account:
        """No newcomer any more: what waits of its ads passes, and what comes does not wait."""
        known = await self._stores.accounts.vouch(account.id)
        owned, _ = await self._stores.ads.list(account.id, "", ADS_MAX)
        for ad in owned:
            if ad.review.state == "waiting":
                await self._stores.ads.judge(ad.id, None, Review())
        await self._enter("account", account.email, "vouched", Reason(who, ""))
        return known

    async def doubt(self, account: Account, reason: Reason) -> Account:
        """A newcomer's again, with all whom it invited: whatever readers see of it waits anew.

        Raises Problem("forbidden") for the owner's, whose ads nobody else could pass.
        """
        checked(reason)
        if account.role == "owner":
            raise Problem("forbidden", "Whoever runs the service is no newcomer.")
        lowered = await self._stores.accounts.vouch(account.id, newcomer=True)
        owned, _ = await self._stores.ads.list(account.id, "", ADS_MAX)
        for ad in owned:
            if ad.review.state == "passed":
                await self._stores.ads.judge(ad.id, None, Review("waiting"))
        await self._enter("account", account.email, "lowered", reason)
        return lowered

    async def _enter(self, what: What, target: str, done: str, reason: Reason) -> None:
        await self._stores.audit.put(Act(self._now(), reason.who, what, target, done, reason.why))
