"""Ads with all their versions: one hash each, changed only from the version that was read."""

from collections.abc import Mapping
from typing import Any

import msgspec
from redis.asyncio import Redis

from ads import ad as rules
from ads import booking
from ads.ad import Ad, AdDraft
from ads.clock import Clock, now_ms
from ads.errors import Problem, invalid
from ads.ids import new_id
from ads.store import keys, records
from ads.store.changes import Changes
from ads.store.images import CopyPicture, Images
from ads.store.index import Index
from ads.store.pictures import Pictures

ADS_MAX = 10_000
"""Of one account, deleted ones apart."""
TRIES = 20

# KEYS[1] the ad. ARGV: the version that was read ("0": none), the new one, the oldest to drop, the
# record. 1 if it was changed.
_CHANGE = """
if (redis.call('HGET', KEYS[1], 'at') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'at', ARGV[2], 'current', ARGV[4], ARGV[2], ARGV[4])
redis.call('HDEL', KEYS[1], ARGV[3])
return 1
"""


class Ads:
    """The ads of all accounts; `copy_picture` fetches a picture by its URL and keeps it."""

    def __init__(
        self, redis: Redis, changes: Changes, copy_picture: CopyPicture, now: Clock = now_ms
    ) -> None:
        self._redis = redis
        self._changes = changes
        self._now = now
        self._images = Images(Pictures(redis), copy_picture)

    async def create(self, owner: str, draft: AdDraft) -> Ad:
        """A new ad, version 1. Raises Problem("invalid" | "conflict": too many)."""
        if await self._index(owner).count() >= ADS_MAX:
            raise Problem("conflict", f"An account has at most {ADS_MAX} ads; delete one.")
        draft = await self._settled(owner, "", draft, None)
        now = self._now()
        ad = _ad(new_id(), owner, 1, draft, created_at=now, at=now, history=())
        await self._swap(0, ad)
        await self._index(owner).add(now, ad.id)
        return ad

    async def get(self, ad_id: str) -> Ad | None:
        """The current version of anyone's ad; a deleted one has that state."""
        return _decoded(await self._redis.hget(keys.AD.format(ad=ad_id), "current"))

    async def version(self, ad_id: str, number: int) -> Ad | None:
        """An earlier version; the last thousand are kept."""
        return _decoded(await self._redis.hget(keys.AD.format(ad=ad_id), str(number)))

    async def owned(self, owner: str, ad_id: str) -> Ad:
        """The account's own ad. Raises Problem("not_found"), for deleted ones too."""
        ad = await self.get(ad_id)
        if ad is None or ad.owner != owner or ad.state == "deleted":
            raise Problem("not_found", "There is no such ad.")
        return ad

    async def list(self, owner: str, cursor: str, limit: int) -> tuple[list[Ad], str | None]:
        """The account's ads, newest first, and the next page's cursor."""
        ids, following = await self._index(owner).page(cursor, limit)
        found = [await self.get(ad_id) for ad_id in ids]
        return [ad for ad in found if ad and ad.state != "deleted"], following

    async def change(
        self,
        owner: str,
        ad_id: str,
        patch: Mapping[str, object],
        if_match: int | None = None,
    ) -> Ad:
        """A new version with the fields of `patch`; pages that show the ad are told.

        Raises Problem("not_found" | "invalid"), or Problem("precondition_failed") if `if_match`
        is not the current version: a precondition is looked at when the request would do without
        it (RFC 9110, section 13.2.1).
        """
        for _ in range(TRIES):
            ad = await self.owned(owner, ad_id)
            draft = rules.parse(rules.merge(draft_of(ad), patch))
            if if_match not in (None, ad.version):
                raise Problem("precondition_failed", f"The ad is at version {ad.version}.")
            draft = await self._settled(owner, ad_id, draft, ad)
            changed = await self._next(ad, draft)
            if changed:
                return changed
        raise Problem("store_unavailable", "Too many changes at once.")

    async def delete(self, owner: str, ad_id: str) -> None:
        """Take it away; pages that carry it show its fallback. Raises Problem("not_found")."""
        for _ in range(TRIES):
            ad = await self.owned(owner, ad_id)
            history = booking.entered(ad.history, self._now(), "deleted")
            gone = msgspec.structs.replace(
                ad, version=ad.version + 1, state="deleted", history=history
            )
            if await self._swap(ad.version, gone):
                await self._index(owner).remove(ad.created_at, ad.id)
                return await self._changes.publish(f"ad:{ad.id}")
        raise Problem("store_unavailable", "Too many changes at once.")

    async def _next(self, ad: Ad, draft: AdDraft) -> Ad | None:
        """The version after `ad`; None if someone else made it first."""
        following = _ad(
            ad.id,
            ad.owner,
            ad.version + 1,
            draft,
            created_at=ad.created_at,
            at=self._now(),
            history=ad.history,
        )
        if not await self._swap(ad.version, following):
            return None
        await self._changes.publish(f"ad:{ad.id}")
        return following

    async def _swap(self, read: int, ad: Ad) -> bool:
        key = keys.AD.format(ad=ad.id)
        dropped = ad.version - keys.AD_VERSIONS_KEPT
        record = msgspec.msgpack.encode(ad)
        return bool(await self._redis.eval(_CHANGE, 1, key, read, ad.version, dropped, record))

    async def _settled(self, owner: str, ad_id: str, draft: AdDraft, before: Ad | None) -> AdDraft:
        """The draft with its pictures copied and its fallback known to be the owner's."""
        await self._check_fallback(owner, ad_id, draft.fallback, before)
        return await self._images.settle(owner, draft, before)

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


def draft_of(ad: Ad) -> AdDraft:
    """What the owner said about the ad."""
    values = msgspec.structs.asdict(ad)
    return AdDraft(**{name: values[name] for name in AdDraft.__struct_fields__})


def _decoded(record: bytes | str | None) -> Ad | None:
    return records.decode(record, Ad) if record else None


def _ad(
    ad_id: str, owner: str, version: int, draft: AdDraft, *, created_at: int, at: int, history: Any
) -> Ad:
    return Ad(
        id=ad_id,
        owner=owner,
        version=version,
        created_at=created_at,
        updated_at=at,
        history=booking.entered(history, at, draft.state),
        **msgspec.structs.asdict(draft),
    )
