"""Bookings as publishing makes them."""

from msgspec.structs import replace

from ads.booking import entered
from ads.store.bookings import Bookings


async def end(bookings: Bookings, share: str, at: int) -> None:
    booked = await bookings.get(share)
    assert booked
    await bookings.put(replace(booked, history=entered(booked.history, at, "ended")))
