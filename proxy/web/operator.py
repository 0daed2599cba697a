"""GET /operator: what waits for whoever runs the service, and what was done; one click each."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ads.ad.review import WHY_MAX, goes_to, versions
from ads.errors import Problem, invalid
from ads.web.console.desk import Desk, Visit
from proxy.moderation import takedown as taking
from proxy.moderation.takedown import Reason, Takedown
from proxy.moderation.vetting import VERDICTS, Vetting
from proxy.shares import Share, origin
from proxy.store.audit import BY_ITSELF, Act
from proxy.stores import Stores
from proxy.web.operator_api import register_lines
from proxy.web.refusals import REASONS

ADS_SHOWN = 50
ACTS_SHOWN = 100
WHATS = ("share", "lowered", "card", "source", "account", "advertiser", "newcomer")
"""Against what a report of a page may be acted; see `_Page._act`."""


def routes(desk: Desk, stores: Stores, vetting: Vetting, takedown: Takedown) -> list[web.RouteDef]:
    """The operator's own page and its forms, and the clicks on what was reported."""
    page = _Page(stores, vetting, takedown)
    return [
        web.get("/operator", desk.members(page.show)),
        web.get("/operator/register", desk.members(page.register)),
        web.post("/operator/review", desk.form(page.review)),
        web.post("/operator/lift", desk.form(page.lift)),
        web.post("/takedown", desk.form(page.take_down)),
    ]


@dataclass(frozen=True)
class _Page:
    _stores: Stores
    _vetting: Vetting
    _takedown: Takedown

    async def show(self, visit: Visit) -> web.Response:
        """Ads that wait for a review, the lists of sites, the audit trail."""
        visit.operator()
        acts = await self._stores.audit.newest(ACTS_SHOWN)
        return visit.html(
            "operator.html",
            waiting=[
                (*each, goes_to(each[0]), versions(each[0]))
                for each in await self._vetting.waiting(ADS_SHOWN)
            ],
            entries=await self._stores.lists.every(),
            acts=acts,
            liftable=_liftable(acts),
            reasons=REASONS,
            reported=len(await self._stores.complaints.newest(ADS_SHOWN)),
        )

    async def register(self, visit: Visit) -> web.StreamResponse:
        """The register of ads, as a file."""
        visit.operator()
        name = {"Content-Disposition": 'attachment; filename="ads.jsonl"'}
        headers = visit.desk.headers | name
        return await register_lines(visit.request, self._stores.register, headers)

    async def review(self, visit: Visit) -> web.Response:
        """Applies the verdict `what` to the version of an ad that the operator saw."""
        who = visit.operator().email
        ad = await self._vetting.one(visit.text("id", 64))
        verdict = next((each for each in VERDICTS if each == visit.text("what")), None)
        if verdict is None:
            raise Problem("invalid")
        reason = Reason(who, visit.text("why", WHY_MAX))
        await self._vetting.judge(ad, visit.number("version"), verdict, reason)
        return visit.go("/operator")

    async def lift(self, visit: Visit) -> web.Response:
        """Removes an entry of the lists of sites, or lifts the ending of a share or an account."""
        reason = Reason(visit.operator().email, visit.text("why", WHY_MAX))
        what, target = visit.text("what"), visit.text("target", 512)
        if what == "source":
            await self._takedown.lift_source(target, reason)
        elif what == "share":
            await self._takedown.lift_share(target, reason)
        elif account := await self._stores.accounts.by_email(target):
            await self._takedown.lift_account(account, reason)
        else:
            raise Problem("not_found", "There is no such account.")
        return visit.go("/operator#sites" if what == "source" else "/operator#trail")

    async def take_down(self, visit: Visit) -> web.Response:
        """Does `what` about the `share` that was reported, and settles the report `id`."""
        who = visit.operator().email
        share = await self._stores.shares.get(visit.text("share", 64))
        if share is None:
            raise Problem("not_found", "There is no such share.")
        reason = Reason(who, visit.text("why", taking.WHY_MAX + 1), law=bool(visit.text("law")))
        await self._act(visit.text("what"), share, reason)
        await self._stores.complaints.settle(visit.text("id", 64))
        return visit.go("/settings#complaints")

    async def _act(self, what: str, share: Share, reason: Reason) -> None:
        site = origin(share).partition("://")[2].partition(":")[0]
        if what == "share":
            await self._takedown.share(share.id, reason)
        elif what == "lowered":
            await self._takedown.lower_share(share.id, "card", reason)
        elif what in ("card", "source"):
            allowed = "card" if what == "card" else "none"
            await self._takedown.source(site, allowed, reason)
        elif what in ("account", "advertiser", "newcomer"):
            account = await self._stores.accounts.by_id(share.owner)
            if account and what != "account":  # a guest shares its advertiser's ads alone
                account = await self._stores.accounts.by_id(account.ads_owner)
            if account is None:
                raise Problem("not_found", "There is no such account.")
            if what == "newcomer":
                await self._vetting.doubt(account, reason)
            else:
                await self._takedown.account(account, reason)
        else:
            raise invalid("what", "choice", f"One of {', '.join(WHATS)}.")


def _liftable(acts: Sequence[Act]) -> set[Act]:
    """Of each share and account, the last act if a person ended or lowered it: it can be lifted."""
    newest: dict[tuple[str, str], Act] = {}
    for act in acts:
        newest.setdefault((act.what, act.target), act)
    return {
        act
        for (what, _), act in newest.items()
        if what in ("share", "account") and act.done in ("ended", "card")
        if act.who not in BY_ITSELF
    }
