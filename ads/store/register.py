"""The register of ads: read from the ads while they are kept, and from an archive after that.

Nothing is stored twice: an ad's hash has all its versions, its index all its shares. An ad that is
forgotten leaves lines without personal data in the archive, until its time is over.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

from redis.asyncio import Redis

from ads import register
from ads.accounts import Account
from ads.accounts.identity import Identity
from ads.ad import Ad
from ads.booking import Booking
from ads.clock import DAY, Clock, now_ms
from ads.register import Line
from ads.store import ads, keys, records
from ads.store.bookings import Bookings

AT_ONCE = 500


class Register:
    """Ads on record for `days` after they were last shown."""

    def __init__(self, redis: Redis, bookings: Bookings, days: int, now: Clock = now_ms) -> None:
        self._redis = redis
        self._bookings = bookings
        self._kept_ms = days * DAY
        self._now = now

    async def every(self) -> AsyncIterator[bytes]:
        """The whole register as JSON lines, one ad after another."""
        async for ad in ads.every(self._redis):
            if not self._over(ad):
                versions, since = await self._versions(ad.id), await self._told_since(ad)
                yield register.written(register.of_versions(versions, since))
                async for lines in self._shares(ad.id):
                    yield register.written(lines)
        async for name in records.names(self._redis, keys.ARCHIVED_AD.format(ad="*")):
            found = await self._redis.hgetall(name)
            yield b"".join(cast(bytes, found[field]) for field in sorted(found))

    async def leave(self, ad: Ad) -> None:
        """Archive the lines of an ad that is about to be forgotten, without personal data."""
        versions = await self._versions(ad.id)
        lines = [*register.of_versions(versions, await self._told_since(ad))]
        fields = {f"v:{line['version']:06}": line for line in lines}
        async for some in self._shares(ad.id):
            fields |= {_field(line): line for line in some}
        await self._stay(ad.id, fields, register.last_day(ad) or self._now())

    async def leave_share(self, booked: Booking) -> None:
        """Archive the lines of a share that is about to be forgotten, with those of its ads."""
        last = booked.history[-1][0] if booked.state != "active" else self._now()
        for ad in {carried for _, carried in booked.ads}:
            lines = register.of_share(booked, ad)
            await self._stay(ad, {_field(line): line for line in lines}, last)

    async def clear(self) -> int:
        """Drop earlier versions of deleted ads whose time is over; returns how many ads."""
        cleared = 0
        async for ad in ads.every(self._redis):
            if ad.state == "deleted" and self._over(ad):
                key = keys.AD.format(ad=ad.id)
                numbers = await self._redis.hkeys(key)
                old = [n for n in numbers if n not in (b"at", b"current", b"%d" % ad.version)]
                cleared += bool(old and await self._redis.hdel(key, *old))
        return cleared

    async def _told_since(self, ad: Ad) -> Identity | None:
        key = keys.ACCOUNT.format(account=ad.owner)
        account = await records.load(self._redis, key, Account)
        return account.identity if account else None

    async def _versions(self, ad: str) -> list[Ad]:
        found = await self._redis.hgetall(keys.AD.format(ad=ad))
        numbers = sorted(int(name) for name in found if name.isdigit())
        return [records.decode(found[b"%d" % number], Ad) for number in numbers]

    async def _shares(self, ad: str) -> AsyncIterator[Sequence[Line]]:
        ids = await self._bookings.of_ad(ad).all()
        for at in range(0, len(ids), AT_ONCE):
            booked = await self._bookings.many(ids[at : at + AT_ONCE])
            yield [line for each in booked for line in register.of_share(each, ad)]

    async def _stay(self, ad: str, fields: dict[str, Line], last: int) -> None:
        over = last + self._kept_ms
        if not fields or over <= self._now():
            return
        lines: dict[Any, Any] = {
            k: register.written([register.impersonal(line)]) for k, line in fields.items()
        }
        name = keys.ARCHIVED_AD.format(ad=ad)
        async with self._redis.pipeline(transaction=True) as steps:
            steps.hset(name, mapping=lines)
            steps.pexpireat(name, over, nx=True)
            steps.pexpireat(name, over, gt=True)
            await steps.execute()

    def _over(self, ad: Ad) -> bool:
        last = register.last_day(ad)
        return last is not None and last + self._kept_ms <= self._now()


def _field(line: Line) -> str:
    """The field of a share's line: it sorts after those of the ad's versions (`v:`)."""
    return f"w:{line['share']}:{line['from']}"
