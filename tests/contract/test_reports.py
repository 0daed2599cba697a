"""Contract, section 7: reports, spread and ledger, on small trees with known answers."""

import csv
import io
import json
import math
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from tests.client import depth_of, hop
from tests.contract.kit import Json, Reader, World, ask
from tests.contract.test_beacons import BOT, Site
from tests.contract.test_origins import raw

FIGURES = ("opens", "readers", "views", "taps", "shares")
DIMENSIONS = (
    "hour", "day", "depth", "share", "channel", "country", "device", "source", "variant", "slot",
)  # fmt: skip
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN"
)


@pytest.fixture(scope="module")
def campaign(w: World) -> Json:
    """An ad over two shares with known figures."""
    variants = [{"id": "a", "weight": 1}, {"id": "b", "weight": 1}]
    ad = w.account.ad(variants=variants)["id"]
    shares = [w.share(ad=ad, channel=channel) for channel in ("chat", "mail")]
    received = 0
    for share, readers in zip(shares, (5, 3), strict=True):
        ticket = w.facts(share)["ticket"]
        first = Reader(ticket)
        for number in range(readers):
            one = first if number == 0 else Reader(ticket, 2, first.n)
            events = [one.open, one.does("view", s="top"), one.does("view", s="end")]
            events += [one.does("read", ms=1000 * (number + 1), pct=10 * (number + 1))]
            if number == 0:
                events += [one.does("tap", s="top"), one.does("share"), one.does("plain")]
                events += [one.does("close", s="sticky")]
            agent = {"User_Agent": WECHAT} if number % 2 else {}
            w.sent(events, **agent)
            received += len(events)
    w.settled(ad, received)
    return {"ad": ad, "shares": shares, "received": received}


def report(w: World, campaign: Json, query: str = "", share: int | None = None) -> Json:
    of = f"/ads/{campaign['ad']}" if share is None else f"/shares/{campaign['shares'][share]['id']}"
    found: Json = w.account.ok("GET", f"{of}/report{query}")
    return found


def test_totals_are_as_sent(w: World, campaign: Json) -> None:
    found = report(w, campaign)
    assert set(found) >= {"from", "to", "by", "totals", "rows", "next"}
    assert found["totals"] == {
        "opens": 8, "readers": 8, "views": 16, "taps": 2, "shares": 2, "plain": 2, "closes": 2,
        "forwarded_readers": 6, "read_ms_median": 2500, "read_pct_median": 25, "tap_rate": 0.125,
    }  # fmt: skip
    assert (found["by"], found["rows"], found["next"]) == ("none", [], None)
    assert report(w, campaign, "?by=none")["totals"] == found["totals"]
    one = report(w, campaign, share=0)["totals"]
    assert (one["opens"], one["readers"], one["forwarded_readers"]) == (5, 5, 4)


@pytest.mark.parametrize("by", DIMENSIONS)
def test_rows_add_up_to_the_totals_in_every_figure_they_carry(
    w: World, campaign: Json, by: str
) -> None:
    for share in (None, 0):
        found = report(w, campaign, f"?by={by}", share)
        assert found["by"] == by
        assert found["rows"]
        figures = ("views", "taps", "closes") if by == "slot" else FIGURES
        for row in found["rows"]:
            assert set(row) == {"key", *figures}
        for figure in figures:
            assert sum(row[figure] for row in found["rows"]) == found["totals"][figure], figure


def keyed(found: Json, figure: str) -> dict[str, int]:
    return {row["key"]: row[figure] for row in found["rows"]}


def test_each_dimension_has_its_keys(w: World, campaign: Json) -> None:
    first, second = (share["id"] for share in campaign["shares"])

    def by(name: str, figure: str = "readers") -> dict[str, int]:
        return keyed(report(w, campaign, f"?by={name}"), figure)

    assert by("depth") == {"1": 2, "2": 6}
    assert by("share") == {first: 5, second: 3}
    assert by("channel") == {"chat": 5, "mail": 3}
    assert by("slot", "views") == {"top": 8, "end": 8, "sticky": 0}
    assert by("slot", "closes") == {"top": 0, "end": 0, "sticky": 2}
    assert by("device") == {"phone": 8}
    assert sorted(by("source").values()) == [3, 5]
    assert set(by("variant")) <= {"a", "b"}
    assert len(by("hour")) in (1, 2)


