"""What is forgotten is gone from every key, and late or repeated events do not bring it back."""

import msgspec
from redis.asyncio import Redis

from ads.clock import DAY
from ads.events import hops
from ads.events.ledger import KINDS
from ads.events.receipt import Receipt
from ads.store import keys
from ads.store.counts import Counts
from tests.ads.store.counts.telling import BASE, apply, items


def _story(ad: str, letter: str) -> list[Receipt]:
    hop, i = hops.prefix(1) + letter * 10, letter * 20
    kinds = [kind for kind in KINDS if kind != "open"]
    return [
        Receipt(BASE, "", ad, 1, "open", i, i, hop, country="DE"),
        *(Receipt(BASE + 9, "", ad, 1, k, f"{k}{i}", i, hop, s="top", ms=9) for k in kinds),
        Receipt(BASE + 9, "", ad, 1, "view", f"lost{i}", f"never{i}", hop, s="top"),
        Receipt(BASE, "", ad, 1, "open", f"x{i}", f"x{i}", hops.prefix(2) + letter * 10, hop),
    ]


async def _keys(redis: Redis, share: str) -> list[bytes]:
    return [key async for key in redis.scan_iter(f"*{{{share}}}*")]


async def test_a_share_that_was_forgotten_keeps_no_key_but_the_note_that_it_was(
    redis: Redis,
    counts: Counts,
) -> None:
    told = items(_story("ad", "a"))
    await counts.index([("ad", "share"), ("ad", "other")])
    for share in ("share", "other"):
        await apply(counts, share, "segment", told)
    await counts.forget("share")
    assert await _keys(redis, "share") == [b"{share}:s"]
    assert sorted(await redis.hkeys("{share}:s")) == [b"msegment", b"z"]
    assert await redis.ttl("{share}:s") > 0
    assert await counts.shares("ad") == ["other"]
    assert (await counts.cells(["other"], 0, BASE + DAY))[0]


async def test_events_of_a_forgotten_share_that_come_late_or_again_count_nothing(
    redis: Redis,
    counts: Counts,
) -> None:
    told = items(_story("ad", "a"))
    await counts.fold("segment", {"share": (0, told[:4])})
    await counts.forget("share")
    await counts.fold("segment", {"share": (4, told[4:])})
    await counts.fold("another", {"share": (0, told)})
    await counts.forget("share")
    assert await counts.cells(["share"], 0, BASE + DAY) == [[]]
    assert (await counts.tree("share", nodes=9)).nodes == []
    assert await _keys(redis, "share") == [b"{share}:s"]


async def test_an_ad_that_was_forgotten_leaves_what_others_counted_in_the_same_share(
    redis: Redis,
    counts: Counts,
) -> None:
    mine, theirs = _story("mine", "a"), _story("theirs", "b")
    await counts.index([("mine", "both"), ("theirs", "both"), ("mine", "alone")])
    await apply(counts, "both", "segment", items(mine + theirs))
    await apply(counts, "alone", "segment", items(mine))
    await counts.forget_ad("mine")
    await apply(counts, "both", "again", items(_story("mine", "c")))
    found = (await counts.cells(["both"], 0, BASE + DAY))[0]
    assert {cell.ad for cell in found} == {"theirs"}
    assert await _keys(redis, "alone") == [b"{alone}:s"]
    assert await counts.shares("mine") == []


async def test_an_open_that_leaves_a_forgotten_ad_takes_nothing_from_what_is_gone(
    counts: Counts,
) -> None:
    mine, theirs = _story("mine", "a"), _story("theirs", "b")
    await counts.index([("mine", "both"), ("theirs", "both")])
    await apply(counts, "both", "segment", items(mine + theirs))
    await counts.forget_ad("mine")
    earlier = Receipt(BASE - 5, "", "theirs", 1, "open", "a" * 20, "a" * 20, mine[0].n)
    await apply(counts, "both", "late", items([earlier]))
    found = (await counts.cells(["both"], 0, BASE + DAY))[0]
    totals = [cell.figures[0] for cell in found if cell.dimension == "total"]
    assert sum(totals) == 3


async def test_a_forgotten_day_has_no_figures_and_gets_none_any_more(redis: Redis) -> None:
    counts = Counts(redis, lambda: BASE + 2 * DAY)
    await counts.index([("mine", "s")])
    today = _story("mine", "a")
    tomorrow = [msgspec.structs.replace(each, at=each.at + DAY) for each in _story("mine", "b")]
    await apply(counts, "s", "segment", items(today + tomorrow))
    await counts.forget_day("s", BASE - BASE % DAY)
    await apply(counts, "s", "late", items(_story("mine", "c")))
    first = (await counts.cells(["s"], BASE - BASE % DAY, BASE - BASE % DAY + DAY))[0]
    second = (await counts.cells(["s"], BASE - BASE % DAY + DAY, BASE + 2 * DAY))[0]
    assert first == []
    totals = [cell.figures[0] for cell in second if cell.dimension == "total"]
    assert sum(totals) == sum(each.k == "open" for each in tomorrow)


async def test_what_stood_in_a_field_of_its_own_goes_with_a_forgotten_ad(
    redis: Redis, counts: Counts
) -> None:
    readers = [f"{n:020}" for n in range(1600)]
    opened = [Receipt(BASE, "", "mine", 1, "open", i, i, hops.prefix(1) + i[-10:]) for i in readers]
    read = [
        Receipt(BASE + 9, "", "mine", 1, "read", f"r{i}", i, hops.prefix(1) + i[-10:], ms=n * 6 + 1)
        for n, i in enumerate(readers)
    ]
    await counts.index([("mine", "both"), ("theirs", "both")])
    await apply(counts, "both", "segment", items([*_story("theirs", "b"), *opened, *read]))
    body = keys.SHARE_BODY.format(share="both")
    alone = [field for field in await redis.hkeys(body) if field[2:3] == b"m" and len(field) == 5]
    assert alone, "a section is longer than what stands among others"
    await counts.forget_ad("mine")
    assert not any(await redis.hmget(body, alone))
