"""Contract, section 6: what is accepted, what is counted, and why the rest is not."""

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from ads import ticket
from tests.client import AD, HUMAN, event, hop
from tests.contract.kit import Answer, Json, Reader, World, ask, until, world
from tests.service import Service

HOUR = 3_600_000
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


class Site:
    """A share with an ad of its own, whose ledger has only this test's events."""

    def __init__(self, w: World, **ad: Any) -> None:
        self.w = w
        self.ad = w.account.ad(**ad)["id"]
        self.share = w.share(ad=self.ad)
        self.ticket = w.facts(self.share)["ticket"]

    def reader(self, *words: Any, **named: Any) -> Reader:
        return Reader(self.ticket, *words, **named)

    def settled(self, received: int) -> Json:
        return self.w.settled(self.ad, received)

    def report(self, query: str = "") -> Json:
        found: Json = self.w.account.ok("GET", f"/shares/{self.share['id']}/report{query}")
        return found

    def spread(self) -> Json:
        found: Json = self.w.account.ok("GET", f"/shares/{self.share['id']}/spread")
        return found


@pytest.fixture
def site(w: World) -> Site:
    return Site(w)


@pytest.fixture(scope="module")
def ticket_(w: World) -> str:
    return str(w.facts(w.share())["ticket"])


def refused(ledger: Json) -> dict[str, int]:
    return {reason: count for reason, count in ledger["refused"].items() if count}


# What is accepted.


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "TEXT/PLAIN; charset=x"])
def test_one_object_or_an_array_in_either_type_is_204(w: World, ticket_: str, kind: str) -> None:
    assert w.send(Reader(ticket_).open, Content_Type=kind).status == 204
    assert w.send([Reader(ticket_).open for _ in range(32)], Content_Type=kind).status == 204


def test_a_body_that_does_not_say_its_type_is_taken_and_another_type_is_not(
    w: World, ticket_: str
) -> None:
    said = {"User-Agent": HUMAN}
    kinds = {None: 204, "application/x-www-form-urlencoded": 415, "text/plain" + "(" * 500: 415}
    for kind, status in kinds.items():
        headers = said | ({"Content-Type": kind} if kind else {})
        body = json.dumps(Reader(ticket_).open)
        assert ask(f"{w.service.pages}/e", "POST", body, headers).status == status, kind


def test_it_needs_no_cookie_and_accepts_any_origin(w: World, ticket_: str) -> None:
    for origin in ("null", "https://elsewhere.example"):
        answer = w.send(Reader(ticket_).open, Origin=origin)
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] in ("*", origin)
        assert answer.headers["Set-Cookie"] is None
    assert answer.body == b""


def test_what_is_not_as_the_table_says_is_400(w: World, ticket_: str) -> None:
    """For single faults see `ads/events/test_events`."""
    one = Reader(ticket_)
    without = {name: value for name, value in one.open.items() if name != "n"}
    faults = (b"{", [], without, one.open | {"k": "click"}, one.does("view"), one.does("read"))
    for fault in faults:
        assert w.send(fault).said == (400, "malformed"), fault


def test_too_large_is_413(w: World, ticket_: str) -> None:
    assert w.send([Reader(ticket_).open for _ in range(33)]).status in (400, 413)
    assert w.send(json.dumps(Reader(ticket_).open).encode() + b" " * 200_000).status == 413


def test_an_array_with_one_bad_event_is_400_and_nothing_of_it_is_kept(site: Site) -> None:
    good = site.reader()
    assert site.w.send([good.open, site.reader().open | {"k": "x"}]).said == (400, "malformed")
    site.w.sent(good.open)
    found = site.settled(1)
    assert (found["counted"]["open"], found["repeated"]) == (1, 0)


def test_a_large_call_is_taken_whole_and_unknown_keys_are_tolerated(site: Site) -> None:
    site.w.sent([site.reader().open | {"x": 1, "later": {"y": 2}} for _ in range(32)])
    assert site.settled(32)["counted"]["open"] == 32


