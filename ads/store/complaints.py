"""Complaints about pages, for the operator: the newest ten thousand of a year."""

from typing import cast

import msgspec
from redis.asyncio import Redis

from ads.clock import DAY
from ads.complaint import Complaint
from ads.store import keys, records


class Complaints:
    """What readers and publishers reported."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, complaint: Complaint) -> None:
        """Add one; drop those over a year old and those beyond COMPLAINTS_MAX."""
        async with self._redis.pipeline(transaction=True) as steps:
            steps.zadd(keys.COMPLAINTS, {msgspec.msgpack.encode(complaint): complaint.at})
            steps.zremrangebyscore(
                keys.COMPLAINTS, "-inf", complaint.at - keys.COMPLAINT_DAYS * DAY
            )
            steps.zremrangebyrank(keys.COMPLAINTS, 0, -keys.COMPLAINTS_MAX - 1)
            await steps.execute()

    async def newest(self, limit: int) -> list[Complaint]:
        """At most `limit`, newest first."""
        found = await self._redis.zrange(keys.COMPLAINTS, 0, limit - 1, desc=True)
        return [records.decode(data, Complaint) for data in found]

    async def settle(self, complaint_id: str) -> None:
        """Drop one that the operator has dealt with; may be repeated."""
        for data in await self._redis.zrange(keys.COMPLAINTS, 0, -1):
            if records.decode(data, Complaint).id == complaint_id:
                await self._redis.zrem(keys.COMPLAINTS, cast(bytes, data))
