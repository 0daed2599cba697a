"""One click of the operator: what was reported ends, or less of it is shown."""

from dataclasses import dataclass

from aiohttp import web

from ads.errors import Problem, invalid
from ads.store.complaints import Complaints
from ads.web.console.desk import Desk, Visit
from proxy.moderation.takedown import WHY_MAX, Reason, Takedown
from proxy.moderation.vetting import Vetting
from proxy.shares import Share, origin
from proxy.store.shares import ShareStore


def routes(
    desk: Desk,
    *,
    takedown: Takedown,
    vetting: Vetting,
    shares: ShareStore,
    complaints: Complaints,
) -> list[web.RouteDef]:
    """POST /takedown."""
    click = _Click(desk, takedown, vetting, shares, complaints)
    return [web.post("/takedown", desk.form(click.act))]


WHATS = ("share", "lowered", "card", "source", "account", "advertiser", "newcomer")


@dataclass(frozen=True)
class _Click:
    _desk: Desk
    _takedown: Takedown
    _vetting: Vetting
    _shares: ShareStore
    _complaints: Complaints

    async def act(self, visit: Visit) -> web.Response:
        """`what` (as in `_do`) is done to or about `share`; the report `id` is settled."""
        who = visit.operator().email
        share = await self._shares.get(visit.text("share", 64))
        if share is None:
            raise Problem("not_found", "There is no such share.")
        why = visit.text("why", WHY_MAX + 1)
        reason = Reason(who, why, law=bool(visit.text("law")))
        await self._do(visit.text("what"), share, reason)
        await self._complaints.settle(visit.text("id", 64))
        return visit.go("/settings#complaints")

    async def _do(self, what: str, share: Share, reason: Reason) -> None:
        site = origin(share).partition("://")[2].partition(":")[0]
        if what == "share":
            await self._takedown.share(share.id, reason)
        elif what == "lowered":
            await self._takedown.lower_share(share.id, "card", reason)
        elif what in ("card", "source"):
            allowed = "card" if what == "card" else "none"
            await self._takedown.source(site, allowed, reason)
        elif what in ("account", "advertiser", "newcomer"):
            account = await self._desk.accounts.by_id(share.owner)
            if account and what != "account":  # a guest shares the ads of its house alone
                account = await self._desk.accounts.by_id(account.house)
            if account is None:
                raise Problem("not_found", "There is no such account.")
            if what == "newcomer":
                await self._vetting.doubt(account, reason)
            else:
                await self._takedown.account(account, reason)
        else:
            raise invalid("what", "choice", f"One of {', '.join(WHATS)}.")
