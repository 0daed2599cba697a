"""The calls of the contract's section 7: reports, spread, ledger."""

from ads.web.openapi.parts import (
    COUNT,
    TIME,
    Json,
    Paths,
    answers,
    choice,
    in_path,
    in_query,
    operation,
    paging,
    record,
    ref,
)

DIMENSIONS = (
    "none",
    "hour",
    "day",
    "depth",
    "share",
    "channel",
    "country",
    "device",
    "source",
    "variant",
    "slot",
)
_KINDS = ("open", "view", "read", "tap", "share", "plain", "close")
_TOTALS = ("opens", "readers", "views", "taps", "shares", "plain", "closes", "forwarded_readers")
_ROW = ("opens", "readers", "views", "taps", "shares", "plain", "closes")
_RATE = {"type": "number", "minimum": 0}
_NEXT = {"type": ["string", "null"]}
_HOP = {"type": "string"}


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    medians = {"read_ms_median": _RATE, "read_pct_median": _RATE, "tap_rate": _RATE}
    totals = record({**dict.fromkeys(_TOTALS, COUNT), **medians})
    row = record({"key": {"type": "string"}, **dict.fromkeys(_ROW, COUNT)}, ("key",))
    report = {
        "from": TIME,
        "to": TIME,
        "by": choice(DIMENSIONS),
        "totals": totals,
        "rows": {"type": "array", "items": row},
        "next": _NEXT,
    }
    return {"Report": record(report), "Spread": _spread(), "Ledger": _ledger()}


def _spread() -> Json:
    counts = ("readers", "max_depth", "largest_branch", "orphans", "conflicts", "capped")
    forwarder = record({"hop": _HOP, "children": COUNT, "descendants": COUNT})
    node = {
        "hop": _HOP,
        "parent": _HOP,
        "depth": COUNT,
        "children": COUNT,
        "descendants": COUNT,
        "first_open": TIME,
        "orphan": {"type": "boolean"},
    }
    branch = record({"hop": _HOP, "descendants": COUNT, "width_by_depth": _list(COUNT)})
    properties = {
        **dict.fromkeys(counts, COUNT),
        "width_by_depth": _list(COUNT),
        "reproduction_by_depth": _list(_RATE),
        "structural_virality": _RATE,
        "half_of_readers_after_s": {"type": ["number", "null"]},
        "top_forwarders": _list(forwarder),
        "nodes": _list(record(node, [name for name in node if name != "orphan"])),
        "branches": _list(branch),
        "next": _NEXT,
    }
    return record(properties, [name for name in properties if name != "branches"])


def _ledger() -> Json:
    counted = record(dict.fromkeys(_KINDS, COUNT))
    refused = {"type": "object", "additionalProperties": COUNT}
    return record(
        {
            "received": COUNT,
            "counted": counted,
            "repeated": COUNT,
            "pending": COUNT,
            "refused": refused,
        }
    )


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _span() -> list[Json]:
    said = "RFC 3339, on the hour, UTC."
    return [in_query("from", TIME, said), in_query("to", TIME, said)]


def _report(subject: str) -> dict[str, Json]:
    zone = {"type": "string", "description": "IANA time zone of the days."}
    parameters = [
        in_path(subject),
        *_span(),
        in_query("by", choice(DIMENSIONS)),
        in_query("tz", zone),
        *paging(),
    ]
    title, name = f"The report of {'an ad' if subject == 'ad' else 'a share'}", subject.title()
    found = answers("The figures.", {"application/json": ref("Report")})
    table = answers("The same rows.", {"text/csv": {"type": "string"}})
    return {
        "": operation(f"report{name}", title, {200: found}, (404, 422), parameters=parameters),
        ".csv": operation(
            f"report{name}Csv", f"{title} as CSV", {200: table}, (404, 422), parameters=parameters
        ),
    }


def paths() -> Paths:
    """The calls."""
    found: Paths = {}
    for subject in ("ad", "share"):
        for ending, call in _report(subject).items():
            found[f"/api/v1/{subject}s/{{{subject}}}/report{ending}"] = {"get": call}
    branches = in_query("branches", {"type": "integer", "minimum": 0, "maximum": 20})
    found["/api/v1/shares/{share}/spread"] = {
        "get": operation(
            "spread",
            "How a share travelled",
            {200: answers("The tree.", {"application/json": ref("Spread")})},
            (404, 422),
            parameters=[in_path("share"), branches, *paging()],
        )
    }
    found["/api/v1/ads/{ad}/ledger"] = {
        "get": operation(
            "ledger",
            "Received = counted + repeated + pending + refused",
            {200: answers("The sums.", {"application/json": ref("Ledger")})},
            (404, 422),
            parameters=[in_path("ad"), *_span()],
        )
    }
    return found
