"""`passalong list accounts|ads|shares [--of EMAIL]`: what there is, newest first."""

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator

from ads.accounts import Account
from ads.clock import timestamp
from proxy.cli.command import Opened, account_of, on_stores
from proxy.stores import Stores

PAGE = 100


def add_arguments(parser: ArgumentParser) -> None:
    """`accounts`, `ads` or `shares`, the last two of one account if asked."""
    parser.add_argument("what", choices=("accounts", "ads", "shares"))
    parser.add_argument("--of", metavar="EMAIL", help="of this account alone")


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """Lines are printed as they are found, for there may be many; 2 if there is no such account."""
    lines = {"accounts": _account, "ads": _ads, "shares": _shares}[args.what]
    stores, of = opened.stores, args.of
    accounts = [await account_of(stores.accounts, of)] if of else await stores.accounts.all()
    for account in accounts:
        async for at, line in lines(stores, account):
            print(f"{timestamp(at)[:10]}  {line}")
    return ""


async def _account(_: Stores, account: Account) -> AsyncIterator[tuple[int, str]]:
    ended = f"  ended: {account.ended_why}" if account.ended_at else ""
    yield account.created_at, f"{account.role:10}  {account.email}  {account.name}{ended}"


async def _ads(stores: Stores, account: Account) -> AsyncIterator[tuple[int, str]]:
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = await stores.ads.list(account.id, cursor, PAGE)
        for ad in found:
            what = f"{ad.kind}  {ad.name}"
            yield ad.created_at, f"{ad.id}  {ad.state:7}  {account.email}  {what}"


async def _shares(stores: Stores, account: Account) -> AsyncIterator[tuple[int, str]]:
    index = stores.bookings.of_owner(account.id)
    cursor: str | None = ""
    while cursor is not None:
        ids, cursor = await index.page(cursor, PAGE)
        for share in await stores.shares.many(ids):
            what = f"{share.ad}  {share.article.source_url}"
            yield share.created_at, f"{share.id}  {share.state:7}  {account.email}  {what}"
