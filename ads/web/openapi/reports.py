"""The calls of the contract's section 7: reports, spread, ledger."""

from ads.events.ledger import Ledger
from ads.reports.judge import JudgedEvent
from ads.reports.report import BY, Row, SlotRow, Totals
from ads.reports.spread import Spread
from ads.store.counts import BRANCHES
from ads.web.events import CONTENT_TYPE
from ads.web.openapi.parts import (
    HOUR,
    TIME,
    Json,
    Paths,
    answers,
    choice,
    in_query,
    operation,
    record,
    ref,
    structs,
    time_zone,
    told,
)
from ads.web.paging import LIMIT_MAX
from ads.web.reports import NODE_CURSOR, ROW_CURSOR

LINES: Json = {
    "type": "string",
    "description": "Lines of JudgedEvent.",
    "contentSchema": ref("JudgedEvent"),
}
FROM = (
    "Begins there. Figures of days long past (90, by setting) are kept by the day of UTC: such a "
    "day belongs to the span in which it begins, and to its first hour."
)
TZ = (
    "Time zone in which `hour` and `day` rows are named and days begin; an hour of UTC that local "
    "midnight cuts belongs to the day in which it begins."
)
SPREAD = (
    "The tree. Of a share without any event for long (365 days, by setting) the nodes are gone and "
    "all other figures stay."
)
MEASURED = (
    "Opens whose page told how it was read, so that the script which looks for views ran to the "
    "end: the opens of which it is known whether a slot was seen. Views are by MRC's rule: half of "
    "the pixels, or 30 % from 242,500 square pixels, for one second."
)
TABLE = "The same rows; all of them without `limit` and `cursor`."
DIMENSIONS = ("none", *filter(None, BY))


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    return {
        "Report": _report_schema(),
        **structs(Totals, Row, SlotRow, Spread, Ledger, JudgedEvent),
    }


def _report_schema() -> Json:
    """Of `ads.reports.report.Report`; msgspec describes no union of two kinds of lists."""
    rows = [{"type": "array", "items": ref(name)} for name in ("Row", "SlotRow")]
    return record(
        {
            "from": TIME,
            "to": TIME,
            "by": choice(DIMENSIONS),
            "totals": ref("Totals"),
            "rows": {"anyOf": rows},
            "next": {"type": ["string", "null"]},
            "measured": {"type": "integer", "minimum": 0, "description": MEASURED},
        }
    )


def _rows(pattern: str) -> list[Json]:
    """Pages of rows and nodes, whose cursors are their own."""
    limit = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX}
    cursor = {"type": "string", "pattern": pattern}
    return [in_query("limit", limit), in_query("cursor", cursor, "The `next` of the page before.")]


def _span() -> list[Json]:
    return [in_query("from", HOUR, FROM), in_query("to", HOUR, "Ends before.")]


def _report(subject: str) -> dict[str, Json]:
    parameters = [
        *_span(),
        in_query("by", choice(("", *DIMENSIONS)), "A dimension; none by default."),
        in_query("tz", time_zone(""), TZ),
        *_rows(ROW_CURSOR),
    ]
    title, name = f"The report of {'an ad' if subject == 'ad' else 'a share'}", subject.title()
    found = told("The figures.", "Report")
    table = answers(TABLE, {"text/csv": {"type": "string"}}, X_Next_Cursor="As `next`.")
    return {
        "": operation(f"report{name}", title, {200: found}, (422,), parameters=parameters),
        ".csv": operation(
            f"report{name}Csv", f"{title} as CSV", {200: table}, (422,), parameters=parameters
        ),
    }


def paths() -> Paths:
    """The calls."""
    found: Paths = {}
    for subject in ("ad", "share"):
        for ending, call in _report(subject).items():
            found[f"/api/v1/{subject}s/{{{subject}}}/report{ending}"] = {"get": call}
    branches = in_query("branches", {"type": "integer", "minimum": 0, "maximum": BRANCHES})
    found["/api/v1/shares/{share}/spread"] = {
        "get": operation(
            "spread",
            "How a share travelled",
            {200: told(SPREAD, "Spread")},
            (422,),
            parameters=[branches, *_rows(NODE_CURSOR)],
        )
    }
    found["/api/v1/ads/{ad}/ledger"] = {
        "get": operation(
            "ledger",
            "Received = counted + repeated + pending + refused",
            {200: told("The sums.", "Ledger")},
            (422,),
            parameters=_span(),
        )
    }
    found["/api/v1/ads/{ad}/events"] = {
        "get": operation(
            "events",
            "Every event received, with the verdict on it",
            {200: answers("One JSON object a line, in order of receipt.", {CONTENT_TYPE: LINES})},
            (422, 429),
            parameters=_span(),
        )
    }
    return found
