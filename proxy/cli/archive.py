"""`passalong archive`: the record of ads as JSON lines, whether or not `serve` runs."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path

from proxy.cli.command import Opened, on_stores


def add_arguments(parser: ArgumentParser) -> None:
    """`[-o FILE]`."""
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """Writes the record; 1 if the store is away or the file cannot be written."""
    name = args.output
    file = Path(name).open("wb") if name else nullcontext(sys.stdout.buffer)  # noqa: ASYNC230, SIM115
    with file as out:
        async for some in opened.stores.register.every():
            out.write(some)
        out.flush()
    return ""
