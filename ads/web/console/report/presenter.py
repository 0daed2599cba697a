"""A report put together for its template: each block's question, sentence, chart and rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiohttp import web

from ads.ad import Ad
from ads.booking import Booking
from ads.clock import Clock
from ads.reports import Reports, Subject, report
from ads.reports.export import Export
from ads.reports.report import Facts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.web.console import words
from ads.web.console.desk import Visit
from ads.web.console.report import blocks, carriers, period, sentences, times
from ads.web.console.report.period import Range
from ads.web.reports import csv_answer

UTF_8 = "\ufeff"
"""Without this mark Excel decodes Chinese names by the machine's old code page."""


@dataclass(frozen=True)
class ReportStores:
    """What reports are read from."""

    reports: Reports
    ads: Ads
    bookings: Bookings
    export: Export


class About(NamedTuple):
    """What a report is about: an ad, or a share with its booking; `since` when (ms)."""

    owner: str
    subject: Subject
    since: int
    name: str
    path: str
    ad: Ad | None = None
    share: Booking | None = None

    @property
    def ended(self) -> bool:
        """Whether it is a share that ended; an ad may run again."""
        return self.share is not None and self.share.state == "ended"


class Presenter:
    """Puts reports together, for their owner's screen and for read-only links."""

    def __init__(self, stores: ReportStores, now: Clock) -> None:
        self.stores = stores
        self.now = now

    async def about(self, owner: str, subject: Subject, path: str = "") -> About:
        """The subject, if it is the owner's. Raises Problem("not_found")."""
        kind, name = subject
        path = path or f"/{kind}s/{name}/report"
        if kind == "ad":
            ad = await self.stores.ads.owned(owner, name)
            return About(owner, subject, ad.created_at, ad.name, path, ad=ad)
        booked = await self.stores.reports.booked(owner, name)
        title = booked.title or booked.share
        return About(owner, subject, booked.created_at, title, path, share=booked)

    def range(self, visit: Visit, about: About) -> Range:
        """The days that the address asks for."""
        return period.read(visit.request.query, about.since, self.now(), visit.time_zone)

    async def facts(self, about: About, chosen: Range) -> Facts:
        """All that the report of these days is built from."""
        return await self.stores.reports.facts(about.owner, about.subject, chosen.start, chosen.end)

    async def all(self, visit: Visit, about: About) -> dict[str, Any]:
        """The template's values for all blocks."""
        chosen = self.range(visit, about)
        facts = await self.facts(about, chosen)
        found = report.build(facts, "", words.zone(visit.time_zone))
        booked = await self._booked(facts)
        locale = visit.locale
        quiet = chosen.start > about.since or chosen.end <= self.now()
        over = sentences.over(locale, quiet=quiet, ended=about.ended)
        bars = times.times(facts, chosen, locale, visit.time_zone, self.now())
        asked, page = visit.text("best", 16), visit.number("carried", 4)
        reports = self.stores.reports
        return {
            "about": about,
            "carries": (len(booked), len({b.article or b.share for b in booked.values()})),
            "totals": found.totals,
            "few_readings": found.totals.opens < blocks.FEW,
            "before": await self._before(visit, about, chosen),
            **self.chosen(visit, chosen),
            **blocks.seen(locale, facts, bars, found, over),
            **blocks.travelled(locale, facts, found, over),
            **blocks.worked(locale, facts, booked, _titles(about), asked),
            **blocks.readers(locale, facts),
            **await carriers.found(locale, reports, about.owner, facts, booked, page),
            **await self.honest(visit, about, chosen),
        }

    async def _booked(self, facts: Facts) -> Mapping[str, Booking]:
        shares = {cell.key for cell in facts.cells if cell.dimension == "share"}
        return {each.share: each for each in await self.stores.bookings.many(sorted(shares))}

    async def _before(self, visit: Visit, about: About, chosen: Range) -> str:
        """The sentence on the same number of days before."""
        earlier = period.before(chosen, about.since, visit.time_zone)
        then, dates = None, ""
        if earlier:
            facts = await self.facts(about, earlier)
            then = report.build(facts, "", words.zone(visit.time_zone)).totals
            dates = self._dates(visit, earlier)
        return sentences.before(visit.locale, dates, then)

    def _dates(self, visit: Visit, of: Range) -> str:
        # Not from its span of hours, which may end on the next day: zones can be half an hour off.
        today = words.local(self.now(), visit.time_zone).date()
        return words.span(of.first, of.last, visit.locale, today)

    def chosen(self, visit: Visit, chosen: Range) -> dict[str, Any]:
        """The template's values for the range."""
        now, zone = self.now(), visit.time_zone
        return {
            "range": chosen,
            "choices": period.CHOICES,
            "dates": self._dates(visit, chosen),
            "zone": zone,
            "as_of": words.clock(now, visit.locale, zone),
        }

    async def honest(self, visit: Visit, about: About, chosen: Range) -> dict[str, Any]:
        """The template's values for an ad's ledger; a share has none."""
        if about.ad is None:
            return {"ledger": None}
        reports = self.stores.reports
        found = await reports.ledger(about.owner, about.ad.id, chosen.start, chosen.end)
        counted, refused = sum(found.counted.values()), sum(found.refused.values())
        parts = counted + found.repeated + found.pending + refused
        return {
            "ledger": found,
            "counted": counted,
            "refused": refused,
            "adds_up": parts == found.received,
            "honest": sentences.honest(visit.locale, found.received, parts),
        }

    async def table(self, visit: Visit, about: About) -> web.Response:
        """What is on the screen as CSV: times, or by any dimension that reports know."""
        chosen = self.range(visit, about)
        facts = await self.facts(about, chosen)
        daily: report.By = "hour" if chosen.one_day else "day"
        by = report.dimension(visit.text("by", 16)) if visit.text("by", 16) else daily
        found = report.build(facts, by, words.zone(visit.time_zone))
        name = f"{about.subject[1]}-{chosen.first}-{chosen.last}-{by or 'total'}.csv"
        headers = visit.desk.headers | {"Content-Disposition": f'attachment; filename="{name}"'}
        return csv_answer(found, headers, UTF_8)


def _titles(about: About) -> dict[str, str]:
    """The name of each variant: its letter, and its title if it has one of its own."""
    variants = about.ad.variants if about.ad else ()
    return {each.id: " · ".join(filter(None, (each.id.upper(), each.title))) for each in variants}