# What is counted.


def test_each_kind_counts_once(site: Site) -> None:
    one = site.reader()
    events = [
        one.open,
        one.does("view", s="top"),
        one.does("read", ms=4000, pct=60),
        one.does("tap", s="top"),
        one.does("share"),
        one.does("plain"),
        one.does("close", s="sticky"),
    ]
    for each in events:
        site.w.sent(each)
    found = site.settled(7)
    assert found["counted"] == dict.fromkeys(
        ("open", "view", "read", "tap", "share", "plain", "close"), 1
    )
    for each in events:
        site.w.sent(each)
    again = site.settled(14)
    assert again["counted"] == found["counted"]
    assert again["repeated"] == 7
    totals = site.report()["totals"]
    assert totals["read_ms_median"] == 4000
    assert totals["read_pct_median"] == 60


def test_a_view_counts_once_per_open_and_slot(site: Site) -> None:
    one = site.reader()
    site.w.sent([one.open, *(one.does("view", s=s) for s in ("top", "top", "end", "middle"))])
    found = site.settled(5)
    assert (found["counted"]["view"], found["repeated"]) == (3, 1)


def test_a_read_counts_once_per_open_with_the_largest_of_each(site: Site) -> None:
    one = site.reader()
    reads = [(1000, 10), (5000, 40), (3000, 90), (5000, 90)]
    site.w.sent([one.open, *(one.does("read", ms=ms, pct=pct) for ms, pct in reads)])
    found = site.settled(5)
    assert found["counted"]["read"] == 1
    assert found["repeated"] == 3
    totals = site.report()["totals"]
    assert (totals["read_ms_median"], totals["read_pct_median"]) == (5000, 90)


def test_what_comes_before_its_open_is_pending_and_counts_when_that_comes(site: Site) -> None:
    one = site.reader(depth=2, parent=hop(1))
    site.w.sent([one.does("view", s="top"), one.does("tap", s="top"), one.does("share")])
    found = site.settled(3)
    assert (found["pending"], sum(found["counted"].values())) == (3, 0)
    site.w.sent(one.open)
    found = site.settled(4)
    assert found["pending"] == 0
    assert {k: v for k, v in found["counted"].items() if v} == {
        "open": 1, "view": 1, "tap": 1, "share": 1,
    }  # fmt: skip
    (row,) = site.report("?by=depth")["rows"]
    assert (row["key"], row["views"], row["taps"]) == ("2", 1, 1)


def test_a_kind_that_waits_twice_is_repeated(site: Site) -> None:
    one = site.reader()
    tap = one.does("tap", s="top")
    site.w.sent([tap, tap])
    found = site.settled(2)
    assert (found["pending"], found["repeated"]) == (1, 1)


# Why the rest is not counted.


def test_a_bad_ticket_is_204_and_belongs_to_nobodys_ledger(site: Site) -> None:
    flipped = site.ticket[:-2] + ("AA" if site.ticket[-2:] != "AA" else "BB")
    for bad in ("", "nonsense", flipped, site.ticket + "A", "x" * 5000):
        assert site.w.send(Reader(bad).open).status == 204
    site.w.sent(site.reader().open)
    assert site.settled(1)["counted"]["open"] == 1


def key(w: World) -> bytes:
    return (w.service.data_dir / "secret.key").read_bytes().strip()


def issued(w: World, site: Site, ago_ms: int) -> str:
    """The site's ticket, as if issued `ago_ms` ago."""
    import time

    told = ticket.read(site.ticket, [key(w)])
    assert told
    return ticket.sign(told._replace(issued=int(time.time() * 1000) - ago_ms), [key(w)])


