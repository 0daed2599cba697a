"""`passalong takedown`: end or lower a share, a source or an account; reports and the trail."""

from argparse import ArgumentParser, Namespace
from typing import Literal

from ads.clock import now_ms, timestamp
from proxy.cli.command import Opened, account_of, on_stores, share_id
from proxy.moderation.takedown import Reason, Takedown
from proxy.shares import Most
from proxy.stores import Stores

SHOWN = 100
UNKNOWN = "Nothing is published from this host yet: see that its name is right."


def add_arguments(parser: ArgumentParser) -> None:
    """`share`, `source`, `account`, `lift`, each with `--why`; `list`, `reports`, `log`."""
    actions = parser.add_subparsers(dest="action", required=True)
    share = actions.add_parser("share", help="End one share, or show no more than MODE of it.")
    share.add_argument("target", metavar="ID|LINK")
    source = actions.add_parser("source", help="Publish no more, or no more than MODE, of a site.")
    source.add_argument("target", metavar="HOST[/PATH]")
    account = actions.add_parser("account", help="End an account and all its shares.")
    account.add_argument("target", metavar="EMAIL")
    lift = actions.add_parser(
        "lift", help="Take one back; what ended with a source or an account stays ended."
    )
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


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """What was done, or the lines that were asked for; 2 if it cannot be."""
    if args.action in ("list", "reports", "log"):
        return "\n".join(await _lines(opened.stores, args.action)) or "Nothing."
    return await _done(opened.stores, args)


async def _lines(stores: Stores, what: str) -> list[str]:
    if what == "list":
        entries = await stores.lists.every()
        return [f"{e.allowed:8}{e.site}  {e.note}{'  (law)' if e.law else ''}" for e in entries]
    if what == "reports":
        reports = await stores.complaints.newest(SHOWN)
        # Words may have lines; one report is one line, so that none makes up another.
        return [
            f"{timestamp(c.at)}  {c.page}  {c.reason}  {' '.join(c.words.split())}  {c.contact}"
            for c in reports
        ]
    acts = await stores.audit.newest(SHOWN)
    return [
        f"{timestamp(a.at)}  {a.who}  {a.what} {a.target}: {a.done}  {a.why}{' (law)' * a.law}"
        for a in acts
    ]


async def _done(stores: Stores, args: Namespace) -> str:
    takedown = Takedown(stores, now_ms)
    reason = Reason("command line", args.why, getattr(args, "law", False))
    if args.action == "lift":
        return await _lifted(takedown, stores, args, reason)
    if args.action == "share":
        return await _share(takedown, share_id(args.target), args.allow, reason)
    if args.action == "source":
        entry = await takedown.source(args.target, args.allow, reason)
        published = await stores.published.origins(entry.host)
        then = "Published pages follow within seconds of serving." if published else UNKNOWN
        return f"{entry.site}: {entry.allowed}. {then}"
    ended = await takedown.account(await account_of(stores.accounts, args.target), reason)
    return f"{args.target}: ended, with {ended} shares."


async def _share(takedown: Takedown, share: str, allow: Most | Literal["none"], why: Reason) -> str:
    if allow == "none":
        await takedown.share(share, why)
        return f"{share}: ended."
    await takedown.lower_share(share, allow, why)
    return f"{share}: {allow}."


async def _lifted(takedown: Takedown, stores: Stores, args: Namespace, reason: Reason) -> str:
    target = share_id(args.target) if args.kind == "share" else args.target
    if args.kind == "share":
        await takedown.lift_share(target, reason)
    elif args.kind == "source":
        await takedown.lift_source(target, reason)
    else:
        await takedown.lift_account(await account_of(stores.accounts, target), reason)
    return f"{target}: lifted."
