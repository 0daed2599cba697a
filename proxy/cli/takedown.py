"""`passalong takedown`: end or lower a share, a source or an account; reports and the trail."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import NamedTuple

from ads.accounts import Account
from ads.clock import now_ms
from ads.errors import Problem
from ads.store import connect
from ads.store.accounts import Accounts
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.complaints import Complaints
from proxy import config as settings
from proxy.cli.told import told
from proxy.moderation.endings import Endings
from proxy.moderation.takedown import Reason, Takedown
from proxy.store.articles import ArticleStore
from proxy.store.audit import Audit
from proxy.store.lists import ListStore
from proxy.store.published import Published
from proxy.store.shares import ShareStore

SHOWN = 100


def add_arguments(parser: ArgumentParser) -> None:
    """`share`, `source`, `account`, `lift`, each with `--why`; `list`, `reports`, `log`."""
    actions = parser.add_subparsers(dest="action", required=True)
    share = actions.add_parser("share", help="End one share, or show no more than MODE of it.")
    share.add_argument("target", metavar="ID|LINK")
    source = actions.add_parser("source", help="Publish no more, or no more than MODE, of a site.")
    source.add_argument("target", metavar="HOST[/PATH]")
    account = actions.add_parser("account", help="End an account and all its shares.")
    account.add_argument("target", metavar="EMAIL")
    lift = actions.add_parser("lift", help="Take one of these back.")
    lift.add_argument("kind", choices=("share", "source", "account"))
    lift.add_argument("target")
    for action in (share, source):
        action.add_argument("--allow", choices=("none", "card", "excerpt"), default="none")
    for action in (share, source, account, lift):
        action.add_argument("--why", required=True, help="the sharer reads it")
    for action in (share, source, account):
        action.add_argument("--law", action="store_true", help="the law is the reason: 451")
    actions.add_parser("list", help="What is allowed of which site.")
    actions.add_parser("reports", help="What readers and publishers reported.")
    actions.add_parser("log", help="Who ended what, when and why.")


def run(args: Namespace) -> int:
    """0 when it was done; 2 if it cannot be; 1 if the store is away."""
    return told(lambda where, config: _act(where, config, args))


class _Kept(NamedTuple):
    lists: ListStore
    complaints: Complaints
    audit: Audit
    accounts: Accounts
    takedown: Takedown


async def _act(where: str, config: settings.Config, args: Namespace) -> str:
    redis = connect(where)
    lists, audit, accounts = ListStore(redis, config.publishers), Audit(redis), Accounts(redis)
    changes, published = Changes(redis), Published(redis)
    bookings = Bookings(redis, changes)
    endings = Endings(ShareStore(redis), ArticleStore(redis), bookings, published, changes, now_ms)
    takedown = Takedown(endings, lists, published, accounts, bookings, audit, now_ms)
    kept = _Kept(lists, Complaints(redis), audit, accounts, takedown)
    try:
        if args.action in ("list", "reports", "log"):
            return "\n".join(await _told(kept, args.action)) or "Nothing."
        return await _done(kept, args)
    finally:
        await redis.aclose()


async def _told(kept: _Kept, what: str) -> list[str]:
    if what == "list":
        entries = await kept.lists.every()
        return [f"{e.allowed:8}{e.site}  {e.note}{'  (law)' if e.law else ''}" for e in entries]
    if what == "reports":
        said = await kept.complaints.newest(SHOWN)
        # Words may have lines; one report is one line, so that none makes up another.
        return [
            f"{_time(c.at)}  {c.page}  {c.reason}  {' '.join(c.words.split())}  {c.contact}"
            for c in said
        ]
    acts = await kept.audit.newest(SHOWN)
    return [
        f"{_time(a.at)}  {a.who}  {a.what} {a.target}: {a.done}  {a.why}{' (law)' * a.law}"
        for a in acts
    ]


async def _done(kept: _Kept, args: Namespace) -> str:
    takedown, accounts = kept.takedown, kept.accounts
    reason = Reason("command line", args.why, getattr(args, "law", False))
    kind, lifting = (args.kind, True) if args.action == "lift" else (args.action, False)
    target = args.target
    if kind == "share":
        target = target.rstrip("/").partition("?")[0].rpartition("/")[2]
        if not lifting and args.allow != "none":
            await takedown.lower_share(target, args.allow, reason)
            return f"{target}: {args.allow}."
        await (takedown.lift_share if lifting else takedown.share)(target, reason)
    elif kind == "source" and lifting:
        await takedown.lift_source(target, reason)
    elif kind == "source":
        entry = await takedown.source(target, args.allow, reason)
        return f"{entry.site}: {entry.allowed}. Published pages follow within seconds of serving."
    elif lifting:
        await takedown.lift_account(await _account(accounts, target), reason)
    else:
        ended = await takedown.account(await _account(accounts, target), reason)
        return f"{target}: ended, with {ended} shares."
    return f"{target}: {'lifted' if lifting else 'ended'}."


async def _account(accounts: Accounts, email: str) -> Account:
    found = await accounts.by_email(email)
    if found is None:
        raise Problem("not_found", f"There is no account of {email}.")
    return found


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
