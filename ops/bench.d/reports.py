"""Reports and spreads beside a bare read of the keys they are made of, as the counts grow.

`python ops/bench.d/reports.py [--exposures N …] [--shares N] [--hops N …]`: an ad on so many
shares, exposures (an open, a view, a reading each) even over thirty days up to now. A report is
timed once its closed days are rolled up, and the very first one, which rolls them up. Then the
spread of one share. Figures are the best of several, in ms; ratios are within the run.
"""

import argparse
import asyncio
import base64
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from redis.asyncio import Redis  # noqa: E402  # the checkout's own packages come first

from ads import hops, report  # noqa: E402
from ads.booking import Booking  # noqa: E402
from ads.clock import DAY, HOUR  # noqa: E402
from ads.receipt import Receipt  # noqa: E402
from ads.report import Page  # noqa: E402
from ads.reports import Reports  # noqa: E402
from ads.store import connect  # noqa: E402
from ads.store.counts import Counts, Item  # noqa: E402
from proxy.run.store import EmbeddedStore, url  # noqa: E402

NOW = 1_790_000_000_000 - 1_790_000_000_000 % DAY + 15 * HOUR
START = NOW - NOW % DAY - 29 * DAY
TIMES = 7


class Owned:
    """Stands for the stores of ads and bookings: all is the caller's own, since the start."""

    created_at = START

    async def owned(self, _owner: str, _ad: str) -> "Owned":
        """The ad."""
        return self

    async def get(self, share: str) -> Booking:
        """The booking."""
        return Booking(share, "mei", "ad", share[-1], created_at=START)

    async def many(self, shares: Sequence[str]) -> list[Booking]:
        """The bookings."""
        return [await self.get(share) for share in shares]


def text(rng: random.Random, size: int = 12) -> str:
    """Random digits of base64url."""
    return base64.urlsafe_b64encode(rng.randbytes(size)).decode()


def exposures(rng: random.Random, count: int) -> list[Item]:
    """Opens with a view and a reading, in order of receipt."""
    found: list[Receipt] = []
    for _ in range(count):
        at, i, hop = rng.randrange(START, NOW), text(rng), hops.prefix(rng.choice((1, 1, 2)))
        hop, ms = hop + text(rng)[:10], min(round(rng.lognormvariate(10, 1)), 3_600_000)
        parent = hops.prefix(1) + text(rng)[:10] if hop[1] == "C" else ""
        about = {
            "country": rng.choice(("DE", "US", "CN")),
            "device": rng.choice(("phone", "desktop")),
        }
        found += [
            Receipt(at, "", "ad", 1, "open", i, i, hop, parent, **about, source=rng.choice("abc")),
            Receipt(min(at + 9, NOW - 1), "", "ad", 1, "view", text(rng), i, hop, s="top"),
            Receipt(
                min(at + ms, NOW - 1), "", "ad", 1, "read", text(rng), i, hop, ms=ms, pct=ms % 101
            ),
        ]
    found.sort(key=lambda receipt: receipt.at)
    return [Item(n, r, variant="a" if r.k == "open" else "") for n, r in enumerate(found, 1)]


async def timed(work: Callable[[], Awaitable[Any]], times: int = TIMES) -> float:
    """The shortest of several runs, ms."""
    best = 9e9
    for _ in range(times):
        start = time.perf_counter()
        await work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


