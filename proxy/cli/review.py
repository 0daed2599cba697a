"""`passalong review`: look at newcomers' ads; pass or refuse them; vouch for an account.

`list` names the version it shows, as AD/VERSION: a verdict on an outdated version is refused.
"""

from argparse import ArgumentParser, Namespace

from ads.ad.review import goes_to, versions
from ads.clock import now_ms
from proxy.cli.command import Opened, account_of, on_stores
from proxy.moderation.takedown import Reason
from proxy.moderation.vetting import Vetting

SHOWN = 100
WHO = "command line"
_AD = "AD[/VERSION]"


def add_arguments(parser: ArgumentParser) -> None:
    """`list`; `pass` and `refuse --why` AD[/VERSION]; `vouch` and `doubt --why` EMAIL."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="Ads that wait, the longest waiting first.")
    actions.add_parser("pass", help="Readers may see it.").add_argument("target", metavar=_AD)
    refuse = actions.add_parser("refuse", help="Readers do not see it.")
    refuse.add_argument("target", metavar=_AD)
    refuse.add_argument("--why", required=True, help="the advertiser reads it")
    vouch = actions.add_parser("vouch", help="Nothing of this account waits any more.")
    vouch.add_argument("target", metavar="EMAIL")
    doubt = actions.add_parser("doubt", help="It is a newcomer's again; its ads wait anew.")
    doubt.add_argument("target", metavar="EMAIL")
    doubt.add_argument("--why", required=True, help="for the trail")


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """What was done, or the list; 2 if it cannot be."""
    stores, vetting = opened.stores, Vetting(opened.stores, now_ms)
    if args.action == "list":
        return "\n".join(await _lines(vetting)) or "None waits."
    if args.action in ("vouch", "doubt"):
        account = await account_of(stores.accounts, args.target)
        if args.action == "doubt":
            await vetting.doubt(account, Reason(WHO, args.why))
            return f"{account.email}: a newcomer's again."
        await vetting.vouch(account, WHO)
        return f"{account.email}: vouched for."
    ad, _, number = args.target.partition("/")
    version = int(number) if number.isdecimal() else None
    if args.action == "refuse":
        await vetting.refuse(ad, version, Reason(WHO, args.why))
        return f"{ad}: refused."
    await vetting.passes(ad, version, WHO)
    return f"{ad}: passed."


async def _lines(vetting: Vetting) -> list[str]:
    return [
        f"{ad.id}/{ad.version}  {owner.email if owner else '-'}  {ad.kind}  {goes_to(ad)}  "
        # A body may have lines; one ad is one line, so that none makes up another.
        + "; ".join(" | ".join(words).replace("\n", " ") for _, _, words in versions(ad))
        for ad, owner in await vetting.waiting(SHOWN)
    ]
