"""`passalong ad pause|resume AD`: an ad rests on every page, or shows again."""

from argparse import ArgumentParser, Namespace

from ads.errors import Problem
from ads.store.ads import Ads
from proxy.cli.command import with_stores

STATES = {"pause": "paused", "resume": "active"}


def add_arguments(parser: ArgumentParser) -> None:
    """`pause AD`, `resume AD`; ids as `passalong list ads` tells them."""
    parser.add_argument("action", choices=tuple(STATES))
    parser.add_argument("ad", metavar="AD")


def run(args: Namespace) -> int:
    """0 when workers and edges were told; 2 if it cannot be; 1 if the store is away."""
    return with_stores(lambda stores, _: _change(stores.ads, args.ad, STATES[args.action]))


async def _change(ads: Ads, ad_id: str, state: str) -> str:
    found = await ads.get(ad_id)
    if found is None or found.state == "deleted":
        raise Problem("not_found", f"There is no ad {ad_id}.")
    if found.state != state:
        await ads.change(found.owner, ad_id, {"state": state})
    return f"{ad_id}: {state}."
