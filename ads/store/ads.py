"""Ads with all their versions: a hash for each ad, changed only from the version that was read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from ads import ad as rules
from ads import booking
from ads.accounts import Account
from ads.accounts.access import Rate
from ads.accounts.identity import Identity
from ads.ad import Ad, AdDraft, Review, draft_of, review
from ads.ad.shape import State
from ads.clock import Clock, now_ms
from ads.errors import Problem, invalid
from ads.ids import new_id
from ads.store import images, keys, records
from ads.store.changes import Changes
from ads.store.images import CopyPicture
from ads.store.index import Index
from ads.store.pictures import Pictures
from ads.store.throttle import Throttle

ADS_MAX = 10_000
"""Of one account, not counting deleted ones."""
CHANGES_AN_AD = TRIES_AN_AD = 20
"""For each ad a newcomer may make in a day: changes to ads, and attempts to make one."""
NO_SUCH = "There is no such ad."

# KEYS[1] the ad. ARGV: the version that was read ("0": none), the new version, its record.
# Returns 1 if the ad was changed.
_CHANGE = """
if (redis.call('HGET', KEYS[1], 'at') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'at', ARGV[2], 'current', ARGV[3], ARGV[2], ARGV[3])
return 1
"""


class Ads:
    """The ads of all accounts; `copy_picture` fetches a picture by its URL and keeps it.

    `newcomers` is the rate at which an account that nobody vouched for may make ads.
    """

    def __init__(
        self,
        redis: Redis,
        changes: Changes,
        copy_picture: CopyPicture,
        now: Clock = now_ms,
        newcomers: Rate | None = None,
    ) -> None:
        self._redis = redis
        self._changes = changes
        self._now = now
        self._pictures, self._copy = Pictures(redis), copy_picture
        self._newcomers = newcomers

    async def create(self, owner: str, draft: AdDraft) -> Ad:
        """A new ad, version 1.

        Raises Problem("invalid" | "conflict": too many | "rate_limited": too many of a newcomer).
        """
        if await self._index(owner).count() >= ADS_MAX:
            raise Problem("conflict", f"An account has at most {ADS_MAX} ads; delete one.")
        account = await self._account(owner)
        # An attempt may make us fetch a picture, so it is limited; only a success uses up an ad.
        await self._brake(account, "ad-tries", "tries to make an ad {0} times", TRIES_AN_AD)
        draft = await self._settled(owner, "", draft, None)
        await self._brake(account, "new-ads", "makes at most {0} ads", 1)
        bare = Ad(id=new_id(), owner=owner, version=0, created_at=self._now(), **_named(draft))
        ad = self._next(bare, draft, review.of(account, draft, None), account)
        await self._swap(0, ad)
        await self._index(owner).add(ad.created_at, ad.id)
        return ad

    async def get(self, ad_id: str) -> Ad | None:
        """The current version of anyone's ad; a deleted ad has the state `deleted`."""
        return await _current(self._redis, ad_id)

    async def version(self, ad_id: str, number: int) -> Ad | None:
        """An earlier version."""
        return _decoded(await self._redis.hget(keys.AD.format(ad=ad_id), str(number)))

    async def owned(self, owner: str, ad_id: str) -> Ad:
        """The account's own ad. Raises Problem("not_found"), for deleted ones too."""
        ad = await self._alive(ad_id)
        if ad.owner != owner:
            raise Problem("not_found", NO_SUCH)
        return ad

    async def _alive(self, ad_id: str) -> Ad:
        ad = await self.get(ad_id)
        if ad is None or ad.state == "deleted":
            raise Problem("not_found", NO_SUCH)
        return ad

    async def list(self, owner: str, cursor: str, limit: int) -> tuple[list[Ad], str | None]:
        """The account's ads, newest first, and the next page's cursor."""
        ids, following = await self._index(owner).page(cursor, limit)
        found = await self._many(ids)
        return [ad for ad in found if ad.state != "deleted"], following

    async def change(
        self,
        owner: str,
        ad_id: str,
        patch: Mapping[str, object],
        if_match: int | None = None,
    ) -> Ad:
        """A new version with the fields of `patch`; pages that show the ad are told.

        Raises Problem("not_found" | "invalid" | "conflict": too many versions), or
        Problem("precondition_failed") if `if_match` is not the current version. That is checked
        last, after the request's own faults (RFC 9110, section 13.2.1).
        """

        async def following(ad: Ad) -> Ad:
            draft = rules.parse(rules.merge(draft_of(ad), patch))
            _check_version(if_match, ad)
            if ad.version >= keys.AD_VERSIONS_MAX:
                raise Problem("conflict", "This ad was changed too often; make a new one.")
            account = await self._account(owner)
            await self._brake(account, "ad-changes", "changes its ads {0} times", CHANGES_AN_AD)
            draft = await self._settled(owner, ad_id, draft, ad)
            return self._next(ad, draft, review.of(account, draft, ad), account)

        return await self._changed(lambda: self.owned(owner, ad_id), following)

    async def turn(self, owner: str, ad_id: str, state: State) -> None:
        """Do what the ad's timetable says: start a paused ad (`active`), or end one (`ended`).

        The ad is not parsed anew and no limit on changes applies. Raises Problem("not_found" |
        "conflict": the ad is not in a state that can change so).
        """

        async def turned(ad: Ad) -> Ad:
            if ad.state == state or (state == "active" and ad.state != "paused"):
                raise Problem("conflict")
            draft = msgspec.structs.replace(draft_of(ad), state=state)
            return self._next(ad, draft, ad.review, await self._account(owner))

        await self._changed(lambda: self.owned(owner, ad_id), turned)

    async def judge(self, ad_id: str, version: int | None, verdict: Review) -> Ad:
        """Record the operator's verdict on this version of an ad (None: the current one).

        Raises Problem("not_found"), Problem("precondition_failed") if the ad was changed since.
        """

        async def judged(ad: Ad) -> Ad:
            _check_version(version, ad)
            return self._next(ad, draft_of(ad), verdict, await self._account(ad.owner))

        return await self._changed(lambda: self._alive(ad_id), judged)

    async def waiting(self, most: int) -> Sequence[Ad]:
        """At most `most` ads that wait for the operator, the longest waiting first."""
        ids = await self._redis.zrange(keys.ADS_WAITING, 0, most - 1)
        found = await self._many([records.text(ad_id) for ad_id in ids])
        return [ad for ad in found if ad.review.state == "waiting" and ad.state != "deleted"]

    async def _many(self, ids: Sequence[str]) -> Sequence[Ad]:
        found = await records.each(
            self._redis, ids, lambda p, ad_id: p.hget(keys.AD.format(ad=ad_id), "current")
        )
        return [ad for ad in map(_decoded, found) if ad]

    async def delete(self, owner: str, ad_id: str, if_match: int | None = None) -> None:
        """Delete the ad; pages that carry it show its fallback.

        Raises Problem("not_found"), Problem("precondition_failed") as `change` does.
        """

        async def gone(ad: Ad) -> Ad:
            _check_version(if_match, ad)
            history = booking.entered(ad.history, self._now(), "deleted")
            return msgspec.structs.replace(
                ad, version=ad.version + 1, state="deleted", history=history
            )

        ad = await self._changed(lambda: self.owned(owner, ad_id), gone)
        await self._index(owner).remove(ad.created_at, ad.id)

    async def _account(self, owner: str) -> Account | None:
        return await records.load(self._redis, keys.ACCOUNT.format(account=owner), Account)

    async def _brake(self, account: Account | None, what: str, does: str, times: int) -> None:
        """Limit what a newcomer may do in a day: each version of an ad is kept for years."""
        if account is None or not account.newcomer or self._newcomers is None:
            return
        rate = Rate(self._newcomers.burst * times, self._newcomers.every_ms // times)
        detail = f"A new account {does.format(rate.burst)} a day."
        await Throttle(self._redis, self._now).brake(what, account.id, rate, detail)

    def _next(self, before: Ad, draft: AdDraft, verdict: Review, account: Account | None) -> Ad:
        """The version after `before`."""
        at = self._now() if before.version else before.created_at
        following = msgspec.structs.replace(
            before,
            version=before.version + 1,
            updated_at=at,
            review=verdict,
            identity=account.identity if account else Identity(),
            **_named(draft),
        )
        history = booking.entered(before.history, at, following.standing)
        return msgspec.structs.replace(following, history=history)

    async def _changed(
        self, found: Callable[[], Awaitable[Ad]], rule: Callable[[Ad], Awaitable[Ad]]
    ) -> Ad:
        """The version that `rule` makes of the current one; pages that show the ad are told."""
        for _ in range(records.TRIES):
            before = await found()
            ad = await rule(before)
            if await self._swap(before.version, ad):
                await self._changes.publish(f"ad:{ad.id}")
                return ad
        raise Problem("store_unavailable", "Too many changes at once.")

    async def _swap(self, read: int, ad: Ad) -> bool:
        waits = ad.review.state == "waiting" and ad.state != "deleted"
        if waits:  # entered first: a crash in between must not leave an ad that nobody reviews
            await self._redis.zadd(keys.ADS_WAITING, {ad.id: ad.updated_at}, nx=True)
        if ad.fallback:
            pairs = keys.FALLBACKS_OF_OWNER.format(owner=ad.owner)
            await self._redis.sadd(pairs, f"{ad.id} {ad.fallback}")
        key, record = keys.AD.format(ad=ad.id), msgspec.msgpack.encode(ad)
        done = bool(await self._redis.eval(_CHANGE, 1, key, read, ad.version, record))
        if done and not waits:
            await self._redis.zrem(keys.ADS_WAITING, ad.id)
        return done

    async def _settled(self, owner: str, ad_id: str, draft: AdDraft, before: Ad | None) -> AdDraft:
        """The draft with its pictures copied, after its fallback was found to be the owner's."""
        await self._check_fallback(owner, ad_id, draft.fallback, before)
        return await images.settle(self._pictures, self._copy, owner, draft, before)

    async def _check_fallback(
        self, owner: str, ad_id: str, fallback: str | None, before: Ad | None
    ) -> None:
        if fallback is None or (before and before.fallback == fallback):
            return
        other = await self.get(fallback)
        usable = other and other.owner == owner and other.state != "deleted"
        if fallback == ad_id or not usable:
            raise invalid("fallback", "choice", "The fallback is another ad of yours.")

    def _index(self, owner: str) -> Index:
        return Index(self._redis, keys.ADS_OF_OWNER.format(owner=owner))


async def every(redis: Redis) -> AsyncIterator[Ad]:
    """The current version of every ad of every account, deleted ones too."""
    async for name in records.names(redis, keys.AD.format(ad="*")):
        if ad := _decoded(await redis.hget(name, "current")):
            yield ad


async def with_ads_that_fall_back_to(redis: Redis, ad_ids: Collection[str]) -> set[str]:
    """These ads and every ad that ever led to one of them through a chain of fallbacks."""
    owners = {ad.owner for each in ad_ids if (ad := await _current(redis, each))}
    pairs = [pair.split() for owner in owners for pair in await fallbacks(redis, owner)]
    found = set(ad_ids)
    while more := {ad for ad, fallback in pairs if fallback in found} - found:
        found |= more
    return found


async def fallbacks(redis: Redis, owner: str) -> list[str]:
    """The pairs `ad fallback` that an account's ads ever had, each as one text."""
    found = await redis.smembers(keys.FALLBACKS_OF_OWNER.format(owner=owner))
    return [records.text(pair) for pair in found]


async def _current(redis: Redis, ad_id: str) -> Ad | None:
    return _decoded(await redis.hget(keys.AD.format(ad=ad_id), "current"))


def _decoded(record: bytes | str | None) -> Ad | None:
    return records.decode(record, Ad) if record else None


def _check_version(version: int | None, ad: Ad) -> None:
    if version not in (None, ad.version):
        raise Problem("precondition_failed", f"The ad is at version {ad.version}.")


def _named(draft: AdDraft) -> dict[str, Any]:
    return msgspec.structs.asdict(draft)
