"""Bookings: which ad a share carries, for whom, and when it was active."""

from collections.abc import Sequence

import msgspec
from redis.asyncio import Redis

from ads.booking import Booking
from ads.clock import Clock, now_ms
from ads.store import keys, records
from ads.store.changes import Changes
from ads.store.index import Index


class Bookings:
    """What publishing booked, by share."""

    def __init__(self, redis: Redis, changes: Changes, now: Clock = now_ms) -> None:
        self._redis = redis
        self._changes = changes
        self._now = now

    async def put(self, booked: Booking) -> Booking:
        """Write a booking, new or changed; one without a history is active from now on."""
        if not booked.history:
            at = booked.created_at or self._now()
            history = ((at, "active"),)
            booked = msgspec.structs.replace(booked, created_at=at, history=history)
        await records.save(self._redis, keys.BOOKING.format(share=booked.share), booked)
        await self.of_ad(booked.ad).add(booked.created_at, booked.share)
        await self.of_owner(booked.owner).add(booked.created_at, booked.share)
        await self._changes.publish(f"share:{booked.share}")
        return booked

    async def get(self, share: str) -> Booking | None:
        """The booking of a share, ended ones too."""
        return await records.load(self._redis, keys.BOOKING.format(share=share), Booking)

    async def many(self, shares: Sequence[str]) -> list[Booking]:
        """The bookings that exist of these shares."""
        if not shares:
            return []
        found = await self._redis.mget([keys.BOOKING.format(share=share) for share in shares])
        return [records.decode(raw, Booking) for raw in found if raw]

    def of_ad(self, ad: str) -> Index:
        """Every share that ever carried the ad."""
        return Index(self._redis, keys.BOOKINGS_OF_AD.format(ad=ad))

    def of_owner(self, owner: str) -> Index:
        """Every share of an account."""
        return Index(self._redis, keys.BOOKINGS_OF_OWNER.format(owner=owner))