def test_a_ticket_holds_for_96_hours(w: World, site: Site) -> None:
    w.sent(Reader(issued(w, site, 96 * HOUR - 60_000)).open)
    assert site.settled(1)["counted"]["open"] == 1
    w.sent(Reader(issued(w, site, 96 * HOUR + 1000)).open)
    assert refused(site.settled(2)) == {"expired_ticket": 1}


def test_depths_that_do_not_fit_are_bad_hop(site: Site) -> None:
    """Depths of reader and parent; for single ones see `ads/events/test_hops`."""
    fit = ((1, 0), (2, 1), (64, 63), (65, 64), (1023, 1022), (1023, 1023))
    wrong = ((2, 0), (1, 1), (3, 1), (1, 2), (1022, 1023))
    readers = [site.reader(n, hop(p) if p else "") for n, p in (*fit, *wrong)]
    site.w.sent([reader.open for reader in readers])
    assert refused(site.settled(len(readers))) == {"bad_hop": len(wrong)}
    told = {node["hop"] for node in site.spread()["nodes"]}
    assert told == {reader.n for reader in readers[: len(fit)]}


def test_children_of_1023_are_capped(site: Site) -> None:
    top = site.reader(1023, hop(1022))
    below = site.reader(1023, top.n)
    site.w.sent([top.open, below.open])
    assert site.settled(2)["counted"]["open"] == 2
    assert site.spread()["capped"] == 1


def test_bots_and_prefetches_are_refused(site: Site) -> None:
    site.w.sent(site.reader().open, User_Agent=BOT)
    site.w.sent(site.reader().open, User_Agent="")
    site.w.sent(site.reader().open, Sec_Purpose="prefetch;prerender")
    site.w.sent(site.reader().open, Purpose="prefetch")
    assert refused(site.settled(4)) == {"bot": 2, "prefetch": 2}


def test_a_browser_that_its_owner_took_out_is_self(site: Site) -> None:
    site.w.sent([site.reader().open | {"self": 1}, site.reader().open | {"self": 0}])
    found = site.settled(2)
    assert refused(found) == {"self": 1}
    assert found["counted"]["open"] == 1


@pytest.mark.parametrize("what", ["share", "ad paused", "ad ended", "ad deleted"])
def test_what_is_not_active_is_ended(site: Site, what: str) -> None:
    w = site.w
    w.sent(site.reader().open)
    site.settled(1)
    if what == "share":
        w.account.ok("DELETE", f"/shares/{site.share['id']}", want=204)
    elif what == "ad deleted":
        # The ad's ledger is gone with the ad; the share's report stays.
        w.account.ok("DELETE", f"/ads/{site.ad}", want=204)
    else:
        w.account.ok("PATCH", f"/ads/{site.ad}", {"state": what.split()[1]})
    w.sent(site.reader().open)
    if what != "ad deleted":
        assert refused(site.settled(2)) == {"ended": 1}
    assert site.report()["totals"]["opens"] == 1


def test_a_page_that_shows_no_ad_any_more_speaks_for_the_resting_one(site: Site) -> None:
    w = site.w
    w.account.ok("PATCH", f"/ads/{site.ad}", {"state": "paused"})
    until(lambda: w.facts(site.share)["slots"] == [])
    w.sent(Reader(w.facts(site.share)["ticket"]).open)
    assert refused(site.settled(1)) == {"ended": 1}


def test_the_first_of_several_reasons_is_told(w: World) -> None:
    reasons = ["expired_ticket", "ended", "self", "prefetch", "bot", "bad_hop"]

    def sent(site: Site, holds: set[str]) -> None:
        old = issued(w, site, 97 * HOUR) if "expired_ticket" in holds else site.ticket
        reader = Reader(old, 5 if "bad_hop" in holds else 1)
        headers = {"User_Agent": BOT if "bot" in holds else HUMAN}
        if "prefetch" in holds:
            headers["Sec_Purpose"] = "prefetch"
        own = {"self": 1} if "self" in holds else {}
        w.sent(reader.open | own, **headers)

    for ended in (True, False):
        site = Site(w)
        if ended:
            w.account.ok("DELETE", f"/shares/{site.share['id']}", want=204)
        applying = [reason for reason in reasons if reason != "ended"]
        expected: dict[str, int] = {}
        for first, second in [*pairwise(applying), ("expired_ticket", "bad_hop")]:
            sent(site, {first, second})
            told = "ended" if ended and first != "expired_ticket" else first
            expected[told] = expected.get(told, 0) + 1
        assert refused(site.settled(len(applying))) == expected


