"""`passalong purge KEY …`: workers and edges drop pages by surrogate key, without any change."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ads.store import connect
from ads.store.changes import Changes
from proxy.cli.told import told
from proxy.config import Config
from proxy.purge import PURGED
from proxy.store.shares import ShareStore


def add_arguments(parser: ArgumentParser) -> None:
    """`KEY …` or `--all`."""
    parser.add_argument("keys", metavar="KEY", nargs="*", help="share:ID, ad:ID or article:ID")
    parser.add_argument("--all", action="store_true", help="every share there is")


def run(args: Namespace) -> int:
    """0 when it is in the journal, from which a running service tells the edges; 2 bad usage."""
    strange = [key for key in args.keys if not key.startswith(PURGED)]
    if strange or bool(args.keys) == args.all:
        wanted = "share:ID, ad:ID or article:ID, or --all"
        print(f"passalong purge: invalid: give {wanted}", file=sys.stderr)
        return 2

    async def work(where: str, config: Config) -> str:
        count = await _purge(where, args.keys)
        return f"{count} keys for {len(config.purge_edges)} edges"

    return told(work)


async def _purge(where: str, keys: Sequence[str]) -> int:
    redis = connect(where)
    try:
        changes, count = Changes(redis), len(keys)
        if keys:
            await changes.publish(*keys)
            return count
        async for ids in ShareStore(redis).all():
            await changes.publish(*(f"share:{each}" for each in ids))
            count += len(ids)
        return count
    finally:
        await redis.aclose()
