"""`passalong archive`: the record of ads as JSON lines, whether or not `serve` runs."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path

from ads.store.register import Register
from proxy.cli.command import with_stores


def add_arguments(parser: ArgumentParser) -> None:
    """`[-o FILE]`."""
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def run(args: Namespace) -> int:
    """0 when it was written; 1 if the store is away or the file cannot be written."""
    return with_stores(lambda stores, _: _write(stores.register, args.output))


async def _write(register: Register, output: str | None) -> str:
    file = Path(output).open("wb") if output else nullcontext(sys.stdout.buffer)  # noqa: ASYNC230, SIM115
    with file as out:
        async for some in register.every():
            out.write(some)
        out.flush()
    return ""
