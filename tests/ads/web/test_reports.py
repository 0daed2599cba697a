"""Reports, spread and ledger over HTTP, from events folded into a real store."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from ads.booking import Booking
from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.reports import Reports
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.counts import Counts, Item
from ads.web import problem, reports
from tests.ads.store.counts.telling import apply
from tests.ads.web.calling import Calling, made_ad, no_copies, served

START = 1_789_992_000_000  # 2026-09-21T12:00Z
NOW = START + 30 * HOUR


def _events(share: str, rng: random.Random) -> list[Receipt]:
    """Some dozens of readers over a day, with all that they do; some events are not counted."""
    found, known = [], [""]
    for n in range(40):
        parent = rng.choice(known)
        hop = hops.prefix(hops.depth(parent) + 1) + f"{n:010}"
        known.append(hop)
        i, at = f"{share}-open-{n:010}", START + rng.randrange(28 * HOUR)
        facts = {
            "country": rng.choice(["", "DE", "CN"]),
            "device": rng.choice(["phone", "desktop"]),
            "source": f"site-{rng.randrange(12)}.example",
            "refused": rng.choice(["", "", "", "bot"]),
        }
        found.append(Receipt(at, share, "tea", 1, "open", i, i, hop, parent, **facts))
        for k, slot in (("view", "top"), ("view", "end"), ("tap", "end"), ("close", "sticky")):
            if rng.random() < 0.6:
                e = f"{share}-{k}-{slot}-{n:06}"
                found.append(Receipt(at + 9, share, "tea", 1, k, e, i, hop, "", slot))
        e = f"{share}-read-{n:010}"
        read = Receipt(at + 99, share, "tea", 1, "read", e, i, hop, ms=n * 1000, pct=n)
        found += [read, Receipt(at + 9, share, "tea", 1, "plain", e, i, hop)]
    return found


@asynccontextmanager
async def _served(redis: Redis, now: int) -> AsyncIterator[Calling]:
    changes, counts = Changes(redis), Counts(redis, lambda: now)
    ads, bookings = Ads(redis, changes, no_copies), Bookings(redis, changes)
    app = web.Application(middlewares=[problem.middleware])
    told = Reports(ads=ads, bookings=bookings, counts=counts, now=lambda: now)
    app.add_routes(reports.routes(accounts=Accounts(redis), reports=told))
    async with served(redis, app) as client:
        yield client


async def _shared(
    redis: Redis, share: str, channel: str, items: list[Item], at: int = START
) -> None:
    """A share of Mei's with her ad `tea`, and what happened to it."""
    booked = Booking(share, "mei", "tea", channel, created_at=at)
    await Bookings(redis, Changes(redis)).put(booked)
    counts = Counts(redis, lambda: NOW)
    await counts.index([("tea", share)])
    await apply(counts, share, "segment", items)


@pytest.fixture
async def api(redis: Redis) -> AsyncIterator[Calling]:
    """Mei's ad `tea` on three shares, one of them with nothing but refusals; Bo has `coffee`."""
    await made_ad(redis, "tea", "mei", START)
    await made_ad(redis, "coffee", "bo", START)
    rng = random.Random(5)
    for share, channel in (("one", "wechat"), ("two", "mail"), ("three", "mail")):
        items = [
            Item(n, receipt, receipt.refused, rng.choice("ab"))
            for n, receipt in enumerate(_events(share, rng), 1)
        ]
        await _shared(redis, share, channel, items)
    async with _served(redis, NOW) as client:
        yield client


async def told(api: Calling, path: str) -> Any:
    answer = await api("GET", path)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    return await answer.json()


async def test_parts_of_the_time_add_up_to_all_of_it(api: Calling) -> None:
    cut = "2026-09-22T03:00:00Z"
    before = (await told(api, f"/ads/tea/report?from=2026-09-21T12:00:00Z&to={cut}"))["totals"]
    after = (await told(api, f"/ads/tea/report?from={cut}"))["totals"]
    whole = await told(api, "/ads/tea/report")
    assert (whole["from"], whole["to"]) == ("2026-09-21T12:00:00Z", "2026-09-22T19:00:00Z")
    for name in ("opens", "readers", "views", "plain", "forwarded_readers"):
        assert 0 < before[name] < whole["totals"][name] == before[name] + after[name]


async def test_share_and_source_rows_come_largest_first_and_in_pages(api: Calling) -> None:
    for by in ("share", "source"):
        whole = (await told(api, f"/ads/tea/report?by={by}"))["rows"]
        assert [row["opens"] for row in whole] == sorted((r["opens"] for r in whole), reverse=True)
        pages, cursor = [], ""
        while cursor is not None:
            page = await told(api, f"/ads/tea/report?by={by}&limit=2&cursor={cursor}")
            assert len(page["rows"]) <= 2
            pages += page["rows"]
            cursor = page["next"]
        assert pages == whole


