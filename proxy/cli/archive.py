"""`passalong archive`: the record of ads as JSON lines, whether or not `serve` runs."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ads.store import connect
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.register import Register
from proxy.cli.told import told


def add_arguments(parser: ArgumentParser) -> None:
    """`[-o FILE]`."""
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def run(args: Namespace) -> int:
    """0 when it was written; 1 if the store is away or the file cannot be written."""
    return told(lambda where, config: _write(where, config.ads.ad_archive_days, args.output))


async def _write(where: str, days: int, output: str | None) -> str:
    redis = connect(where)
    out = Path(output).open("wb") if output else sys.stdout.buffer  # noqa: ASYNC230, SIM115
    try:
        async for some in Register(redis, Bookings(redis, Changes(redis)), days).every():
            out.write(some)
        out.flush()
    finally:
        await redis.aclose()
        if output:
            out.close()
    return ""