class Watched:
    """A client that notes which fields of which keys were read, to read them barely again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def commands(self, work: Callable[[], Awaitable[Any]]) -> list[list[str]]:
        """Every reading command that the store got while the work was done."""
        found: list[list[str]] = []
        async with self._redis.monitor() as monitor:
            await work()
            await self._redis.echo("the end")
            while True:
                told = await monitor.next_command()
                words = told["command"].split(" ")
                if words[0] == "ECHO":
                    return found
                if words[0] in ("HGETALL", "HGET", "HMGET", "SMEMBERS", "GET", "ZCOUNT"):
                    found.append(words)

    async def bare(self, commands: list[list[str]]) -> None:
        """The same commands in one pipeline, their answers thrown away."""
        pipeline = self._redis.pipeline(transaction=False)
        for words in commands:
            pipeline.execute_command(*words)
        await pipeline.execute()


def made(redis: Redis) -> tuple[Counts, Reports]:
    """What is measured."""
    counts = Counts(redis, lambda: NOW)
    owned: Any = Owned()
    return counts, Reports(ads=owned, bookings=owned, counts=counts, now=lambda: NOW)


async def fill(counts: Counts, shares: int, count: int) -> None:
    """Fold so many exposures into the shares of the ad."""
    names = [f"share{n:05}" for n in range(shares)]
    await counts.index(("ad", name) for name in names)
    for nth, name in enumerate(names):
        some = count // shares + (nth < count % shares)
        await counts.fold("segment", {name: (0, exposures(random.Random(name), some))})


async def table_of_reports(redis: Redis, shares: int, count: int, base: dict[str, float]) -> None:
    """A line for each break-down."""
    counts, reports = made(redis)
    await fill(counts, shares, count)
    for by in ("none", "day", "depth", "share", "country"):

        async def asked(by: str = by) -> report.Report:
            return await reports.report(
                "mei", ("ad", "ad"), START, NOW - NOW % HOUR + HOUR, by, page=Page(100)
            )

        first = await timed(asked, 1)
        commands = await Watched(redis).commands(asked)
        took, bare = await timed(asked), await timed(lambda c=commands: Watched(redis).bare(c))
        base.setdefault(by, took)
        print(
            f"  {count:>10} {by:8} {first:9.0f} {took:9.1f} {bare:9.1f} {len(commands):9}"
            f" {took / bare:9.2f} {took / base[by]:9.2f}",
            flush=True,
        )


async def table_of_spreads(redis: Redis, size: int, base: list[float]) -> None:
    """A line for a share of so many hops."""
    counts, reports = made(redis)
    rng, found, items = random.Random(size), [""], []
    for n in range(size):
        parent = rng.choice(found) if rng.random() < 0.7 else ""
        found.append(hops.prefix(hops.depth(parent) + 1) + text(rng)[:10])
        i, at = text(rng), START + n * (NOW - START) // size
        items.append(
            Item(n + 1, Receipt(at, "", "ad", 1, "open", i, i, found[-1], parent), variant="a")
        )
    started = time.perf_counter()
    await counts.fold("segment", {f"tree{size}": (0, items)})
    rate = size / (time.perf_counter() - started)
    took = await timed(lambda: reports.spread("mei", f"tree{size}"), 20)
    with_branches = await timed(lambda: reports.spread("mei", f"tree{size}", branches=20), 20)
    base.append(took)
    print(
        f"  {size:>10} {rate:12.0f} {took:9.2f} {with_branches:9.2f} {took / base[0]:9.2f}",
        flush=True,
    )


async def run(
    address: str, options: argparse.Namespace, base: dict[str, float], count: int
) -> None:
    """One store, one size."""
    redis = connect(address)
    if count:
        await table_of_reports(redis, options.shares, count, base)
    else:
        bases: list[float] = []
        for size in options.hops:
            await table_of_spreads(redis, size, bases)
    await redis.aclose()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--exposures", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000]
    )
    parser.add_argument("--shares", type=int, default=1000)
    parser.add_argument("--hops", type=int, nargs="*", default=[1000, 10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    base: dict[str, float] = {}
    print(f"\nthirty days of an ad with {options.shares} shares; ms")
    print("   exposures by       first ms    report      bare  commands  ratio  to the fewest")
    for count in [*options.exposures, 0]:
        if not count:
            print(
                "\nthe spread of one share; ms\n"
                "        hops  folded a s    spread  branches  to the fewest"
            )
        with tempfile.TemporaryDirectory() as folder:
            store = EmbeddedStore(Path(folder))
            store.start()
            try:
                asyncio.run(run(url(store.data_dir), options, base, count))
            finally:
                store.stop()


if __name__ == "__main__":
    main()
