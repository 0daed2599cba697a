"""`passalong list accounts|ads|shares [--of EMAIL]`: what there is, newest first."""

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple

from ads.accounts import Account
from ads.errors import Problem
from ads.store import connect
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.images import no_pictures
from proxy.cli.told import told
from proxy.store.shares import ShareStore

PAGE = 100


def add_arguments(parser: ArgumentParser) -> None:
    """`accounts`, `ads` or `shares`, the last two of one account if asked."""
    parser.add_argument("what", choices=("accounts", "ads", "shares"))
    parser.add_argument("--of", metavar="EMAIL", help="of this account alone")


def run(args: Namespace) -> int:
    """0 when all was told; 2 if there is no such account; 1 if the store is away."""
    return told(lambda where, _: _tell(where, args))


class _Kept(NamedTuple):
    accounts: Accounts
    ads: Ads
    bookings: Bookings
    shares: ShareStore


async def _tell(where: str, args: Namespace) -> str:
    """Lines are printed as they are found: there may be many."""
    redis = connect(where)
    changes = Changes(redis)
    ads = Ads(redis, changes, no_pictures)
    kept = _Kept(Accounts(redis), ads, Bookings(redis, changes), ShareStore(redis))
    lines = {"accounts": _account, "ads": _ads, "shares": _shares}[args.what]
    try:
        for account in await _accounts(kept.accounts, args.of):
            async for line in lines(kept, account):
                print(line)
    finally:
        await redis.aclose()
    return ""


async def _accounts(accounts: Accounts, email: str | None) -> list[Account]:
    if not email:
        return await accounts.all()
    found = await accounts.by_email(email)
    if found is None:
        raise Problem("not_found", f"There is no account of {email}.")
    return [found]


async def _account(_: _Kept, account: Account) -> AsyncIterator[str]:
    ended = f"  ended: {account.ended_why}" if account.ended_at else ""
    yield f"{_day(account.created_at)}  {account.role:10}  {account.email}  {account.name}{ended}"


async def _ads(kept: _Kept, account: Account) -> AsyncIterator[str]:
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = await kept.ads.list(account.id, cursor, PAGE)
        for ad in found:
            what = f"{ad.kind}  {ad.name}"
            yield f"{_day(ad.created_at)}  {ad.id}  {ad.state:7}  {account.email}  {what}"


async def _shares(kept: _Kept, account: Account) -> AsyncIterator[str]:
    index = kept.bookings.of_owner_index(account.id)
    cursor: str | None = ""
    while cursor is not None:
        ids, cursor = await index.page(cursor, PAGE)
        for share in await kept.shares.many(ids):
            what = f"{share.ad}  {share.article.source_url}"
            yield f"{_day(share.created_at)}  {share.id}  {share.state:7}  {account.email}  {what}"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
