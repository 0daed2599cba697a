"""Read-only links to a report, for people without an account: made, shown and withdrawn."""

from dataclasses import replace

from aiohttp import web

from ads.errors import Problem
from ads.store.reportlinks import ReportLink, ReportLinks
from ads.web.console.desk import Desk, Visit
from ads.web.console.report.presenter import About, Presenter
from ads.web.reports import subject

DAYS = (1, 7, 30, 365)


def routes(desk: Desk, presenter: Presenter, links: ReportLinks) -> list[web.RouteDef]:
    """GET /r/{token} for anyone; the links' page of a report for its owner."""
    screens = _Screens(presenter, links)
    found = [
        web.get("/r/{token}", desk.anyone(screens.report)),
        web.get("/r/{token}/report.csv", desk.anyone(screens.table)),
    ]
    for of in ("/ads/{ad}/report", "/shares/{share}/report"):
        found += [
            web.get(f"{of}/links", desk.members(screens.links)),
            web.post(f"{of}/links", desk.form(screens.make)),
            web.post(f"{of}/links/withdraw", desk.form(screens.withdraw)),
        ]
    return found


class _Screens:
    def __init__(self, presenter: Presenter, links: ReportLinks) -> None:
        self._presenter = presenter
        self._links = links

    async def report(self, visit: Visit) -> web.Response:
        """The report, on which only the range can be changed."""
        visit, about, link = await self._linked(visit)
        values = await self._presenter.all(visit, about)
        return visit.html("report.html", others=[], public=link.expires_at, **values)

    async def table(self, visit: Visit) -> web.Response:
        visit, about, _ = await self._linked(visit)
        return await self._presenter.table(visit, about)

    async def _linked(self, visit: Visit) -> tuple[Visit, About, ReportLink]:
        """What the link shows, in its owner's time zone: other zones have other daily sums."""
        token = visit.request.match_info["token"]
        link = await self._links.shown(token)
        if link is None:
            raise Problem("ended", "This link is over.")
        about = await self._presenter.about(link.owner, (link.kind, link.subject), f"/r/{token}")
        owner = await visit.desk.accounts.by_id(link.owner)
        return replace(visit, zone=owner.time_zone if owner else ""), about, link

    async def links(self, visit: Visit) -> web.Response:
        return await self._page(visit)

    async def make(self, visit: Visit) -> web.Response:
        """Makes a link, which is shown only now."""
        about = await self._about(visit)
        days = next((d for d in DAYS if str(d) == visit.text("days")), DAYS[1])
        token = await self._links.create(visit.owner.id, *about.subject, days)
        await self._note(visit, "link", about)
        return await self._page(visit, f"{visit.desk.config.console_origin}/r/{token}")

    async def withdraw(self, visit: Visit) -> web.Response:
        about = await self._about(visit)
        await self._links.withdraw(visit.owner.id, visit.text("id", 64))
        await self._note(visit, "link-withdrawn", about)
        return visit.go(f"{about.path}/links")

    async def _note(self, visit: Visit, what: str, about: About) -> None:
        _, name = about.subject
        await visit.note(what, about.name, name)

    async def _page(self, visit: Visit, link: str = "") -> web.Response:
        about = await self._about(visit)
        running = await self._links.list(visit.owner.id)
        own = [each for each in running if (each.kind, each.subject) == about.subject]
        return visit.html("reportlinks.html", about=about, link=link, links=own, days=DAYS)

    async def _about(self, visit: Visit) -> About:
        return await self._presenter.about(visit.owner.id, subject(visit.request))