def test_a_refused_event_is_not_remembered_as_counted(site: Site) -> None:
    one = site.reader()
    site.w.sent(one.open, User_Agent=BOT)
    assert refused(site.settled(1)) == {"bot": 1}
    assert site.report()["totals"]["readers"] == 0


# Taps by redirect.


def led(site: Site, query: str = "", method: str = "GET", **headers: str) -> Any:
    url = f"{site.w.service.pages}/g/{site.share['id']}/top{query}"
    sent = {"User-Agent": HUMAN} | {name.replace("_", "-"): v for name, v in headers.items()}
    return ask(url, method, headers=sent)


def asked(site: Site, reader: Reader, i: str = "") -> str:
    i = i or secrets.token_urlsafe(15)
    return f"?h={reader.n}&i={i}&o={reader.open['i']}&t={site.ticket}"


def test_a_tap_by_redirect_counts_once_for_its_id_and_carries_no_parent(site: Site) -> None:
    parent = site.reader()
    one = site.reader(2, parent.n)
    site.w.sent([parent.open, one.open])
    query = asked(site, one)
    for _ in range(2):
        answer = led(site, query)
        assert answer.status == 302
        assert answer.headers["Location"] == AD["target"]
        assert "no-store" in answer.headers["Cache-Control"]
    found = site.settled(4)
    assert (found["counted"]["tap"], found["repeated"]) == (1, 1)
    rows = {row["key"]: row["taps"] for row in site.report("?by=depth")["rows"]}
    assert rows == {"1": 0, "2": 1}


