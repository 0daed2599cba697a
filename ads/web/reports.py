"""`/api/v1`: reports, spread and ledger, for their owners; never cached."""

import csv
import io
from collections.abc import Iterable, Mapping

import msgspec
from aiohttp import web

from ads.accounts import Account
from ads.reports import Reports, Subject, report, spans
from ads.reports.report import Page, Report
from ads.store.accounts import Accounts
from ads.store.counts import BRANCHES
from ads.web import auth, paging, views

AD = "/api/v1/ads/{ad:[A-Za-z0-9_-]{1,64}}"
SHARE = "/api/v1/shares/{share:[A-Za-z0-9_-]{1,64}}"
NO_STORE = {"Cache-Control": "no-store"}
ROW_CURSOR = r"^([0-9]{1,15}\.|$)"
"""A row's opens, then its key; or nothing, from the start."""
NODE_CURSOR = "^((A[B-Za-z0-9_-]|[B-P][A-Za-z0-9_-])[A-Za-z0-9_-]{10})?$"
"""A hop, whose depth is 1 to 1023 (`ads.events.hops`); or nothing, from the start."""
# What a spreadsheet takes for a formula; East Asian ones take wide letters, too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def routes(*, accounts: Accounts, reports: Reports) -> list[web.RouteDef]:
    """The routes of this module, for the console's origin."""
    api, called = _Api(reports), auth.called(accounts)
    return [
        web.get(f"{AD}/report", called(api.report)),
        web.get(f"{AD}/report.csv", called(api.table)),
        web.get(f"{AD}/ledger", called(api.ledger)),
        web.get(f"{SHARE}/report", called(api.report)),
        web.get(f"{SHARE}/report.csv", called(api.table)),
        web.get(f"{SHARE}/spread", called(api.spread)),
    ]


class _Api:
    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def report(self, request: web.Request, owner: Account) -> web.Response:
        return views.answer(await self._report(request, owner, _page(request)))

    async def table(self, request: web.Request, owner: Account) -> web.Response:
        # A file has all rows, unless a page of it is asked for.
        paged = request.query.keys() & {"limit", "cursor"}
        found = await self._report(request, owner, _page(request) if paged else None)
        headers = NO_STORE | {"Content-Disposition": 'attachment; filename="report.csv"'}
        if found.next:
            headers["X-Next-Cursor"] = found.next
        return csv_answer(found, headers)

    async def ledger(self, request: web.Request, owner: Account) -> web.Response:
        found = await self._reports.ledger(
            owner.reports_of, request.match_info["ad"], *span(request)
        )
        return views.answer(found)

    async def spread(self, request: web.Request, owner: Account) -> web.Response:
        found = await self._reports.spread(
            owner.reports_of,
            request.match_info["share"],
            paging.limit(request),
            paging.cursor(request, NODE_CURSOR),
            paging.number(request, "branches", 0, BRANCHES),
        )
        return views.answer(found)

    async def _report(self, request: web.Request, owner: Account, page: Page | None) -> Report:
        query = request.query
        start, end = span(request)
        by, tz = query.get("by", ""), query.get("tz", "")
        return await self._reports.report(
            owner.reports_of, subject(request), start, end, by, tz, page
        )


def csv_answer(found: Report, headers: Mapping[str, str], mark: str = "") -> web.Response:
    """The rows as CSV (RFC 4180) under their names; without a dimension the totals.

    `mark` stands before them.
    """
    rows: Iterable[msgspec.Struct] = found.rows if found.by != "none" else [found.totals]
    kind = report.SlotRow if found.by == "slot" else report.Row
    named = kind.__struct_fields__ if found.by != "none" else report.Totals.__struct_fields__
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(named)
    writer.writerows([_cell(getattr(row, name)) for name in named] for row in rows)
    text = mark + out.getvalue()
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


def _cell(value: object) -> object:
    """A value that no spreadsheet runs as a formula: channels' and sources' names are not ours."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def subject(request: web.Request) -> Subject:
    """The ad or the share that an address names."""
    ad = request.match_info.get("ad")
    return ("ad", ad) if ad else ("share", request.match_info["share"])


def span(request: web.Request) -> tuple[int | None, int | None]:
    """`?from` and `?to` in ms, None where missing. Raises Problem("invalid")."""
    start, end = (
        spans.hour_of(request.query[name], name) if name in request.query else None
        for name in ("from", "to")
    )
    return start, end


def _page(request: web.Request) -> Page:
    return Page(paging.limit(request, paging.LIMIT_MAX), paging.cursor(request, ROW_CURSOR))
