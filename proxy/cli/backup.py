"""`passalong backup FILE`: store and spool in one file, while the service runs."""

import time
from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from proxy import backup
from proxy.backup import About
from proxy.cli.command import with_stores
from proxy.config import Config
from proxy.run.store import store_url
from proxy.store import schema, snapshot
from proxy.stores import Stores


def add_arguments(parser: ArgumentParser) -> None:
    """`FILE`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where the backup goes")


def run(args: Namespace) -> int:
    """0 when the backup is whole and in its place; 1 if it could not be made."""
    return with_stores(lambda stores, config: _write(stores, config, args.file))


async def _write(stores: Stores, config: Config, file: Path) -> str:
    known = await schema.version(stores.redis)
    about = About(backup.FORM, version("passalong"), known, int(time.time()))
    where = store_url(config)
    servers = await snapshot.servers(stores.redis, where)
    length = backup.make(config.data_dir, servers, file, about)
    return f"{file}: {length} bytes"
