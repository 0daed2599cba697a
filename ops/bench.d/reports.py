"""Reports beside a bare read of the same keys, as the counts grow.

`ops/bench reports [--exposures N …] [--shares N] [--by BY …]`: an ad on so many
shares, with exposures (an open, a view, a reading each) spread evenly over the last thirty days,
and closed hours rolled up as workers do it. Figures are the best of several, in ms; ratios are
within the run, of time and of CPU (ours and the store's, without other load on the machine). Fifty
shares are folded; each is copied to twenty, which have the same readers.
"""

import argparse
import asyncio
import base64
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from redis.asyncio import Redis

from ads.booking import Booking
from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.reports import Reports, report
from ads.reports.report import BY, Page
from ads.store import connect, keys
from ads.store.counts import Counts, Item, due
from proxy.run.store import EmbeddedStore, url

NOW = 1_790_000_000_000 - 1_790_000_000_000 % DAY + 15 * HOUR
START = NOW - NOW % DAY - 29 * DAY
TIMES = 7
KINDS = 50
COPIED = (keys.SHARE_HEAD, keys.SHARE_NAMES, keys.SHARE_BODY)
"""Head, names, figures: all keys of a share with events that reports read."""


class Owned:
    """Replaces the stores of ads and bookings: the caller owns everything, since the start."""

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
    """Opens, each with a view and a reading, in order of receipt."""
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


class Took(NamedTuple):
    """Time of one run, and its CPU in this process and the store; ms."""

    time: float
    cpu: float

    def least(self, other: "Took") -> "Took":
        """The smaller of each value."""
        return Took(min(self.time, other.time), min(self.cpu, other.cpu))


async def timed(redis: Redis, work: Callable[[], Awaitable[Any]]) -> Took:
    """Time one run of `work`."""
    before, start, cpu = await store_cpu(redis), time.perf_counter(), time.process_time()
    await work()
    took, mine = time.perf_counter() - start, time.process_time() - cpu
    return Took(took * 1000, (mine + await store_cpu(redis) - before) * 1000)


async def store_cpu(redis: Redis) -> float:
    """CPU seconds that the store has used."""
    told = await redis.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


class Watched:
    """A client that records which fields of which keys were read, for a bare read of the same."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def commands(self, work: Callable[[], Awaitable[Any]]) -> list[list[str]]:
        """All reading commands that the store got during `work`."""
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
        """Send these commands in one pipeline and drop the answers."""
        pipeline = self._redis.pipeline(transaction=False)
        for words in commands:
            pipeline.execute_command(*words)
        await pipeline.execute()


def made(redis: Redis, now: Callable[[], int] = lambda: NOW) -> tuple[Counts, Reports]:
    """What is measured."""
    counts = Counts(redis, now)
    owned: Any = Owned()
    return counts, Reports(ads=owned, bookings=owned, counts=counts, now=now)


async def fill(redis: Redis, counts: Counts, shares: int, count: int) -> int:
    """Give the ad's shares `count` exposures; returns how many were folded.

    A share's counts do not depend on other shares: KINDS of them are folded, and their keys copied
    (COPY) to the others, which have the same readers.
    """
    names = [f"share{n:05}" for n in range(shares)]
    kinds = min(KINDS, shares)
    await counts.index(("ad", name) for name in names)
    folded = 0
    for kind, name in enumerate(names[:kinds]):
        told = exposures(random.Random(name), count // shares)
        folded += count // shares
        await counts.fold("segment", {name: (0, told)})
        pipeline = redis.pipeline(transaction=False)
        for other in names[kinds + kind :: kinds]:
            for key in COPIED:
                pipeline.copy(key.format(share=name), key.format(share=other))
        await pipeline.execute()
    return folded


async def rolled(counts: Counts) -> str:
    """Roll up everything that is due, as a worker does; returns the longest wait of others."""
    longest, clock = 0.0, time.perf_counter

    async def others() -> None:
        nonlocal longest
        while True:
            began = clock()
            await asyncio.sleep(0)
            longest = max(longest, clock() - began)

    watching = asyncio.create_task(others())
    began, days = clock(), 0
    while await counts.roll_up():
        days += 1
    watching.cancel()
    took = clock() - began
    return f"{days} days rolled up in {took:.1f} s, others waited {longest * 1000:.0f} ms at most"


class Filled:
    """A store with exposures in an ad's shares, and roll-ups of all closed hours."""

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.count = count
        self._store = EmbeddedStore(folder)
        self._store.start()
        self.redis = connect(url(folder))
        self._now = NOW

    async def fill(self, shares: int) -> None:
        """Fill the empty store."""
        await self.redis.config_set("appendonly", "no")
        began = time.perf_counter()
        counts, _ = made(self.redis, lambda: self._now)
        folded = await fill(self.redis, counts, shares, self.count)
        took = time.perf_counter() - began
        print(f"  {self.count} exposures, {folded} folded and copied, in {took:.0f} s")
        await due.note(self.redis, (("ad", at) for at in range(START, NOW, DAY)), self._now)
        self._now += 10_000  # late changes are gathered for some seconds
        print(f"  {self.count}: {await rolled(counts)}", flush=True)

    async def report(self, by: str) -> report.Report:
        """A report of the last thirty days."""
        _, reports = made(self.redis)
        span = START, NOW - NOW % HOUR + HOUR
        return await reports.report("mei", ("ad", "ad"), *span, by, page=Page(100))

    async def close(self) -> None:
        """Close the client and end the store's process."""
        await self.redis.aclose()
        self._store.stop()


