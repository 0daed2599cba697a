"""Ads that begin and end by themselves, by the clock and a real store."""

import msgspec
import pytest
from redis.asyncio import Redis

from ads import ad as rules
from ads.accounts import Account
from ads.accounts.access import Rate
from ads.ad import Ad
from ads.clock import DAY
from ads.errors import Problem
from ads.store import keys, records
from ads.store.ads import CHANGES_AN_AD, Ads
from ads.store.changes import Changes
from ads.store.removal import Removal
from ads.store.schedule import TAKEN_MS, Schedule, Timetable
from ads.timetable import Timekeeper

TEXT = {"name": "Spring", "advertiser": "Acme Tea", "kind": "text", "title": "Tea"}


async def no_copy(_: str) -> str:
    raise Problem("not_found")


@pytest.fixture
def ads(redis: Redis) -> Ads:
    return Ads(redis, Changes(redis), no_copy, lambda: DAY)


@pytest.fixture
def schedule(redis: Redis) -> Schedule:
    return Schedule(redis)


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
    await schedule.put("me", ad.id, Timetable(ends=now + 1), now)
    for _ in range(CHANGES_AN_AD):
        await ads.change("me", ad.id, {"name": "Autumn"})
    now += 1
    await keeper.look()
    assert (await ads.owned("me", ad.id)).state == "ended"


async def _ad(ads: Ads, **said: object) -> Ad:
    return await ads.create("me", rules.parse({**TEXT, **said}))


async def test_what_was_due_happens_though_a_form_that_does_not_show_it_is_saved_before(
    redis: Redis, ads: Ads, schedule: Schedule
) -> None:
    keeper = Timekeeper(schedule, ads, lambda: DAY + 1)
    starts, ends = await _ad(ads, state="paused"), await _ad(ads)
    await schedule.put("me", starts.id, Timetable(starts=DAY), 0)
    await schedule.put("me", ends.id, Timetable(ends=DAY), 0)
    for ad in (starts, ends):
        await schedule.put("me", ad.id, Timetable(), DAY)
    await keeper.look()
    assert (await ads.owned("me", starts.id)).state == "active"
    assert (await ads.owned("me", ends.id)).state == "ended"


@pytest.mark.parametrize(("given", "state"), [(0, "active"), (2 * DAY, "active"), (DAY, "ended")])
async def test_the_time_that_was_given_last_holds(
    redis: Redis, ads: Ads, schedule: Schedule, given: int, state: str
) -> None:
    ad = await _ad(ads)
    await schedule.put("me", ad.id, Timetable(ends=DAY + 1), 0)
    await schedule.put("me", ad.id, Timetable(ends=given), DAY)
    await Timekeeper(schedule, ads, lambda: DAY + 1).look()
    assert (await ads.owned("me", ad.id)).state == state


async def test_who_takes_a_turn_has_it_alone_and_another_makes_it_if_they_die(
    redis: Redis, ads: Ads, schedule: Schedule
) -> None:
    ad = await _ad(ads, state="paused")
    await schedule.put("me", ad.id, Timetable(starts=DAY), 0)
    taken = await schedule.take(DAY)
    assert taken
    await Timekeeper(schedule, ads, lambda: DAY).look()
    assert (await ads.owned("me", ad.id)).state == "paused"
    later = DAY + TAKEN_MS
    await Timekeeper(schedule, ads, lambda: later).look()
    assert (await ads.owned("me", ad.id)).state == "active"
    await schedule.put("me", ad.id, Timetable(starts=2 * DAY), later)
    await schedule.done(taken)
    assert await schedule.take(2 * DAY), "its new time"


async def test_an_ad_ends_whatever_todays_rules_or_limits_say_of_it(
    redis: Redis, ads: Ads, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "AD_VERSIONS_MAX", 1)
    ad = msgspec.structs.replace(await _ad(ads), title="", version=1)
    record = msgspec.msgpack.encode(ad)
    await redis.hset(keys.AD.format(ad=ad.id), mapping={"current": record, "1": record})
    await schedule.put("me", ad.id, Timetable(ends=DAY), 0)
    await Timekeeper(schedule, ads, lambda: DAY).look()
    assert (await ads.owned("me", ad.id)).state == "ended"


async def test_an_ad_that_was_ended_meanwhile_does_not_begin(
    redis: Redis, ads: Ads, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    ad = await _ad(ads, state="paused")
    await schedule.put("me", ad.id, Timetable(starts=DAY), 0)
    swap, others = ads._swap, iter(["ended"])

    async def slowly(read: int, new: Ad) -> bool:
        for state in others:
            await ads.change("me", ad.id, {"state": state})
        return await swap(read, new)

    monkeypatch.setattr(ads, "_swap", slowly)
    await Timekeeper(schedule, ads, lambda: DAY).look()
    assert (await ads.owned("me", ad.id)).state == "ended"


async def test_all_that_are_due_at_once_turn_at_once(
    redis: Redis, ads: Ads, schedule: Schedule
) -> None:
    made = [await _ad(ads) for _ in range(120)]
    for ad in made:
        await schedule.put("me", ad.id, Timetable(ends=DAY), 0)
    await Timekeeper(schedule, ads, lambda: DAY).look()
    assert {(await ads.owned("me", ad.id)).state for ad in made} == {"ended"}


async def test_a_forgotten_ad_leaves_neither_its_timetable_nor_whose_it_was(redis: Redis) -> None:
    ads = Ads(redis, Changes(redis), no_copy, lambda: DAY)
    ad = await ads.create("me", rules.parse(TEXT))
    await Schedule(redis).put("me", ad.id, Timetable(2 * DAY, 3 * DAY), DAY)
    await Removal(redis).ad(ad)
    assert set(await redis.keys("*")) <= {keys.ADS_OF_OWNER.format(owner="me").encode()}
