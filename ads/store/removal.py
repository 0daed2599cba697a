"""Removing records from the store for good: bookings, ads, accounts and what belongs to them."""

from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from ads.accounts import Account
from ads.ad import Ad
from ads.booking import Booking
from ads.store import ads, keys, records
from ads.store.accounts import Accounts
from ads.store.cluster import everywhere
from ads.store.index import Index
from ads.store.schedule import Schedule

_OF_ACCOUNT = (keys.ACCOUNT, keys.AUDIT)
_OF_OWNER = (
    keys.KEYS_OF_OWNER,
    keys.SESSIONS_OF_OWNER,
    keys.PASSKEYS_OF_OWNER,
    keys.ADS_OF_OWNER,
    keys.FALLBACKS_OF_OWNER,
    keys.PICTURES_OF_OWNER,
    keys.REPORT_LINKS_OF_OWNER,
)


class Removal:
    """Every method may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def ads_of(self, owner: str) -> list[Ad]:
        """Every ad of an account; deleted ones are on no list, so all ads are looked through."""
        return [ad async for ad in ads.every(self._redis) if ad.owner == owner]

    async def booking(self, booked: Booking, own: Sequence[Ad] = ()) -> None:
        """Remove a share's booking, also from the lists of the ads that it carried and of `own`.

        `own` are its owner's ads: an old or a very long booking does not name all that it carried.
        """
        for ad in {ad.id for ad in own} | {carried for _, carried in booked.ads}:
            index = Index(self._redis, keys.BOOKINGS_OF_AD.format(ad=ad))
            await index.remove(booked.created_at, booked.share)
        owned = Index(self._redis, keys.BOOKINGS_OF_OWNER.format(owner=booked.owner))
        await owned.remove(booked.created_at, booked.share)
        await self._redis.delete(keys.BOOKING.format(share=booked.share))

    async def ad(self, ad: Ad) -> None:
        """Remove an ad with all its versions, its timetable and the fallbacks that name it."""
        owned = Index(self._redis, keys.ADS_OF_OWNER.format(owner=ad.owner))
        await owned.remove(ad.created_at, ad.id)
        await self._redis.zrem(keys.ADS_WAITING, ad.id)
        await Schedule(self._redis).drop(ad.owner, ad.id)
        pairs = await ads.fallbacks(self._redis, ad.owner)
        if gone := [pair for pair in pairs if ad.id in pair.split()]:
            await self._redis.srem(keys.FALLBACKS_OF_OWNER.format(owner=ad.owner), *gone)
        await self._redis.delete(keys.AD.format(ad=ad.id), keys.BOOKINGS_OF_AD.format(ad=ad.id))
        await self._all(keys.IDEMPOTENT.format(account=ad.owner, digest="*"))

    async def account(self, account: Account, accounts: Accounts) -> None:
        """Remove an account whose ads and shares are gone, with all else that belongs to it."""
        for key in await accounts.api_keys.list(account.id):
            await accounts.revoke_key(account.id, key.id)
        for passkey in await accounts.passkeys.list(account.id):
            await accounts.passkeys.withdraw(account.id, passkey.id)
        await accounts.end_all_sessions(account.id)
        await self._pictures(account, accounts)
        await Index(self._redis, keys.ACCOUNTS).remove(account.created_at, account.id)
        if await self._redis.get(keys.FIRST_ACCOUNT) == account.id.encode():
            await self._redis.set(keys.FIRST_ACCOUNT, keys.NOBODY)  # else the next comer would own
        named = [key.format(account=account.id) for key in _OF_ACCOUNT]
        named += [key.format(owner=account.id) for key in _OF_OWNER]
        for form in (keys.IDEMPOTENT, keys.KNOWN_ADDRESS):
            await self._all(form.format(account=account.id, digest="*"))
        await self._redis.delete(keys.ACCOUNT_OF_EMAIL.format(email=account.email), *named)

    async def rewrite(self) -> bool:
        """Start rewriting the append-only file without what was removed; False if refused."""
        try:
            for where in await everywhere(self._redis):
                await self._redis.bgrewriteaof(**where)
        except ResponseError:  # an operator's store that does not let us
            return False
        return True

    async def rewriting(self) -> bool:
        """Whether the rewrite is still going on."""
        for where in await everywhere(self._redis):
            info = await self._redis.info("persistence", **where)
            if info["aof_rewrite_in_progress"] or info.get("aof_rewrite_scheduled"):
                return True
        return False

    async def _all(self, pattern: str) -> None:
        async for name in records.names(self._redis, pattern):
            await self._redis.delete(name)

    async def _pictures(self, account: Account, accounts: Accounts) -> None:
        """Remove the account's pictures that no other account may use."""
        owned = await self._redis.smembers(keys.PICTURES_OF_OWNER.format(owner=account.id))
        others = [each.id for each in await accounts.all() if each.id != account.id]
        for picture in map(records.text, owned):
            shared = [
                await self._redis.sismember(keys.PICTURES_OF_OWNER.format(owner=other), picture)
                for other in others
            ]
            if not any(shared):
                await self._redis.delete(keys.PICTURE.format(picture=picture))
