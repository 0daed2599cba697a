"""`passalong ad pause|resume AD`: hides an ad on every page, or shows it again."""

from argparse import ArgumentParser, Namespace

from ads.errors import Problem
from proxy.cli.command import Opened, on_stores

STATES = {"pause": "paused", "resume": "active"}


def add_arguments(parser: ArgumentParser) -> None:
    """`pause AD`, `resume AD`; ids as `passalong list ads` tells them."""
    parser.add_argument("action", choices=tuple(STATES))
    parser.add_argument("ad", metavar="AD", help="its id, as `passalong list ads` tells it")


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """Changes the ad's state, which workers and edges hear; 2 if there is no such ad."""
    ads, state = opened.stores.ads, STATES[args.action]
    found = await ads.get(args.ad)
    if found is None or found.state == "deleted":
        raise Problem("not_found", f"There is no ad {args.ad}.")
    if found.state != state:
        await ads.change(found.owner, args.ad, {"state": state})
    return f"{args.ad}: {state}."
