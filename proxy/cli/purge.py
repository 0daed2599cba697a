"""`passalong purge KEY …`: workers and edges drop pages by surrogate key, without any change."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from proxy.cdn.purge import PURGED
from proxy.cli.command import failed, with_stores
from proxy.config import Config
from proxy.stores import Stores


def add_arguments(parser: ArgumentParser) -> None:
    """`KEY …` or `--all`."""
    parser.add_argument("keys", metavar="KEY", nargs="*", help="share:ID, ad:ID or article:ID")
    parser.add_argument("--all", action="store_true", help="every share there is")


def run(args: Namespace) -> int:
    """0 when it is in the journal, from which a running service tells the edges; 2 bad usage."""
    strange = [key for key in args.keys if not key.startswith(PURGED)]
    if strange or bool(args.keys) == args.all:
        wanted = "share:ID, ad:ID or article:ID, or --all"
        return failed(f"invalid: give {wanted}", 2)

    async def work(stores: Stores, config: Config) -> str:
        count = await _purge(stores, args.keys)
        return f"{count} keys for {len(config.purge_edges)} edges"

    return with_stores(work)


async def _purge(stores: Stores, keys: Sequence[str]) -> int:
    if keys:
        await stores.changes.publish(*keys)
        return len(keys)
    count = 0
    async for ids in stores.shares.all():
        await stores.changes.publish(*(f"share:{each}" for each in ids))
        count += len(ids)
    return count
