"""The memory that counts take in the store, in bytes of Valkey's own memory.

`ops/bench memory [--hops N] [--shares N] [--hours N …]` folds N hops into shares of equal size,
with opens over so many hours, then one more open a hop, then events of other kinds. Each figure is
the growth of used_memory, without the marks of folding; below is the part of each key (MEMORY
USAGE), for each hop.
"""

import argparse
import asyncio
import base64
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.store import connect, keys
from ads.store.counts import Counts, Item
from proxy.run.store import EmbeddedStore, url

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY
BOUNDS = {"a hop": 64, "an open with its views and reading": 24, "any other event": 12}
KINDS_OF_SHARE = 200
"""How many different trees there are, with their events; each is folded into several shares."""
AT_ONCE = 16
COUNTRIES = ("DE", "US", "FR", "CN", "BR", "IN", "GB", "")
SOURCES = ("wechat", "whatsapp", "telegram", "example.org", "")


class Reader(NamedTuple):
    """A hop, its parent, the time of its first open (ms), and its dimensions."""

    hop: str
    parent: str
    at: int
    country: str
    device: str
    source: str


def text(rng: random.Random) -> str:
    """Sixteen random digits of base64url."""
    return base64.urlsafe_b64encode(rng.randbytes(12)).decode()


def tree(rng: random.Random, size: int, hours: int) -> list[Reader]:
    """Readers whose parent is the sharer's link (three in ten) or any earlier reader."""
    times = sorted(BASE + rng.randrange(hours * HOUR) for _ in range(size))
    found: list[Reader] = []
    for at in times:
        parent = "" if not found or rng.random() < 0.3 else rng.choice(found).hop
        hop = hops.prefix(hops.depth(parent) + 1) + text(rng)[:10]
        about = rng.choice(COUNTRIES), rng.choice(("phone", "desktop")), rng.choice(SOURCES)
        found.append(Reader(hop, parent, at, *about))
    return found


def opened(rng: random.Random, reader: Reader, at: int) -> list[Receipt]:
    """An open with two views and a reading."""
    i, hop = text(rng), reader.hop
    ms = min(round(rng.lognormvariate(10, 1)), 3_600_000)
    slots = [
        Receipt(at + 1000 + rng.randrange(60_000), "", "ad", 1, "view", text(rng), i, hop, s=slot)
        for slot in ("top", "end")
    ]
    read = Receipt(at + ms, "", "ad", 1, "read", text(rng), i, hop, ms=ms, pct=rng.randrange(101))
    about = dict(zip(("country", "device", "source"), reader[3:], strict=True))
    return [
        Receipt(at, "", "ad", 1, "open", i, i, hop, reader.parent, **about),
        *slots,
        read,
    ]


def other(rng: random.Random, first: Receipt) -> Receipt:
    """A tap, share or close after an open."""
    kind = rng.choice(("tap", "share", "plain", "close"))
    slot = "end" if kind in ("tap", "close") else ""
    at = first.at + rng.randrange(60_000)
    return Receipt(at, "", "ad", 1, kind, text(rng), first.i, first.n, s=slot)


def items(receipts: Iterable[Receipt]) -> list[Item]:
    """Items in order of receipt."""
    ordered = sorted(receipts, key=lambda receipt: receipt.at)
    return [Item(n, r, "", "a" if r.k == "open" else "") for n, r in enumerate(ordered, 1)]


Make = Callable[[random.Random, Sequence[Reader]], list[Receipt]]


