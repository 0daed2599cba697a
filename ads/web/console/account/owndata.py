"""Everything that is stored about an account, for its owner."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import asdict

from ads.accounts import Account
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.reportlinks import ReportLinks

PAGE = 100
_UNSAID = ("digest", "expires_at")  # of records that never expire


@dataclass(frozen=True)
class OwnData:
    """Reads it from the stores, without the digests of secrets."""

    _accounts: Accounts
    _ads: Ads
    _bookings: Bookings
    _links: ReportLinks

    async def of(self, me: Account) -> bytes:
        """One JSON object; times in ms since the epoch, UTC."""
        accounts = self._accounts
        await accounts.audit.note(me.id, "export")
        shares = await self._bookings.many(await self._bookings.of_owner(me.id).all())
        everything = {
            "account": _without(me, "password_hash"),
            "ads": [msgspec.to_builtins(ad) for ad in await self._all_ads(me.id)],
            "shares": [msgspec.to_builtins(each) for each in shares],
            "api_keys": [_without(key, *_UNSAID) for key in await accounts.api_keys.list(me.id)],
            "sessions": [_without(each, "digest") for each in await accounts.sessions.list(me.id)],
            "passkeys": [
                _without(k, "public_key", *_UNSAID) for k in await accounts.passkeys.list(me.id)
            ],
            "report_links": [_without(link, "digest") for link in await self._links.list(me.id)],
            "done": [asdict(entry) for entry in await accounts.audit.newest(me.id)],
        }
        return msgspec.json.format(msgspec.json.encode(everything), indent=2)

    async def _all_ads(self, owner: str) -> list[Any]:
        found, cursor = await self._ads.list(owner, "", PAGE)
        while cursor:
            more, cursor = await self._ads.list(owner, cursor, PAGE)
            found += more
        return found


def _without(record: msgspec.Struct, *secret: str) -> dict[str, Any]:
    return {k: v for k, v in asdict(record).items() if k not in secret}
