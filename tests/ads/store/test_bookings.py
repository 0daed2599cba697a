"""Bookings in a real store."""

from redis.asyncio import Redis

from ads.booking import Booking
from ads.store.bookings import Bookings
from ads.store.changes import Changes

AT = 1_800_000_000_000


def bookings(redis: Redis) -> Bookings:
    return Bookings(redis, Changes(redis), lambda: AT)


async def test_a_booking_is_active_from_when_it_was_put(redis: Redis) -> None:
    store = bookings(redis)
    booked = await store.put(Booking("s", "me", "ad", "wechat", title="Tea"))
    assert booked == await store.get("s")
    assert (booked.history, booked.state) == (((AT, "active"),), "active")
    assert await store.get("nothing") is None


async def test_shares_are_found_by_every_ad_they_carried_and_by_their_owner(redis: Redis) -> None:
    store = bookings(redis)
    await store.put(Booking("one", "me", "tea"))
    await store.put(Booking("one", "me", "coffee"))
    await store.put(Booking("two", "me", "coffee"))
    assert await store.of_ad("tea").all() == ["one"]
    assert sorted(await store.of_ad("coffee").all()) == ["one", "two"]
    assert sorted(await store.of_owner("me").all()) == ["one", "two"]
    assert await store.of_owner("you").all() == []