def test_a_csv_file_is_whole_unless_a_page_of_it_is_asked_for(w: World) -> None:
    ad = w.account.ad()["id"]
    url = w.publish()
    for _ in range(101):
        w.sent(Reader(w.facts(w.account.share(url, ad))["ticket"]).open)
    w.settled(ad, 101)
    path = f"/ads/{ad}/report.csv?by=share"
    page = w.account.ask("GET", f"{path}&limit=100")
    assert len(page.text.splitlines()) == 1 + 100
    rest = w.account.ask("GET", f"{path}&limit=100&cursor={page.headers['X-Next-Cursor']}")
    assert (len(rest.text.splitlines()), rest.headers["X-Next-Cursor"]) == (1 + 1, None)
    whole = w.account.ask("GET", path).text.splitlines()
    assert whole == page.text.splitlines() + rest.text.splitlines()[1:]


def hour(at: datetime) -> str:
    return at.replace(minute=0, second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_from_and_to_are_on_the_hour(w: World, campaign: Json) -> None:
    now = datetime.now(UTC)
    start, end = hour(now - timedelta(hours=2)), hour(now + timedelta(hours=1))
    whole = report(w, campaign, f"?from={start}&to={end}")
    assert (whole["from"], whole["to"]) == (start, end)
    assert whole["totals"]["opens"] == 8
    past = report(w, campaign, f"?from={start}&to={hour(now - timedelta(hours=1))}")
    assert past["totals"]["opens"] == 0
    offset = hour(now - timedelta(hours=2)).replace("Z", "%2B00:00")
    assert report(w, campaign, f"?from={offset}")["totals"]["opens"] == 8


@pytest.mark.parametrize(
    "query",
    ["from=2026-11-22T05:30:00Z", "from=2026-11-22", "from=x", "to=2026-11-22T05:00:00", "by=hop",
     "tz=Mars/Base", "from=2026-11-22T05:00:00Z&to=2026-11-22T05:00:00Z", "limit=0", "limit=1000"],
)  # fmt: skip
def test_what_a_report_cannot_be_asked_is_invalid(w: World, campaign: Json, query: str) -> None:
    for of in (f"/ads/{campaign['ad']}", f"/shares/{campaign['shares'][0]['id']}"):
        for kind in ("report", "report.csv"):
            assert w.account.ask("GET", f"{of}/{kind}?{query}").said == (422, "invalid")


def test_hours_and_days_are_told_in_the_time_zone_asked_for(w: World, campaign: Json) -> None:
    (row, *_) = report(w, campaign, "?by=hour&tz=Asia/Shanghai")["rows"]
    assert row["key"].endswith("+08:00")
    (plain, *_) = report(w, campaign, "?by=hour")["rows"]
    assert plain["key"].endswith(":00:00Z")
    assert datetime.fromisoformat(row["key"]) == datetime.fromisoformat(plain["key"])
    (day, *_) = report(w, campaign, "?by=day&tz=Pacific/Kiritimati")["rows"]
    assert day["key"] == (datetime.fromisoformat(plain["key"]) + timedelta(hours=14)).strftime(
        "%Y-%m-%d"
    )


@pytest.mark.parametrize("by", ["none", *DIMENSIONS])
def test_the_same_as_csv(w: World, campaign: Json, by: str) -> None:
    rows = report(w, campaign, f"?by={by}")
    answer = w.account.ask("GET", f"/ads/{campaign['ad']}/report.csv?by={by}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    told = list(csv.DictReader(io.StringIO(answer.text)))
    if by == "none":
        assert told == [{name: str(value) for name, value in rows["totals"].items()}]
    else:
        assert [row["key"] for row in told] == [row["key"] for row in rows["rows"]]
        assert told == [{name: str(v) for name, v in row.items()} for row in rows["rows"]]


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "\uff1dSUM(A1)", "+1", "\uff0b1"])
def test_no_name_is_a_formula_in_csv(w: World, name: str) -> None:
    """A spreadsheet would run a formula, and sharers choose the channel's name."""
    ad = w.account.ad()["id"]
    share = w.share(ad=ad, channel=name)
    w.sent(Reader(w.facts(share)["ticket"]).open)
    w.settled(ad, 1)
    (row,) = w.account.ok("GET", f"/ads/{ad}/report?by=channel")["rows"]
    assert row["key"] == name
    told = w.account.ask("GET", f"/ads/{ad}/report.csv?by=channel").text
    assert next(csv.DictReader(io.StringIO(told)))["key"] == f"'{name}"