def test_a_tap_by_redirect_of_what_has_ended_leads_nowhere_and_is_refused(site: Site) -> None:
    one = site.reader()
    site.w.sent(one.open)
    site.settled(1)
    site.w.account.ok("PATCH", f"/ads/{site.ad}", {"state": "paused"})
    until(lambda: led(site).status == 410)
    query = asked(site, one)
    assert [led(site, query).status for _ in range(2)] == [410, 410]
    assert refused(site.settled(3)) == {"ended": 2}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service with its limits on."""
    from tests.contract.kit import world
    from tests.service import Service

    folder = tmp_path_factory.mktemp("limits")
    with world(Service(folder / "data", fetch_allow_nets="127.0.0.0/8")) as made:
        yield made


def test_one_reader_who_sends_too_much_is_rate(limited: World) -> None:
    site = Site(limited)
    for _ in range(24):
        limited.sent([site.reader().open for _ in range(32)])
    found = site.settled(24 * 32)
    assert set(refused(found)) == {"rate"}
    assert found["counted"]["open"] >= 120


def test_one_address_that_floods_is_429_with_retry_after_and_nothing_of_it_is_kept(
    limited: World,
) -> None:
    site = Site(limited)

    def flood(number: int) -> Answer:
        batch = [site.reader().open for _ in range(32)]
        return limited.send(batch, User_Agent=f"{HUMAN} {number}")

    with ThreadPoolExecutor(16) as senders:
        answers = list(senders.map(flood, range(1500)))
    taken = 32 * sum(answer.status == 204 for answer in answers)
    refused_calls = [answer for answer in answers if answer.status != 204]
    assert refused_calls
    answer = refused_calls[0]
    assert {each.said for each in refused_calls} == {(429, "rate_limited")}
    assert int(answer.headers["Retry-After"]) > 0
    assert guarded(answer, limited)
    site.settled(taken)


def test_what_cannot_be_made_durable_is_503_with_the_policy_until_it_can(service: Service) -> None:
    # A service of its own: a worker that took an event writes on in its open file.
    with world(service) as w:
        reader = Site(w).reader()
        spool = service.data_dir / "spool"
        away = spool.rename(spool.with_name("away"))
        answer = w.send([reader.open])
        assert answer.said == (503, "store_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert guarded(answer, w)
        away.rename(spool)
        w.sent([reader.open])


def guarded(answer: Answer, w: World) -> bool:
    """Whether an answer has the headers of all answers of the pages origin."""
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts allow-same-origin allow-popups ")
    assert f"connect-src {w.service.pages};" in policy
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    return answer.headers["X-Content-Type-Options"] == "nosniff"


# What an event takes from its open, and what it does not.


def test_depth_parent_and_variant_of_every_other_kind_are_its_opens(w: World) -> None:
    site = Site(w, variants=[{"id": "a", "weight": 1}, {"id": "b", "weight": 1}])
    parent = site.reader()
    one = site.reader(2, parent.n)
    stranger = site.reader(7, hop(6))
    w.sent([parent.open, one.open])
    for kind, slot in (("view", "top"), ("tap", "top"), ("share", "")):
        w.sent(event(site.ticket, kind, stranger.n, stranger.parent, o=one.open["i"], s=slot))
    site.settled(5)
    depths = {row["key"]: row for row in site.report("?by=depth")["rows"]}
    assert set(depths) == {"1", "2"}
    assert [depths["2"][name] for name in ("opens", "views", "taps", "shares")] == [1, 1, 1, 1]
    rows = [row for row in site.report("?by=variant")["rows"] if row["views"] or row["taps"]]
    assert [(row["views"], row["taps"]) for row in rows] == [(1, 1)], "one variant has all of it"
    told = w.account.ask("GET", f"/ads/{site.ad}/events").text.splitlines()
    found = {(e["n"], e["p"]) for e in map(json.loads, told) if e["o"] == one.open["i"]}
    assert found == {(one.n, parent.n)}


def test_an_open_may_name_itself_and_a_tap_by_beacon_or_redirect_is_one_tap(site: Site) -> None:
    one = site.reader()
    site.w.sent(one.open | {"o": one.open["i"]})
    tap = one.does("tap", s="top")
    site.w.sent(tap)
    assert led(site, asked(site, one, tap["i"])).status == 302
    found = site.settled(3)
    assert (found["counted"]["tap"], found["repeated"]) == (1, 1)


def test_an_id_counts_once_for_its_kind(site: Site) -> None:
    """Ids are unique within a kind: the same id with another kind is another event."""
    one = site.reader()
    site.w.sent(one.open)
    for kind in ("tap", "share", "plain", "close"):
        site.w.sent([one.does(kind, s="top") | {"i": one.open["i"]}] * 2)
    found = site.settled(9)
    assert {k: v for k, v in found["counted"].items() if v} == dict.fromkeys(
        ("open", "tap", "share", "plain", "close"), 1
    )
    assert found["repeated"] == 4


def test_the_same_event_of_another_share_is_another_event(w: World) -> None:
    first, second = Site(w), Site(w)
    one = first.reader()
    for site in (first, second):
        w.sent(one.open | {"t": site.ticket})
        assert site.settled(1)["counted"]["open"] == 1


def test_opens_of_one_reader_under_two_ids_are_two_opens_and_one_reader(site: Site) -> None:
    one = site.reader(3, hop(2))
    site.w.sent([one.open, event(site.ticket, "open", one.n, one.parent)])
    site.settled(2)
    totals = site.report()["totals"]
    assert (totals["opens"], totals["readers"], totals["forwarded_readers"]) == (2, 1, 1)
    (row,) = site.report("?by=depth")["rows"]
    assert (row["key"], row["opens"], row["readers"]) == ("3", 2, 1)
