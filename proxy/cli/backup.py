"""`passalong backup FILE`: store and spool in one file, while the service runs."""

import asyncio
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from ads.store import connect
from proxy import backup
from proxy import config as settings
from proxy.backup import About
from proxy.cli.told import FAULTS, store
from proxy.store import schema, snapshot
from proxy.store.snapshot import SnapshotError


def add_arguments(parser: ArgumentParser) -> None:
    """`FILE`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where the backup goes")


def run(args: Namespace) -> int:
    """0 when the backup is whole and in its place; 1 if it could not be made."""
    try:
        config = settings.load(os.environ)
        with store(config) as where:
            known, servers = asyncio.run(_asked(where))
            about = About(backup.FORM, version("passalong"), known, int(time.time()))
            length = backup.make(config.data_dir, servers, args.file.absolute(), about)
    except (*FAULTS, SnapshotError) as error:
        print(f"passalong: {error}", file=sys.stderr)
        return 1
    print(f"{args.file}: {length} bytes")
    return 0


async def _asked(where: str) -> tuple[int, list[str]]:
    """The store's version, and the servers that hold it."""
    redis = connect(where)
    try:
        return await schema.version(redis), await snapshot.servers(redis, where)
    finally:
        await redis.aclose()
