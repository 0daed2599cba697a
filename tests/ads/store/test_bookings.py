"""Bookings in a real store."""

from redis.asyncio import Redis

from ads.booking import Booking
from ads.store.bookings import Bookings
from ads.store.changes import Changes

AT = 1_800_000_000_000


def bookings(redis: Redis) -> Bookings:
    return Bookings(redis, Changes(redis), lambda: AT)


async def test_a_booking_is_active_from_when_it_was_put_until_it_is_ended(redis: Redis) -> None:
    store = bookings(redis)
    await store.put(Booking("s", "me", "ad", "wechat", title="Tea"))
    ended = await store.end("s", AT + 5)
    assert ended == await store.get("s")
    assert ended is not None
    assert ended.history == ((AT, "active"), (AT + 5, "ended"))
    assert ended.state == "ended"
    assert await store.end("s", AT + 9) == ended


async def test_what_was_never_booked_is_not_ended(redis: Redis) -> None:
    assert await bookings(redis).end("nothing", AT) is None
    assert await bookings(redis).get("nothing") is None


async def test_shares_are_found_by_every_ad_they_carried_and_by_their_owner(redis: Redis) -> None:
    store = bookings(redis)
    await store.put(Booking("one", "me", "tea"))
    await store.put(Booking("one", "me", "coffee"))
    await store.put(Booking("two", "me", "coffee"))
    assert await store.of_ad("tea") == ["one"]
    assert sorted(await store.of_ad("coffee")) == ["one", "two"]
    assert sorted(await store.of_owner("me")) == ["one", "two"]
    assert await store.of_owner("you") == []
