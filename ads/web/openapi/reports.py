"""The calls of the contract's section 7: reports, spread, ledger."""

from collections.abc import Sequence

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
    in_json,
    in_query,
    operation,
    paging,
    record,
    ref,
    structs,
    time_zone,
)
from ads.web.reports import NODE_CURSOR, ROW_CURSOR

LINES: Json = {
    "type": "string",
    "description": "Lines of JudgedEvent.",
    "contentSchema": ref("JudgedEvent"),
}
FROM = (
    "Begins there. Figures of days long past (90, by setting) are kept by the day of UTC: such a "
    "day belongs to the span that has its noon, and to that hour."
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
        "TimeZone": time_zone(needed=False),
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


def _span() -> list[Json]:
    return [in_query("from", HOUR, FROM), in_query("to", HOUR, "Ends before.")]


def _get(
    name: str, summary: str, answer: Json, parameters: Sequence[Json], *more: int
) -> dict[str, Json]:
    return {"get": operation(name, summary, answer, 422, *more, parameters=parameters)}


def _reports() -> Paths:
    """Of an ad and of a share, each as JSON and as CSV."""
    parameters = [
        *_span(),
        in_query("by", choice(("", *DIMENSIONS)), "A dimension; none by default."),
        in_query("tz", ref("TimeZone"), TZ),
        *paging(ROW_CURSOR, None),
    ]
    found = in_json("The figures.", "Report")
    table = answers(TABLE, {"text/csv": {"type": "string"}}, X_Next_Cursor="As `next`.")
    paths = {}
    for subject, title in (("ad", "The report of an ad"), ("share", "The report of a share")):
        path, name = f"/api/v1/{subject}s/{{{subject}}}/report", f"report{subject.title()}"
        paths[path] = _get(name, title, found, parameters)
        paths[f"{path}.csv"] = _get(f"{name}Csv", f"{title} as CSV", table, parameters)
    return paths


def paths() -> Paths:
    """The calls."""
    branches = in_query("branches", {"type": "integer", "minimum": 0, "maximum": BRANCHES})
    tree = in_json(SPREAD, "Spread")
    sums = in_json("The sums.", "Ledger")
    adds_up = "Received = counted + repeated + pending + refused"
    lines = answers("One JSON object a line, in order of receipt.", {CONTENT_TYPE: LINES})
    one_by_one = "Every event received, with the verdict on it"
    nodes = [branches, *paging(NODE_CURSOR, None)]
    return {
        **_reports(),
        "/api/v1/shares/{share}/spread": _get("spread", "How a share travelled", tree, nodes),
        "/api/v1/ads/{ad}/ledger": _get("ledger", adds_up, sums, _span()),
        "/api/v1/ads/{ad}/events": _get("events", one_by_one, lines, _span(), 429),
    }