async def test_the_spread_has_the_contracts_fields_and_pages_its_nodes(api: Calling) -> None:
    found = await told(api, "/shares/one/spread?limit=7&branches=3")
    readers = found["readers"]
    assert list(found) == [
        *("readers", "max_depth", "width_by_depth", "reproduction_by_depth"),
        *("structural_virality", "largest_branch", "half_of_readers_after_s"),
        *("orphans", "conflicts", "capped", "top_forwarders", "nodes", "next", "branches"),
    ]
    widths = found["width_by_depth"]
    assert sum(widths) == readers + 1
    assert len(widths) == found["max_depth"] + 1 == len(found["reproduction_by_depth"]) + 1
    assert found["reproduction_by_depth"][0] == widths[1]
    nodes, cursor = found["nodes"], found["next"]
    while cursor:
        page = await told(api, f"/shares/one/spread?limit=7&cursor={cursor}")
        assert "branches" not in page
        nodes += page["nodes"]
        cursor = page["next"]
    assert len({node["hop"] for node in nodes}) == len(nodes) == readers
    assert sum(node.get("orphan", False) for node in nodes) == found["orphans"] > 0
    assert sum(node["children"] for node in nodes) < readers
    for branch in found["branches"]:
        assert sum(branch["width_by_depth"]) == branch["descendants"] + 1
    assert found["branches"][0]["descendants"] + 1 == found["largest_branch"]


@pytest.mark.parametrize(
    "query",
    [
        *("report?from=yesterday", "report?from=2026-09-21", "report?from=2026-09-21T12:00:00"),
        *("report?from=2026-09-21T12:30:00Z", "report?to=2026-09-21T12:00:01Z"),
        *(
            "report?from=2026-09-21T12:00:00Z&to=2026-09-21T12:00:00Z",
            "report?from=9999-01-01T00:00Z",
        ),
        *("report?by=planet", "report?by=Depth", "report?tz=Mars/Olympus", "report?tz=Europe"),
        *("report?tz=../../etc/passwd", "report?tz=%00", "report?tz=" + "a" * 5000),
        *("report?by=share&limit=0", "report?by=share&limit=101", "report?by=share&cursor=x"),
        *("report?by=share&cursor=%D9%A3.a", "report?from=", "report?from=%00"),
        *("spread?cursor=x", "spread?branches=21", "spread?branches=-1", "spread?branches="),
        *("spread?cursor=AA0000000000", "spread?limit=many", "report?by=depth&cursor=x"),
        *("report?by=share&cursor=%0A", "spread?cursor=%0A", "spread?cursor=AB0000000000%0A"),
    ],
)
async def test_what_cannot_be_meant_is_invalid(api: Calling, query: str) -> None:
    assert await api.code("GET", f"/shares/one/{query}") == "invalid"


STAMP = "%Y-%m-%dT%H:%M:%SZ"
# Where midnight stands half an hour off, the hour that it cuts belongs to the day it begins in.
LONG_AND_SHORT = [
    ("Europe/Berlin", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-25", 25),
    ("America/New_York", "2026-03-08", 23),
    ("America/New_York", "2026-11-01", 25),
    ("America/St_Johns", "2026-03-08", 23),
    ("Australia/Lord_Howe", "2026-04-05", 25),
    ("Australia/Lord_Howe", "2026-10-04", 23),
    ("Asia/Kolkata", "2026-03-29", 24),
]


@pytest.mark.parametrize(("tz", "day", "hours"), LONG_AND_SHORT)
async def test_a_day_is_as_long_as_it_was_there_and_rows_add_up_to_the_totals(
    redis: Redis, tz: str, day: str, hours: int
) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00Z")
    first = int(noon.timestamp() * 1000) - 36 * HOUR
    opens = [
        Receipt(first + n * HOUR + 9, "one", "tea", 1, "open", i, i, f"AB{n:010}")
        for n, i in ((n, f"open-{n:015}") for n in range(72))
    ]
    await made_ad(redis, "tea", "mei", first)
    happened = [Item(n, receipt) for n, receipt in enumerate(opens, 1)]
    await _shared(redis, "one", "", happened, first)
    span = f"from={noon - timedelta(hours=36):{STAMP}}&to={noon + timedelta(hours=36):{STAMP}}"
    async with _served(redis, first + 30 * DAY) as api:
        for of in ("ads/tea", "shares/one"):
            for by, count in (("hour", 72), ("day", 3)):
                found = await told(api, f"/{of}/report?{span}&tz={tz}&by={by}")
                rows = {row["key"]: row["opens"] for row in found["rows"]}
                assert len(rows) == len(found["rows"]) >= count
                assert sum(rows.values()) == found["totals"]["opens"] == 72
            assert rows[day] == hours
