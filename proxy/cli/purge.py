"""`passalong purge KEY …`: has workers and edges drop pages by surrogate key."""

from argparse import ArgumentParser, Namespace

from proxy.cdn.purge import PURGED
from proxy.cli.command import Opened, failed, on_stores


def add_arguments(parser: ArgumentParser) -> None:
    """`KEY …` or `--all`."""
    parser.add_argument("keys", metavar="KEY", nargs="*", help="share:ID, ad:ID or article:ID")
    parser.add_argument("--all", action="store_true", help="every share there is")


def run(args: Namespace) -> int:
    """0 when the keys are in the journal, from which the service tells edges; 2 for bad usage."""
    strange = [key for key in args.keys if not key.startswith(PURGED)]
    if strange or bool(args.keys) == args.all:
        return failed("invalid: give share:ID, ad:ID or article:ID, or --all", 2)
    return _purge(args)


@on_stores
async def _purge(opened: Opened, args: Namespace) -> str:
    stores, count = opened.stores, len(args.keys)
    if args.keys:
        await stores.changes.publish(*args.keys)
    else:
        async for ids in stores.shares.all():
            await stores.changes.publish(*(f"share:{each}" for each in ids))
            count += len(ids)
    return f"{count} keys for {len(opened.config.purge_edges)} edges"
