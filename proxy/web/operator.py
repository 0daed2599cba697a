"""GET /operator: what waits for whoever runs the service, and what was done; one click each."""

from dataclasses import dataclass

from aiohttp import web

from ads.ad.review import WHY_MAX, versions
from ads.errors import Problem
from ads.store.complaints import Complaints
from ads.store.register import Register
from ads.web.console.desk import Desk, Visit
from proxy.moderation.takedown import Reason, Takedown
from proxy.moderation.vetting import VERDICTS, Vetting
from proxy.store.audit import Audit
from proxy.store.lists import ListStore
from proxy.web.vetting import register_lines

ADS_SHOWN = 50
ACTS_SHOWN = 100


def routes(
    desk: Desk,
    *,
    vetting: Vetting,
    takedown: Takedown,
    audit: Audit,
    lists: ListStore,
    complaints: Complaints,
    register: Register,
) -> list[web.RouteDef]:
    """The operator's own page and its forms."""
    page = _Page(desk, vetting, takedown, audit, lists, complaints, register)
    return [
        web.get("/operator", desk.members(page.show)),
        web.get("/operator/register", desk.members(page.register)),
        web.post("/operator/review", desk.form(page.review)),
        web.post("/operator/lift", desk.form(page.lift)),
    ]


@dataclass(frozen=True)
class _Page:
    _desk: Desk
    _vetting: Vetting
    _takedown: Takedown
    _audit: Audit
    _lists: ListStore
    _complaints: Complaints
    _register: Register

    async def show(self, visit: Visit) -> web.Response:
        """What waits, what is allowed of which site, what was done."""
        visit.operator()
        return visit.html(
            "operator.html",
            waiting=[(*each, versions(each[0])) for each in await self._vetting.waiting(ADS_SHOWN)],
            entries=await self._lists.every(),
            acts=await self._audit.newest(ACTS_SHOWN),
            reported=len(await self._complaints.newest(ADS_SHOWN)),
        )

    async def register(self, visit: Visit) -> web.StreamResponse:
        """The register of ads, as a file."""
        visit.operator()
        name = {"Content-Disposition": 'attachment; filename="ads.jsonl"'}
        return await register_lines(visit.request, self._register, visit.desk.headers | name)

    async def review(self, visit: Visit) -> web.Response:
        """`what` (passed, refused, vouched) becomes of the version of an ad that was looked at."""
        who = visit.operator().email
        ad = await self._vetting.one(visit.text("id", 64))
        verdict = next((each for each in VERDICTS if each == visit.text("what")), None)
        if verdict is None:
            raise Problem("invalid")
        reason = Reason(who, visit.text("why", WHY_MAX))
        await self._vetting.judge(ad, visit.number("version"), verdict, reason)
        return visit.go("/operator")

    async def lift(self, visit: Visit) -> web.Response:
        """An entry of the list of sites goes."""
        reason = Reason(visit.operator().email, visit.text("why", WHY_MAX))
        await self._takedown.lift_source(visit.text("site", 512), reason)
        return visit.go("/operator#sites")