def test_the_ledger_adds_up_and_is_the_events_received(w: World, campaign: Json) -> None:
    ledger = w.ledger(campaign["ad"])
    assert set(ledger) == {"received", "counted", "repeated", "pending", "refused"}
    assert ledger["received"] == campaign["received"]
    assert set(ledger["counted"]) == {"open", "view", "read", "tap", "share", "plain", "close"}
    now = datetime.now(UTC)
    query = f"?from={hour(now - timedelta(hours=3))}&to={hour(now - timedelta(hours=2))}"
    before = w.account.ok("GET", f"/ads/{campaign['ad']}/ledger{query}")
    assert before["received"] == 0


# Spread.

Edges = list[tuple[str, str]]


def grow(site: Site, edges: Edges, ahead: dict[str, Reader] | None = None) -> dict[str, Reader]:
    """Readers by name; an edge is (name, parent's name or "")."""
    known = ahead if ahead is not None else {}
    for name, parent in edges:
        above = known.get(parent)
        depth = 1 if above is None else depth_of(above.n) + 1
        known[name] = Reader(site.ticket, depth, above.n if above else "")
    readers = [known[name] for name, _ in edges]
    for at in range(0, len(readers), 32):
        site.w.sent([reader.open for reader in readers[at : at + 32]])
    return known


def mean_distance(edges: Edges) -> float:
    """The mean distance over all pairs of nodes with the root, by walking."""
    parents = dict(edges)

    def line(name: str) -> list[str]:
        return [name, *line(parents[name])] if name else [""]

    names = ["", *parents]
    distances = []
    for one, other in combinations(names, 2):
        up, down = line(one), line(other)
        common = next(name for name in up if name in down)
        distances.append(up.index(common) + down.index(common))
    return sum(distances) / len(distances)


def spread(site: Site, query: str = "") -> Json:
    found: Json = site.w.account.ok("GET", f"/shares/{site.share['id']}/spread{query}")
    return found


