"""`passalong backup FILE`: store and spool in one file, while the service runs."""

import time
from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from proxy import backup
from proxy.backup import About
from proxy.cli.command import Opened, on_stores
from proxy.run.store import store_url
from proxy.store import schema, snapshot


def add_arguments(parser: ArgumentParser) -> None:
    """`FILE`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where the backup goes")


async def _run(opened: Opened, args: Namespace) -> str:
    """Makes the backup; 1 if it could not be made whole."""
    redis, config = opened.stores.redis, opened.config
    known = await schema.version(redis)
    database = redis.connection_pool.connection_kwargs.get("db") or 0
    about = About(backup.FORM, version("passalong"), known, int(time.time()), database)
    servers = await snapshot.servers(redis, store_url(config))
    length = backup.make(config.data_dir, servers, args.file, about)
    return f"{args.file}: {length} bytes"


run = on_stores(_run, schema.version)
"""A store of any version: the service of that version can restore its backup."""
