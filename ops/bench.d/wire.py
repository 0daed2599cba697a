"""The fast path compared with stock aiohttp, and the memory of idle connections.

`ops/bench wire [--streams N] [--seed FIRST] [--idle N]` sends N streams of requests, drawn from
seeds and split the same way, to both sides, and counts those that are answered differently. Then it
opens N idle connections to the service and measures the worker's memory. Exits with 1 on any
difference.
"""

import argparse
import asyncio
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path

from rig import cores

from ads.store import connect
from proxy.run.store import EmbeddedStore, url
from tests.proxy.wire.streams import differences
from tests.proxy.wire.twin import twin
from tests.service import Service

AT_A_TIME = 5_000
SHOWN = 5


async def streams(number: int, first: int) -> int:
    """The number of streams that are answered differently; prints some of them."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder)):
        seeds = iter(range(first, first + number))
        return await _streams(url(Path(folder)), Path(folder) / "data", seeds)


async def _streams(where: str, folder: Path, seeds: Iterator[int]) -> int:
    wrong = done = 0
    start = time.monotonic()
    redis = connect(where)
    async with twin(redis, folder) as pair:
        while some := list(islice(seeds, AT_A_TIME)):
            found = await differences(pair, some)
            wrong, done = wrong + len(found), done + len(some)
            took = time.monotonic() - start
            print(f"{done:>8} streams, {wrong} answered differently, {took:.0f} s")
            print("\n".join(found[:SHOWN]), end="", flush=True)
        tally = pair.parts.tally
        fast = tally["passalong_pages", "memory"] + tally["passalong_pages", "rendered"]
        print(f"pages answered {fast:,}, beacons kept {tally['passalong_beacons', '204']:,}")
    await redis.aclose()
    return wrong


async def idle(number: int) -> None:
    """Print the memory that a worker takes for each idle connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * number), hard))
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder), workers=1)
        service.start()
        assert service.process
        try:
            workers = cores.tree(service.process.pid)
            before = cores.resident_bytes(workers)
            async with AsyncExitStack() as stack:
                for _ in range(number):
                    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
                    stack.callback(writer.close)
                grown = cores.resident_bytes(workers) - before
                service.wait_ready()
                print(
                    f"{number:,} idle connections: {grown / 1e6:.0f} MB, "
                    f"{grown / number / 1e3:.1f} KB each; the service answers"
                )
        finally:
            service.stop()
            service.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1_000_000)
    parser.add_argument("--idle", type=int, default=10_000)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # bad requests by the thousand
    wrong = asyncio.run(streams(options.streams, options.seed))
    asyncio.run(idle(options.idle))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
