"""The reports' tab: an ad's or a share's report, the ledger, their files."""

from aiohttp import web

from ads.events import ledger
from ads.web.console.desk import Desk, Visit
from ads.web.console.report.presenter import About, Presenter
from ads.web.events import lines
from ads.web.reports import subject

ADS_LISTED = 100


def routes(desk: Desk, presenter: Presenter) -> list[web.RouteDef]:
    """Reports of ads and shares, the ledger, their files."""
    screens = _Screens(presenter)
    return [
        web.get("/reports", desk.members(screens.first)),
        web.get("/ads/{ad}/report", desk.members(screens.show)),
        web.get("/ads/{ad}/report.csv", desk.members(screens.table)),
        web.get("/ads/{ad}/ledger", desk.members(screens.ledger)),
        web.get("/ads/{ad}/events.jsonl", desk.members(screens.events)),
        web.get("/shares/{share}/report", desk.members(screens.show)),
        web.get("/shares/{share}/report.csv", desk.members(screens.table)),
    ]


class _Screens:
    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter

    async def first(self, visit: Visit) -> web.Response:
        """The report of the ad that was shared last; of the newest while none was.

        Whoever shares only has those of single shares.
        """
        if visit.owner.role == "sharer":
            return visit.go("/shares")
        stores, whose = self._presenter.stores, visit.owner.reports_of
        ads, _ = await stores.ads.list(whose, "", ADS_LISTED)
        if not ads:
            return visit.html("noreport.html")
        shares, _ = await stores.bookings.of_owner(whose).page("", 1)
        shared = {each.ad for each in await stores.bookings.many(shares)}
        ad = next((each for each in ads if each.id in shared), ads[0])
        return visit.go(f"/ads/{ad.id}/report")

    async def show(self, visit: Visit) -> web.Response:
        about = await self._about(visit)
        values = await self._presenter.all(visit, about)
        ads, _ = await self._presenter.stores.ads.list(visit.owner.reports_of, "", ADS_LISTED)
        others = [each for each in ads if each.id != about.subject[1]]
        return visit.html("report.html", others=others, public=False, **values)

    async def ledger(self, visit: Visit) -> web.Response:
        about, presenter = await self._about(visit), self._presenter
        chosen = presenter.range(visit, about)
        values = presenter.chosen(visit, chosen) | await presenter.honest(visit, about, chosen)
        refused = values["ledger"].refused if values["ledger"] else {}
        reasons = sorted(ledger.REASONS, key=lambda reason: -refused.get(reason, 0))
        return visit.html("ledger.html", about=about, kinds=ledger.KINDS, reasons=reasons, **values)

    async def events(self, visit: Visit) -> web.StreamResponse:
        """Every event of the days on the screen."""
        about = await self._about(visit)
        chosen = self._presenter.range(visit, about)
        ad = about.subject[1]
        found = self._presenter.stores.export.events(about.owner, ad, chosen.start, chosen.end)
        name = f"{ad}-{chosen.first}-{chosen.last}.jsonl"
        attached = {"Content-Disposition": f'attachment; filename="{name}"'}
        return await lines(visit.request, found, visit.desk.headers | attached)

    async def table(self, visit: Visit) -> web.Response:
        """The days on the screen, or another dimension of them."""
        return await self._presenter.table(visit, await self._about(visit))

    async def _about(self, visit: Visit) -> About:
        return await self._presenter.about(visit.owner.reports_of, subject(visit.request))
