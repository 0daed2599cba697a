"""Read-only links to a report: good for some days, withdrawn at any time, kept as digests."""

from typing import Literal

import msgspec
from redis.asyncio import Redis

from ads.clock import DAY, SECOND, Clock
from ads.errors import Problem
from ads.ids import digest, new_secret, short
from ads.store import keys, listed, records

LINKS_MAX = 100


class ReportLink(msgspec.Struct, frozen=True):
    """What a link shows, and of whom; times in ms. The secret itself is not kept."""

    id: str
    owner: str
    kind: Literal["ad", "share"]
    subject: str
    created_at: int
    expires_at: int
    digest: str


class ReportLinks:
    """The links of all accounts."""

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def create(
        self, owner: str, kind: Literal["ad", "share"], subject: str, days: int
    ) -> str:
        """A new link's token, told this once. Raises Problem("conflict": too many)."""
        if len(await self.list(owner)) >= LINKS_MAX:
            raise Problem("conflict", f"At most {LINKS_MAX} links; withdraw one.")
        token, now = new_secret(), self._now()
        hashed = digest(token)
        link = ReportLink(short(hashed), owner, kind, subject, now, now + days * DAY, hashed)
        owned = keys.REPORT_LINKS_OF_OWNER.format(owner=owner)
        await self._redis.hset(owned, link.id, msgspec.msgpack.encode(link))
        key = keys.REPORT_LINK.format(digest=hashed)
        await self._redis.set(key, msgspec.msgpack.encode(link), ex=days * DAY // SECOND)
        return token

    async def find(self, token: str) -> ReportLink | None:
        """What a token shows; None if it is over or was withdrawn."""
        key = keys.REPORT_LINK.format(digest=digest(token))
        link = await records.load(self._redis, key, ReportLink)
        return link if link and link.expires_at > self._now() else None

    async def list(self, owner: str) -> list[ReportLink]:
        """The account's running links, newest first; those that are over are forgotten."""
        owned = keys.REPORT_LINKS_OF_OWNER.format(owner=owner)
        return await listed.running(self._redis, owned, ReportLink, self._now())

    async def withdraw(self, owner: str, link_id: str) -> bool:
        """Make it worthless; False if the account has no such one."""
        owned = keys.REPORT_LINKS_OF_OWNER.format(owner=owner)
        return await listed.withdraw(self._redis, owned, link_id, ReportLink, keys.REPORT_LINK)