STAR: Edges = [(str(n), "") for n in range(10)]
CHAIN: Edges = [(str(n), str(n - 1) if n else "") for n in range(9)]  # with the link, 10 nodes
BUSH: Edges = [
    ("a", ""), ("b", ""), ("c", "a"), ("d", "a"), ("e", "c"), ("f", "c"), ("g", "e"), ("h", "b"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edges", "known"), [(STAR, 1.818182), (CHAIN, 3.666667), (BUSH, None)], ids=("*", "-", "<")
)
def test_structural_virality_is_the_mean_distance_of_all_pairs(
    w: World, edges: Edges, known: float | None
) -> None:
    site = Site(w)
    grow(site, edges)
    site.settled(len(edges))
    found = spread(site)
    assert math.isclose(found["structural_virality"], mean_distance(edges), abs_tol=1e-6)
    if known:
        assert abs(found["structural_virality"] - known) < 1e-6


def test_an_unread_share_has_a_spread_of_zeros(w: World) -> None:
    found = spread(Site(w), "?branches=20")
    assert (found["readers"], found["max_depth"], found["structural_virality"]) == (0, 0, 0)
    assert (found["width_by_depth"], found["reproduction_by_depth"]) == ([1], [])
    assert (found["largest_branch"], found["orphans"], found["conflicts"]) == (0, 0, 0)
    assert (found["capped"], found["nodes"], found["top_forwarders"]) == (0, [], [])
    assert (found["next"], found["branches"]) == (None, [])
    assert "half_of_readers_after_s" in found


def test_every_figure_of_a_small_tree(w: World) -> None:
    site = Site(w)
    named = grow(site, BUSH)
    site.settled(len(BUSH))
    found = spread(site, "?branches=5")
    assert found["readers"] == 8
    assert found["max_depth"] == 4
    assert found["width_by_depth"] == [1, 2, 3, 2, 1]
    assert found["reproduction_by_depth"] == [2.0, 1.5, pytest.approx(2 / 3), 0.5]
    assert found["largest_branch"] == 6
    assert found["half_of_readers_after_s"] >= 0
    ids = {reader.n: name for name, reader in named.items()}
    nodes = {ids[node["hop"]]: node for node in found["nodes"]}
    assert set(nodes) == set("abcdefgh")
    for node in found["nodes"]:
        assert set(node) >= {"hop", "parent", "depth", "children", "descendants", "first_open"}
        assert datetime.fromisoformat(node["first_open"]).tzinfo
    told = {name: (n["depth"], n["children"], n["descendants"]) for name, n in nodes.items()}
    assert told == {
        "a": (1, 2, 5), "b": (1, 1, 1), "c": (2, 2, 3), "d": (2, 0, 0),
        "e": (3, 1, 1), "f": (3, 0, 0), "g": (4, 0, 0), "h": (2, 0, 0),
    }  # fmt: skip
    assert nodes["c"]["parent"] == named["a"].n
    assert nodes["a"]["parent"] == ""
    top = [
        (ids[each["hop"]], each["children"], each["descendants"])
        for each in found["top_forwarders"]
    ]
    assert set(top) >= {("a", 2, 5), ("c", 2, 3)}
    assert {name for name, *_ in top} <= set("abceh") | set("dfg")
    branches = [(ids[b["hop"]], b["descendants"], b["width_by_depth"]) for b in found["branches"]]
    assert branches == [("a", 5, [1, 2, 2, 1]), ("b", 1, [1, 1])]
    assert [b["hop"] for b in spread(site, "?branches=1")["branches"]] == [named["a"].n]
    assert "branches" not in spread(site)


def test_an_orphan_hangs_from_the_sharers_link_until_its_parent_comes(w: World) -> None:
    site = Site(w)
    parent = site.reader(1)
    child = site.reader(2, parent.n)
    below = site.reader(3, child.n)
    w.sent([child.open, below.open])
    site.settled(2)
    found = spread(site, "?branches=5")
    assert (found["orphans"], found["readers"]) == (1, 2)
    assert found["width_by_depth"] == [1, 0, 1, 1]
    assert found["reproduction_by_depth"] == [0.0, 0.0, 1.0]
    assert found["max_depth"] == 3
    assert math.isclose(
        found["structural_virality"], mean_distance([("c", ""), ("d", "c")]), abs_tol=1e-6
    )
    node = next(n for n in found["nodes"] if n["hop"] == child.n)
    assert (node["orphan"], node["parent"], node["depth"]) == (True, parent.n, 2)
    assert not next(n for n in found["nodes"] if n["hop"] == below.n).get("orphan")
    assert [b["hop"] for b in found["branches"]] == [child.n]
    assert found["largest_branch"] == 2
    w.sent(parent.open)
    site.settled(3)
    found = spread(site, "?branches=5")
    assert (found["orphans"], found["readers"], found["largest_branch"]) == (0, 3, 3)
    chain = [("p", ""), ("c", "p"), ("d", "c")]
    assert math.isclose(found["structural_virality"], mean_distance(chain), abs_tol=1e-6)
    assert [(b["hop"], b["descendants"]) for b in found["branches"]] == [(parent.n, 2)]


def test_a_hop_that_names_two_parents_keeps_the_first(w: World) -> None:
    site = Site(w)
    one, other = site.reader(1), site.reader(1)
    child = site.reader(2, one.n)
    w.sent([one.open, other.open, child.open])
    site.settled(3)
    again = Reader(site.ticket, parent=other.n, n=child.n)
    w.sent(again.open)
    site.settled(4)
    found = spread(site)
    assert found["conflicts"] == 1
    assert next(n["parent"] for n in found["nodes"] if n["hop"] == child.n) == one.n
    assert site.report()["totals"]["readers"] == 3


def test_capped_hops_are_counted_and_no_orphans(w: World) -> None:
    site = Site(w)
    top = site.reader(1023, hop(1023))
    w.sent(top.open)
    site.settled(1)
    found = spread(site)
    assert (found["capped"], found["orphans"], found["readers"]) == (1, 0, 1)
    assert found["max_depth"] == 1023
    assert len(found["width_by_depth"]) == 1024


def test_arrivals_over_time_are_the_shares_report_by_hour(w: World, campaign: Json) -> None:
    rows = report(w, campaign, "?by=hour", share=0)["rows"]
    assert sum(row["readers"] for row in rows) == 5


# Events, one by one.


def events(w: World, ad: str, query: str = "") -> list[Json]:
    answer = w.account.ask("GET", f"/ads/{ad}/events{query}")
    assert answer.status == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def test_events_are_told_one_by_one_with_their_verdicts(w: World) -> None:
    site = Site(w)
    one = site.reader()
    tap = one.does("tap", s="top")
    later = site.reader().does("view", s="end")
    w.sent([one.open, tap, tap, later])
    refused = site.reader(2, one.n)
    w.sent(refused.open, User_Agent=BOT)
    site.settled(5)
    told = events(w, site.ad)
    assert sorted((each["k"], each["verdict"]) for each in told) == [
        ("open", "bot"), ("open", "counted"), ("tap", "counted"), ("tap", "repeated"),
        ("view", "pending"),
    ]  # fmt: skip
    for each in told:
        assert set(each) >= {"at", "i", "o", "k", "share", "n", "p", "slot", "verdict"}
        assert each["share"] == site.share["id"]
    first = next(each for each in told if each["verdict"] == "counted" and each["k"] == "open")
    assert (first["i"], first["n"], first["p"]) == (one.open["i"], one.n, "")
    assert next(each for each in told if each["k"] == "tap")["slot"] == "top"
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    assert w.other.ask("GET", f"/ads/{site.ad}/events").said == (404, "not_found")
    assert ask(f"{w.service.console}/api/v1/ads/{site.ad}/events").status == 401
    for fault in ("from=x", "from=2026-11-22T05:30:00Z", "to=2026-11-22"):
        answer = w.account.ask("GET", f"/ads/{site.ad}/events?{fault}")
        assert answer.said == (422, "invalid")


def test_head_gets_no_body_even_of_events_that_are_streamed(w: World, campaign: Json) -> None:
    sent = (
        f"HEAD /api/v1/ads/{campaign['ad']}/events HTTP/1.1\r\nHost: localhost:{w.service.port}\r\n"
        f"Authorization: Bearer {w.account.key}\r\nConnection: close\r\n\r\n"
    )
    head, _, body = raw(w.service.port, sent.encode()).partition(b"\r\n\r\n")
    assert (head.split(b" ", 2)[1], body) == (b"200", b"")


def test_events_are_told_of_the_time_asked_for(w: World) -> None:
    site = Site(w)
    w.sent(site.reader().open)
    site.settled(1)
    now = datetime.now(UTC)
    start, end = hour(now - timedelta(hours=2)), hour(now + timedelta(hours=1))
    assert len(events(w, site.ad, f"?from={start}&to={end}")) == 1
    assert events(w, site.ad, f"?from={start}&to={hour(now - timedelta(hours=1))}") == []


def test_opens_that_told_how_they_were_read_are_told_from_the_rest(
    w: World, campaign: Json
) -> None:
    found = report(w, campaign)
    assert found["measured"] == found["totals"]["opens"] == 8


def test_readers_of_an_ad_are_the_sum_over_its_shares(w: World) -> None:
    first, second = Site(w), Site(w)
    share = w.share(ad=first.ad)
    ticket = w.facts(share)["ticket"]
    one = first.reader()
    w.sent([one.open, Reader(ticket, n=one.n).open, second.reader().open])
    first.settled(2)
    found = w.account.ok("GET", f"/ads/{first.ad}/report?by=share")
    assert (found["totals"]["opens"], found["totals"]["readers"]) == (2, 2)
    assert keyed(found, "readers") == {first.share["id"]: 1, share["id"]: 1}


def test_a_shares_report_is_to_be_had_as_csv_as_well(w: World, campaign: Json) -> None:
    path = f"/shares/{campaign['shares'][0]['id']}/report.csv?by=depth"
    told = list(csv.DictReader(io.StringIO(w.account.ask("GET", path).text)))
    assert [(row["key"], row["readers"]) for row in told] == [("1", "1"), ("2", "4")]


def test_reports_spread_ledger_and_events_are_kept_by_no_cache(w: World, campaign: Json) -> None:
    share = campaign["shares"][0]["id"]
    ad = f"/ads/{campaign['ad']}"
    for path in (f"{ad}/report", f"{ad}/report.csv", f"{ad}/ledger", f"{ad}/events",
                 f"/shares/{share}/report", f"/shares/{share}/report.csv",
                 f"/shares/{share}/spread"):  # fmt: skip
        answer = w.account.ask("GET", path)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert w.other.ask("GET", path).said == (404, "not_found")
