"""The report: each block a question, one sentence, a picture, the rows."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from aiohttp import web

from ads import ledger, report
from ads.ad import Ad
from ads.booking import Booking
from ads.clock import Clock
from ads.errors import Problem
from ads.i18n import gettext
from ads.report import Facts, Report
from ads.reports import Reports, Subject
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.web.console import charts, period, rates, sentences, words
from ads.web.console.desk import Desk, Visit
from ads.web.console.period import Range
from ads.web.reports import rows_csv

FEW_READINGS = 10  # reading times are shown for ten or more together
ADS_LISTED = 100


@dataclass(frozen=True)
class ReportStores:
    """What reports are read from."""

    reports: Reports
    ads: Ads
    bookings: Bookings


def routes(desk: Desk, stores: ReportStores, *, now: Clock) -> list[web.RouteDef]:
    """Reports of ads and shares, the ledger, their files."""
    screens = ReportScreens(stores, now)
    return [
        web.get("/reports", desk.members(screens.first)),
        web.get("/ads/{ad}/report", desk.members(screens.show)),
        web.get("/ads/{ad}/report.csv", desk.members(screens.table)),
        web.get("/ads/{ad}/ledger", desk.members(screens.ledger)),
        web.get("/shares/{share}/report", desk.members(screens.show)),
        web.get("/shares/{share}/report.csv", desk.members(screens.table)),
    ]


class About(NamedTuple):
    """What a report is about: an ad, or a share with the facts booked for it."""

    subject: Subject
    since: int
    name: str
    ad: Ad | None = None
    share: Booking | None = None

    @property
    def path(self) -> str:
        """Its report's address."""
        return f"/{self.subject[0]}s/{self.subject[1]}/report"


class ReportScreens:
    """The screens of the reports' tab."""

    def __init__(self, stores: ReportStores, now: Clock) -> None:
        self._stores = stores
        self._now = now

    async def first(self, visit: Visit) -> web.Response:
        """GET /reports: the newest ad's report."""
        ads, _ = await self._stores.ads.list(visit.owner.id, "", 1)
        if ads:
            return visit.go(f"/ads/{ads[0].id}/report")
        return visit.html("noreport.html")

    async def show(self, visit: Visit) -> web.Response:
        """GET /ads/{ad}/report, /shares/{share}/report."""
        about = await self._about(visit)
        chosen = self._range(visit, about)
        start, end, facts = await self._facts(visit, about, chosen)
        found = report.build(facts, start, end, "channel", words.zone(visit.time_zone))
        ads, _ = await self._stores.ads.list(visit.owner.id, "", ADS_LISTED)
        return visit.html(
            "report.html",
            about=about,
            others=[each for each in ads if each.id != about.subject[1]],
            totals=found.totals,
            few_readings=found.totals.opens < FEW_READINGS,
            **self._chosen(visit, chosen),
            **_seen(visit.locale, facts, self._bars(visit, facts, chosen), found),
            **_travelled(visit.locale, facts, found),
            **_worked(visit.locale, found, about),
            **await self._honest(visit, about, chosen),
        )

    async def ledger(self, visit: Visit) -> web.Response:
        """GET /ads/{ad}/ledger."""
        about = await self._about(visit)
        chosen = self._range(visit, about)
        values = self._chosen(visit, chosen) | await self._honest(visit, about, chosen)
        return visit.html(
            "ledger.html", about=about, kinds=ledger.KINDS, reasons=ledger.REASONS, **values
        )

    async def table(self, visit: Visit) -> web.Response:
        """GET …/report.csv: the days on the screen."""
        about = await self._about(visit)
        chosen = self._range(visit, about)
        start, end, facts = await self._facts(visit, about, chosen)
        by: report.By = "hour" if period.within_a_day(chosen) else "day"
        found = report.build(facts, start, end, by, words.zone(visit.time_zone))
        name = f"{about.subject[1]}-{chosen.first}-{chosen.last}.csv"
        headers = visit.desk.headers | {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(
            text=rows_csv(found), content_type="text/csv", charset="utf-8", headers=headers
        )

    async def _about(self, visit: Visit) -> About:
        asked = visit.request.match_info
        if "ad" in asked:
            ad = await self._stores.ads.owned(visit.owner.id, asked["ad"])
            return About(("ad", ad.id), ad.created_at, ad.name, ad=ad)
        booked = await self._stores.bookings.get(asked["share"])
        if booked is None or booked.owner != visit.owner.id:
            raise Problem("not_found")
        name = booked.title or booked.share
        return About(("share", booked.share), booked.created_at, name, share=booked)

    def _range(self, visit: Visit, about: About) -> Range:
        return period.read(visit.request.query, about.since, self._now(), visit.time_zone)

    async def _facts(self, visit: Visit, about: About, chosen: Range) -> tuple[int, int, Facts]:
        return await self._stores.reports.facts(
            visit.owner.id, about.subject, chosen.start, chosen.end, channels=True
        )

    def _bars(self, visit: Visit, facts: Facts, chosen: Range) -> list[charts.Bar]:
        return charts.times(facts, chosen, visit.locale, visit.time_zone, self._now())

    def _chosen(self, visit: Visit, chosen: Range) -> dict[str, Any]:
        now, zone = self._now(), visit.time_zone
        return {
            "range": chosen,
            "choices": period.CHOICES,
            "dates": words.span(chosen.start, chosen.end, visit.locale, zone, now),
            "zone": zone,
        }

    async def _honest(self, visit: Visit, about: About, chosen: Range) -> dict[str, Any]:
        """The ledger of an ad; a share has none of its own."""
        if about.ad is None:
            return {"ledger": None}
        found = await self._stores.reports.ledger(
            visit.owner.id, about.ad.id, chosen.start, chosen.end
        )
        counted, refused = sum(found.counted.values()), sum(found.refused.values())
        parts = counted + found.repeated + found.pending + refused
        return {
            "ledger": found,
            "counted": counted,
            "refused": refused,
            "adds_up": parts == found.received,
            "honest": sentences.honest(visit.locale, found.received, parts),
        }


def _seen(locale: str, facts: Facts, bars: list[charts.Bar], found: Report) -> dict[str, Any]:
    first = charts.first_place(facts)
    places = charts.places(facts)
    views = next((place.views for place in places if place.slot == first), 0)
    totals = found.totals
    return {
        "headline": sentences.headline(locale, totals.readers, totals.views, totals.taps),
        "per_hundred": sentences.per_hundred(locale, totals.views, totals.taps),
        "seen": sentences.seen(locale, totals.opens, views),
        "first_place": first,
        "places": places,
        "bars": bars,
        "bars_facts": charts.times_facts(bars, locale),
    }


def _travelled(locale: str, facts: Facts, found: Report) -> dict[str, Any]:
    drawn = charts.hops(charts.depths(facts))
    totals = found.totals
    travel = sentences.travel(locale, totals.readers, totals.forwarded_readers, len(drawn))
    return {"travel": travel, "hops": drawn, "hops_facts": charts.hops_facts(drawn, locale)}


def _worked(locale: str, found: Report, about: About) -> dict[str, Any]:
    """Channels against each other, where an ad has more than one."""
    rows = [row for row in found.rows if isinstance(row, report.Row)]
    compared = rates.rated(rows, locale) if about.ad and len(rows) > 1 else []
    return {
        "compared": compared,
        "leading": rates.leading(compared),
        "best": sentences.best(locale, compared),
        "axis": rates.axis(compared),
        "unit": gettext(locale, "Channel"),
    }
