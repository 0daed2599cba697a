"""Whether share and ad were active when an event came is never judged by an outdated cache."""

from redis.asyncio import Redis

from ads import ad as rules
from ads.booking import Booking
from ads.clock import HOUR, MINUTE
from ads.fold.activity import Activity
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from tests.ads.booked import end
from tests.ads.web.calling import AD, no_copies


class _Time:
    """A clock, and how far it is behind a clock that nobody sets."""

    now = 1_000_000
    back = 0


async def _activity(redis: Redis) -> tuple[Activity, Bookings, Ads, str, _Time]:
    time = _Time()
    changes = Changes(redis)
    ads = Ads(redis, changes, no_copies, lambda: time.now)
    bookings = Bookings(redis, changes, lambda: time.now)
    ad = await ads.create("mei", rules.parse(AD))
    await bookings.put(Booking("s", "mei", ad.id, created_at=time.now))
    activity = Activity(bookings, ads, lambda: time.now, lambda: time.now + time.back)
    return activity, bookings, ads, ad.id, time


async def _active(activity: Activity, ad: str, at: int, share: str = "s") -> bool:
    return (await activity.until(share, ad, at))(at)


async def test_an_event_after_the_end_is_seen_as_such_though_the_share_was_just_looked_up(
    redis: Redis,
) -> None:
    activity, bookings, _, ad, time = await _activity(redis)
    assert await _active(activity, ad, time.now)
    await end(bookings, "s", time.now + 5)
    assert not await _active(activity, ad, time.now + 5)
    assert await _active(activity, ad, time.now + 4)


async def test_an_event_after_an_end_is_seen_as_such_though_the_clock_was_set_back_before_it(
    redis: Redis,
) -> None:
    activity, bookings, _, ad, time = await _activity(redis)
    time.now += HOUR
    assert await _active(activity, ad, time.now)
    time.now, time.back = time.now - MINUTE, MINUTE
    await end(bookings, "s", time.now)
    time.now += 2 * MINUTE
    assert not await _active(activity, ad, time.now - MINUTE - 5)


async def test_an_ad_that_was_resumed_while_the_clock_was_ahead_is_active_when_that_is_mended(
    redis: Redis,
) -> None:
    activity, _, ads, ad, time = await _activity(redis)
    await ads.change("mei", ad, {"state": "paused"})
    time.now += HOUR
    await ads.change("mei", ad, {"state": "active"})
    time.now, time.back = time.now - HOUR + MINUTE, HOUR - MINUTE
    assert await _active(activity, ad, time.now)


async def test_a_deleted_ad_is_not_active_but_was(redis: Redis) -> None:
    activity, _, ads, ad, time = await _activity(redis)
    before = time.now
    time.now += 10
    await ads.delete("mei", ad)
    time.now += 10
    assert await _active(activity, ad, before + 5)
    assert not await _active(activity, ad, time.now)


async def test_what_was_never_booked_is_not_active(redis: Redis) -> None:
    activity, _, _, ad, time = await _activity(redis)
    assert not await _active(activity, ad, time.now, "nobody")
    assert not await _active(activity, "nothing", time.now)


async def test_the_past_is_remembered(redis: Redis) -> None:
    activity, _, _, ad, time = await _activity(redis)
    time.now += 100
    assert await _active(activity, ad, time.now - 1)
    await redis.flushdb()
    assert await _active(activity, ad, time.now - 1)
    assert not await _active(activity, ad, time.now)


async def test_versions_are_kept_for_they_never_change(redis: Redis) -> None:
    activity, _, _, ad, _ = await _activity(redis)
    first = await activity.version(ad, 1)
    await redis.flushdb()
    assert first is not None
    assert await activity.version(ad, 1) == first
    assert await activity.version(ad, 2) is None


async def test_asked_once_it_tells_every_earlier_time_as_it_was(redis: Redis) -> None:
    activity, bookings, _, ad, time = await _activity(redis)
    began = time.now
    time.now += 10
    await end(bookings, "s", time.now)
    active = await activity.until("s", ad, began + 20)
    times = (began, began + 9, began + 10, began + 20)
    assert [active(at) for at in times] == [True, True, False, False]