class Bench:
    """Shares of one size in an empty store."""

    def __init__(self, redis: Redis, shares: int, size: int, hours: int) -> None:
        self._redis = redis
        self._now = BASE + (hours + 2) * HOUR
        self._counts = Counts(redis, lambda: self._now)
        self._shares = [f"share{n:07}" for n in range(shares)]
        self._hops = shares * size
        self._size = size
        self._hours = hours

    async def run(self) -> dict[str, float]:
        """Bytes for each, by name."""
        # Load the library, and what only the very first share takes.
        first = Receipt(BASE, "", "ad", 1, "open", "warm", "warm", hops.prefix(1) + "w" * 10)
        await self._counts.fold("warm", {"warm": (0, [Item(1, first)])})
        stages: dict[str, Make] = {
            "hops": lambda rng, readers: self._opens(rng, readers, lambda r: r.at),
            "again": self._again,
            "others": self._others,
        }
        grown = [await self._grown(stage, make) for stage, make in stages.items()]
        hop, again, others = (each / self._hops for each in grown)
        return {
            "a hop": hop - again,
            "an open with its views and reading": again,
            "any other event": others,
        }

    def _opens(
        self, rng: random.Random, readers: Sequence[Reader], when: Callable[[Reader], int]
    ) -> list[Receipt]:
        return [receipt for reader in readers for receipt in opened(rng, reader, when(reader))]

    def _again(self, rng: random.Random, readers: Sequence[Reader]) -> list[Receipt]:
        end = BASE + self._hours * HOUR
        return self._opens(rng, readers, lambda r: rng.randrange(r.at, end))

    def _others(self, rng: random.Random, readers: Sequence[Reader]) -> list[Receipt]:
        same = random.Random(f"hops{readers[0].hop}")  # the same opens as in that stage
        opens = [r for r in self._opens(same, readers, lambda r: r.at) if r.k == "open"]
        return [other(rng, first) for first in opens]

    async def _grown(self, stage: str, make: Make) -> int:
        """Fold a stage; return the store's growth."""
        kinds = min(KINDS_OF_SHARE, len(self._shares))
        used = await self._used()
        for kind in range(kinds):
            told, shares = items(self._made(kind, stage, make)), self._shares[kind::kinds]
            for first in range(0, len(shares), AT_ONCE):
                await self._fold(stage, shares[first : first + AT_ONCE], told)
        return await self._used() - used

    async def _fold(self, stage: str, shares: Sequence[str], told: Sequence[Item]) -> None:
        await self._counts.fold(stage, dict.fromkeys(shares, (0, told)))
        pipeline = self._redis.pipeline(transaction=False)
        for share in shares:
            pipeline.hdel(keys.SHARE_HEAD.format(share=share), f"m{stage}")
        await pipeline.execute()

    def _made(self, kind: int, stage: str, make: Make) -> list[Receipt]:
        readers = tree(random.Random(kind), self._size, self._hours)
        return make(random.Random(f"{stage}{readers[0].hop}"), readers)

    async def _used(self) -> int:
        await self._redis.connection_pool.disconnect()  # frees its buffers
        await self._redis.ping()
        await asyncio.sleep(0.3)  # until the new connection is counted among clients
        told = await self._redis.info("memory")
        passing = ("mem_clients_normal", "mem_aof_buffer", "used_memory_scripts_eval")
        return int(told["used_memory"]) - sum(int(told[name]) for name in passing)

    async def parts(self) -> list[tuple[str, float]]:
        """Bytes a hop by the kind of key."""
        found: Counter[str] = Counter()
        names = [key async for key in self._redis.scan_iter(count=1000)]
        for first in range(0, len(names), 1000):
            some = names[first : first + 1000]
            pipeline = self._redis.pipeline(transaction=False)
            for key in some:
                pipeline.memory_usage(key, samples=0)
            for key, size in zip(some, await pipeline.execute(), strict=True):
                found[b":".join(key.split(b":")[1:2]).decode()] += size
        return [(kind, size / self._hops) for kind, size in found.most_common()]


async def table(url: str, options: argparse.Namespace, hours: int) -> None:
    """Run once and print the table."""
    redis = connect(url)
    bench = Bench(redis, options.shares, options.hops // options.shares, hours)
    await redis.config_set("appendonly", "no")  # its buffers are not part of this table
    await redis.config_set("slowlog-log-slower-than", -1)  # nor is the slow log
    before = (await redis.info("cpu"))["used_cpu_user"]
    found = await bench.run()
    spent = (await redis.info("cpu"))["used_cpu_user"] - before
    print(f"\n{options.hops} hops in {options.shares} shares, over {hours} h; bytes each")
    for name, size in found.items():
        print(f"  {name:36} {size:7.1f}   bound {BOUNDS[name]}")
    events = 9 * options.hops
    print(f"  {events} events; the store's own time {spent * 1e6 / events:.0f} us each")
    print("  by kind of key, a hop: ", end="")
    print(", ".join(f"{kind} {size:.1f}" for kind, size in await bench.parts()))
    await redis.aclose()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hops", type=int, default=1_000_000)
    parser.add_argument("--shares", type=int, default=10_000)
    parser.add_argument("--hours", type=int, nargs="+", default=[1, 24])
    options = parser.parse_args()
    if options.hops < options.shares:
        parser.error("fewer hops than shares")
    for hours in options.hours:
        with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder)):
            asyncio.run(table(url(Path(folder)), options, hours))


if __name__ == "__main__":
    main()