async def table(stores: list[Filled], broken_down: Sequence[str]) -> None:
    """Print a line for each break-down and size; sizes take turns, as the machine's load varies."""
    print(f"{'report':>37}{'bare':>15}{'to bare':>20}{'to the fewest':>16}")
    names = "first   time    cpu    time    cpu commands  time   cpu    time   cpu"
    print(f"   exposures by        {names}")
    for by in broken_down:
        first = [await timed(each.redis, partial(each.report, by)) for each in stores]
        watched = [await Watched(each.redis).commands(partial(each.report, by)) for each in stores]
        best = [[Took(9e9, 9e9)] * 2 for _ in stores]
        for _ in range(TIMES):
            for each, commands, kept in zip(stores, watched, best, strict=True):
                works = partial(each.report, by), partial(Watched(each.redis).bare, commands)
                for place, work in enumerate(works):
                    kept[place] = kept[place].least(await timed(each.redis, work))
        for each, began, commands, (took, bare) in zip(stores, first, watched, best, strict=True):
            opens = (await each.report(by)).totals.opens
            assert opens == each.count, (opens, each.count)
            fewest = best[0][0]
            print(
                f"  {each.count:>10} {by:8} {began.time:8.0f} {took.time:6.0f} {took.cpu:6.0f}"
                f"  {bare.time:6.0f} {bare.cpu:6.0f} {len(commands):8}"
                f" {took.time / bare.time:5.2f} {took.cpu / bare.cpu:5.2f}"
                f"   {took.time / fewest.time:5.2f} {took.cpu / fewest.cpu:5.2f}",
                flush=True,
            )


async def run(options: argparse.Namespace, folder: Path) -> None:
    """Fill a store for each size, then measure them in turn."""
    print(f"\nthirty days of an ad with {options.shares} shares; ms", flush=True)
    stores = [Filled(folder / str(count), count) for count in options.exposures]
    try:
        for each in stores:
            await each.fill(options.shares)
        await table(stores, options.by)
    finally:
        for each in stores:
            await each.close()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--exposures", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000]
    )
    parser.add_argument("--shares", type=int, default=1000)
    parser.add_argument("--by", nargs="+", default=["none", *BY[1:]])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(options, Path(folder)))


if __name__ == "__main__":
    main()
