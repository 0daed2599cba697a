"""The register: every version of every ad, with dates and shares, for the set time."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from redis.asyncio import Redis

from ads import ad as rules
from ads.ad import Ad, Review
from ads.booking import Booking
from ads.clock import DAY
from ads.store import keys
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.register import Register
from ads.store.removal import Removal
from proxy.publish.records import booked
from proxy.shares import Share
from tests.ads.booked import end

START = 1_790_000_000_000
DRAFT: dict[str, Any] = {
    "name": "Okapi", "advertiser": "Acme Tea", "kind": "card", "title": "Tea",
    "card": {"person": "Ana Roe", "phone": "+41 44 000", "wechat": "roe"}, "target": "tel:+4144000",
    "variants": [{"id": "a", "weight": 1, "title": "Cup", "card": {"phone": "+41 55"}}],
}  # fmt: skip
IDENTITY = {"legal_name": "Acme Tea Ltd", "address": "1 Quay", "contact": "ads@acme.example"}


class Shop:
    """An advertiser with an ad of three versions on two shares, one of them ended."""

    def __init__(self, redis: Redis) -> None:
        self.at = START
        changes = Changes(redis)
        self.redis = redis
        self.accounts = Accounts(redis, self.now)
        self.ads = Ads(redis, changes, no_picture, self.now)
        self.bookings = Bookings(redis, changes, self.now)
        self.register = Register(redis, self.bookings, 1096, self.now)

    def now(self) -> int:
        return self.at

    async def set_up(self) -> "Shop":
        account = await self.accounts.create("a@acme.example", "Ana", "a sentence to remember")
        await self.accounts.patch(account.id, {"identity": IDENTITY})
        self.owner = account.id
        self.ad = (await self.ads.create(self.owner, rules.parse(DRAFT))).id
        for share in ("one", "two"):
            booked = Booking(share, "sharer", self.ad, title="Pangolin", created_at=self.at)
            await self.bookings.put(booked)
        self.at += DAY
        await self.ads.change(self.owner, self.ad, {"title": "Better tea"})
        await end(self.bookings, "one", self.at)
        self.at += DAY
        await self.ads.change(self.owner, self.ad, {"state": "ended"})
        return self

    async def lines(self) -> list[Mapping[str, Any]]:
        text = b"".join([some async for some in self.register.every()])
        return [json.loads(line) for line in text.splitlines()]

    async def current(self) -> Ad:
        found = await self.ads.get(self.ad)
        assert found
        return found


@pytest.fixture
async def shop(redis: Redis) -> Shop:
    return await Shop(redis).set_up()


async def no_picture(url: str) -> str:
    raise AssertionError(url)


def told(lines: list[Mapping[str, Any]], record: str, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(line[n] for n in names) for line in lines if line["record"] == record]


async def test_every_version_is_told_with_its_dates_and_whose_it_was(shop: Shop) -> None:
    lines = await shop.lines()
    days = [f"2026-09-{21 + n}T14:13:20.000Z" for n in range(3)]
    assert told(lines, "version", "version", "title", "standing", "from", "until") == [
        (1, "Tea", "active", days[0], days[1]),
        (2, "Better tea", "active", days[1], days[2]),
        (3, "Better tea", "ended", days[2], None),
    ]
    assert lines[0]["identity"] == {**IDENTITY, "registration": "", "paid_by": ""}
    assert lines[0]["card"]["person"] == "Ana Roe"
    assert (lines[0]["advertiser"], lines[0]["account"]) == ("Acme Tea", shop.owner)
    shares = told(lines, "share", "share", "article", "from", "until")
    assert sorted(shares) == [
        ("one", "Pangolin", days[0], days[1]),
        ("two", "Pangolin", days[0], None),
    ]


async def test_what_an_advertiser_tells_of_itself_later_stands_where_nothing_was_told(
    shop: Shop,
) -> None:
    late = await shop.accounts.create("b@bean.example", "Ben", "a sentence to remember")
    ad = (await shop.ads.create(late.id, rules.parse(DRAFT))).id

    async def named() -> list[str]:
        return [
            line["identity"]["legal_name"]
            for line in await shop.lines()
            if (line["ad"], line["record"]) == (ad, "version")
        ]

    assert await named() == [""]
    await shop.accounts.patch(late.id, {"identity": {"legal_name": "Bean Ltd"}})
    await shop.ads.change(late.id, ad, {"title": "Coffee"})
    await shop.accounts.patch(late.id, {"identity": {"legal_name": "Bean and Sons"}})
    assert await named() == ["Bean and Sons", "Bean Ltd"], "what was told at the time stays"


async def test_a_share_is_told_of_each_ad_for_as_long_as_it_carried_it(shop: Shop) -> None:
    first, names = shop.ad, ("share", "from", "until")
    other = (await shop.ads.create(shop.owner, rules.parse({**DRAFT, "title": "Coffee"}))).id
    for ad in (other, first, other):
        before = await shop.bookings.get("two")
        shop.at += DAY
        share = Share(id="two", owner="sharer", ad=ad, article_id="tea", created_at=START)
        await shop.bookings.put(booked(share, before, shop.at))
    days = [f"2026-09-{21 + n}T14:13:20.000Z" for n in range(6)]

    async def of(ad: str) -> list[tuple[Any, ...]]:
        return sorted(
            told([line for line in await shop.lines() if line["ad"] == ad], "share", *names)
        )

    assert await of(first) == [
        ("one", days[0], days[1]),
        ("two", days[0], days[3]),
        ("two", days[4], days[5]),
    ]
    then = [("two", days[3], days[4]), ("two", days[5], None)]
    assert await of(other) == then
    last = await shop.bookings.get("two")
    assert last
    await shop.register.leave_share(last)
    await Removal(shop.redis).booking(last)
    assert await of(other) == then, "also once the share is forgotten"
    assert "two" not in await shop.bookings.of_ad(first).all(), "the sharer's own or not"


async def test_a_deleted_ad_stays_on_record_for_its_time_and_no_longer(shop: Shop) -> None:
    await shop.ads.delete(shop.owner, shop.ad)
    assert len(told(await shop.lines(), "version", "version")) == 4
    shop.at += 1095 * DAY
    assert await shop.lines()
    assert await shop.register.clear() == 0
    shop.at += DAY
    assert await shop.lines() == []
    assert await shop.register.clear() == 1
    assert (await shop.current()).state == "deleted", "pages still follow its stand-in"
    assert await shop.ads.version(shop.ad, 1) is None


async def test_an_ad_that_runs_is_on_record_however_old(shop: Shop) -> None:
    await shop.ads.change(shop.owner, shop.ad, {"state": "active"})
    shop.at += 5000 * DAY
    assert len(told(await shop.lines(), "version", "version")) == 4


async def test_what_is_forgotten_leaves_its_record_without_a_person_in_it(shop: Shop) -> None:
    booked = await shop.bookings.get("one")
    assert booked
    await shop.register.leave_share(booked)
    await Removal(shop.redis).booking(booked)
    ad = await shop.current()
    await shop.register.leave(ad)
    await Removal(shop.redis).ad(ad)
    lines = await shop.lines()
    assert told(lines, "version", "version", "title") == [
        (1, "Tea"), (2, "Better tea"), (3, "Better tea")
    ]  # fmt: skip
    assert sorted(told(lines, "share", "share")) == [("one",), ("two",)]
    assert all(line["forgotten"] for line in lines)
    assert lines[0]["identity"]["legal_name"] == "Acme Tea Ltd"
    assert (lines[0]["target"], lines[0]["variants"][0]["title"]) == ("tel", "Cup")
    text = json.dumps(lines)
    for personal in ("Ana", "+41", "roe", "Okapi", "Pangolin", shop.owner, "a@acme.example"):
        assert personal not in text
    left = await shop.redis.pexpiretime(keys.ARCHIVED_AD.format(ad=shop.ad))
    assert left == shop.at + 1096 * DAY


async def test_without_an_archive_nothing_is_left(redis: Redis, shop: Shop) -> None:
    register = Register(redis, shop.bookings, 0, shop.now)
    await register.leave(await shop.current())
    await Removal(redis).ad(await shop.current())
    assert await shop.lines() == []


async def test_an_ad_that_never_passed_is_on_record_as_such(shop: Shop) -> None:
    await shop.ads.change(shop.owner, shop.ad, {"state": "active"})
    await shop.ads.judge(shop.ad, None, Review("refused", "No."))
    assert (await shop.lines())[4]["standing"] == "refused"
