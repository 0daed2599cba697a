"""`passalong account create`: an account with an API key, whether or not `serve` runs."""

from argparse import ArgumentParser, Namespace

from ads.ids import new_secret
from proxy.cli.command import Opened, on_stores


def add_arguments(parser: ArgumentParser) -> None:
    """`create --email E [--name N] [--print-key]`."""
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="Make an account.")
    create.add_argument("--email", required=True, help="what its owner signs in with")
    create.add_argument("--name", help="what readers see; the e-mail's first part if left out")
    create.add_argument("--print-key", action="store_true", help="print a new API key alone")


async def _run(opened: Opened, args: Namespace) -> str:
    """Prints the key alone, or the account and a password; 2 if the e-mail has an account.

    The account becomes the owner's if the former owner's account is gone.
    """
    accounts, password = opened.stores.accounts, new_secret()
    name = args.name or args.email.partition("@")[0]
    account = await accounts.take_over(await accounts.create(args.email, name, password))
    if args.print_key:
        return await accounts.new_key(account.id, "command line")
    return f"Made {account.email}. Sign in with this password, then change it: {password}"


run = on_stores(_run, first=True)
