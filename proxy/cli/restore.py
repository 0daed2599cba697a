"""`passalong restore FILE`: a backup into an empty store and data directory, without a service."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from proxy import backup
from proxy import config as settings
from proxy.backup import BackupError
from proxy.cli.command import FAULTS, connected, failed, in_words, store
from proxy.config import Config
from proxy.run import lock
from proxy.run.store import EmbeddedStore, url
from proxy.store.schema import VERSION
from proxy.store.transfer import copy, must_be_empty


def add_arguments(parser: ArgumentParser) -> None:
    """`FILE`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="what `passalong backup` wrote")


def run(args: Namespace) -> int:
    """0 when all is restored; 1 if not, and then nothing was changed."""
    try:
        config = settings.load(os.environ)
        print(f"{_restore(config, args.file)} keys, and the spool. Start the service.")
    except (*FAULTS, BackupError) as error:
        return failed(in_words(error))
    return 0


def _restore(config: Config, file: Path) -> int:
    about = backup.read(file)
    if about.schema != VERSION:
        raise BackupError(f"{file} was made by version {about.version}; install that one")
    held = lock.take(config.data_dir / "lock")
    try:
        with backup.unpacked(file, config.data_dir) as folder, store(config) as target:
            asyncio.run(connected(target, must_be_empty))
            rdbs = sorted((folder / "store").glob(backup.STORES))
            return sum(_loaded(folder, rdb.name, about.database, target) for rdb in rdbs)
    finally:
        os.close(held)


def _loaded(folder: Path, rdb: str, database: int, target: str) -> int:
    """Copies one server's part; returns how many keys."""
    with EmbeddedStore(folder, snapshot=rdb):
        return asyncio.run(_copy(f"{url(folder)}?db={database}", target))


async def _copy(source: str, target: str) -> int:
    return await connected(source, lambda one: connected(target, lambda other: copy(one, other)))
