"""The operator reviews newcomers' ads: passes or refuses them, or vouches for the account.

An account can also be made a newcomer again. Every act is entered in the audit trail.
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
        """Ads that wait for a review, with their owners, the longest waiting first."""
        found = await self._stores.ads.waiting(most)
        return [(ad, await self._stores.accounts.by_id(ad.owner)) for ad in found]

    async def one(self, ad_id: str) -> Ad:
        """An ad that waits for a review or has had one; the operator sees no other ads.

        Raises Problem("not_found").
        """
        ad = await self._stores.ads.get(ad_id)
        owner = await self._stores.accounts.by_id(ad.owner) if ad else None
        vetted = ad and (ad.review.state != "passed" or (owner and owner.newcomer))
        if ad is None or ad.state == "deleted" or not vetted:
            raise Problem("not_found", "There is no such ad.")
        return ad

    async def judge(self, ad: Ad, version: int | None, verdict: Verdict, reason: Reason) -> Ad:
        """Passes or refuses an ad, or (`vouched`) passes all of its account's ads for good."""
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
        """Hides an ad from readers; its owner reads why, and may change it for another review."""
        checked(reason)
        ad = await self._stores.ads.judge(ad_id, version, Review("refused", reason.why))
        await self._enter("ad", ad.id, "refused", reason)
        return ad

    async def vouch(self, account: Account, who: str) -> Account:
        """Ends the account's time as a newcomer: its waiting ads pass, later ones do not wait."""
        known = await self._stores.accounts.vouch(account.id)
        owned, _ = await self._stores.ads.list(account.id, "", ADS_MAX)
        for ad in owned:
            if ad.review.state == "waiting":
                await self._stores.ads.judge(ad.id, None, Review())
        await self._enter("account", account.email, "vouched", Reason(who, ""))
        return known

    async def doubt(self, account: Account, reason: Reason) -> Account:
        """Makes an account and its guests newcomers again: their ads wait for another review.

        Raises Problem("forbidden") for the owner's account, whose ads nobody else could pass.
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
