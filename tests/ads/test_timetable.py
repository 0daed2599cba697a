"""Ads that begin and end by themselves, by the clock and a real store."""

from redis.asyncio import Redis

from ads import ad as rules
from ads.accounts import Account
from ads.accounts.access import Rate
from ads.clock import DAY
from ads.errors import Problem
from ads.store import keys, records
from ads.store.ads import CHANGES_AN_AD, Ads
from ads.store.changes import Changes
from ads.store.removal import Removal
from ads.store.schedule import Schedule, Timetable
from ads.timetable import Timekeeper

TEXT = {"name": "Spring", "advertiser": "Acme Tea", "kind": "text", "title": "Tea"}


async def no_copy(_: str) -> str:
    raise Problem("not_found")


async def test_an_ad_of_a_new_account_ends_however_often_its_account_has_changed_it(
    redis: Redis,
) -> None:
    now = DAY
    me = Account("me", "me@example.org", "Mei", "", newcomer=True)
    await records.save(redis, keys.ACCOUNT.format(account="me"), me)
    ads = Ads(redis, Changes(redis), no_copy, lambda: now, Rate(1, DAY))
    schedule = Schedule(redis)
    keeper = Timekeeper(schedule, ads, lambda: now)
    ad = await ads.create("me", rules.parse(TEXT))
    await schedule.put("me", ad.id, Timetable(ends=now + 1))
    for _ in range(CHANGES_AN_AD):
        await ads.change("me", ad.id, {"name": "Autumn"})
    now += 1
    await keeper.look()
    assert (await ads.owned("me", ad.id)).state == "ended"


async def test_a_forgotten_ad_leaves_neither_its_timetable_nor_whose_it_was(redis: Redis) -> None:
    ads = Ads(redis, Changes(redis), no_copy, lambda: DAY)
    ad = await ads.create("me", rules.parse(TEXT))
    await Schedule(redis).put("me", ad.id, Timetable(2 * DAY, 3 * DAY))
    await Removal(redis).ad(ad)
    assert set(await redis.keys("*")) <= {keys.ADS_OF_OWNER.format(owner="me").encode()}
