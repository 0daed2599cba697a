"""Read-only links to a report: good for some days, revocable at any time, kept as digests."""

from typing import Literal

import msgspec

from ads import accounts
from ads.clock import DAY, SECOND
from ads.errors import Problem
from ads.ids import digest, new_secret
from ads.store import keys, records
from ads.store.listed import Listed

LINKS_MAX = 100


class ReportLink(accounts.Listed, frozen=True, kw_only=True):
    """A link to the report of an ad or a share (`subject` is its id) of `owner`."""

    owner: str
    kind: Literal["ad", "share"]
    subject: str


class ReportLinks(Listed[ReportLink]):
    """The links of all accounts."""

    kind, owned, used = ReportLink, keys.REPORT_LINKS_OF_OWNER, keys.REPORT_LINK

    async def create(
        self, owner: str, kind: Literal["ad", "share"], subject: str, days: int
    ) -> str:
        """A new link's token; only its digest is kept. Raises Problem("conflict": too many)."""
        if len(await self.list(owner)) >= LINKS_MAX:
            raise Problem("conflict", f"At most {LINKS_MAX} links; withdraw one.")
        token, seconds = new_secret(), days * DAY // SECOND
        link = self._made(token, seconds, owner=owner, kind=kind, subject=subject)
        await self._enter(owner, link, msgspec.msgpack.encode(link))
        return token

    async def shown(self, token: str) -> ReportLink | None:
        """The link with this token; None if it is over or was withdrawn."""
        link = await records.load(self._redis, self._used(digest(token)), ReportLink)
        return link if link and link.expires_at > self._now() else None
