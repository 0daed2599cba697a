"""A day of a hundred million exposures, at a fraction of its rate, beside the sum of its parts.

`ops/bench day [--seconds 20] [--part 2] [--edge-misses 0.02]`: readers who open, view and read
twice, a third of them after a forward, each event a call of its own, with the pages that an edge
would request, at a PART-th of the day's mean rate. First each part is measured alone, and the cost
of the day calculated from that; then the mixture runs, and everything is counted.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rig import cores, load, requests
from rig.house import House, house

from ads.store import connect
from proxy.run.store import url
from tests.client import Json, until
from tests.pages import ARTICLE

EXPOSURES = 100_000_000
CALLS = 4
"""Of an exposure: an open, a view, two readings."""
PEAK = 4
"""A day's busiest minutes over its mean."""
SHARES = 20
FORWARDED = 0.3
WARM = 4_000
BYTES = 64 + 24
"""The most for a hop, and for its open with a view and a reading (see `ops/bench memory`)."""
NEARLY = 0.99
"""The load starts anywhere among its requests, so some events come twice or not at all."""
DAY_SECONDS = 86_400


def exposures(tickets: list[str], rng: random.Random) -> Iterator[list[Json]]:
    """Each reader's four events."""
    before: dict[str, list[tuple[str, int]]] = {ticket: [] for ticket in tickets}
    while True:
        ticket = rng.choice(tickets)
        known = before[ticket]
        parent, depth = rng.choice(known) if known and rng.random() < FORWARDED else ("", 0)
        hop, opened = requests.hop(depth + 1), requests.event_id()
        known.append((hop, min(depth + 1, 60)))
        event = {"v": 1, "t": ticket, "i": opened, "o": opened, "n": hop, "p": parent, "k": "open"}
        read = {"k": "read", "ms": rng.randrange(60_000), "pct": rng.randrange(101)}
        yield [
            event,
            event | {"i": requests.event_id(), "k": "view", "s": "top"},
            event | {"i": requests.event_id()} | read,
            event | {"i": requests.event_id()} | read | {"ms": 61_000},
        ]


def mixture(home: House, tickets: list[str], number: int, misses: float) -> list[bytes]:
    """About `number` requests, in the order in which readers send them."""
    rng = random.Random(4)
    found: list[bytes] = []
    readers = exposures(tickets, rng)
    while len(found) < number:
        if rng.random() < misses:
            found += requests.gets(home.host, [rng.choice(home.paths)], "gzip")
        found += requests.posts(home.host, next(readers))
    return found


class Meter:
    """CPU of workers and store, and the store's memory, between two readings."""

    def __init__(self, home: House) -> None:
        self._home = home
        self._store = cores.named(home.pids, "valkey")

    async def look(self) -> tuple[float, float, int]:
        """CPU seconds of the service without its store, and of the store; the store's bytes."""
        redis = connect(url(self._home.service.data_dir))
        used = int((await redis.info("memory"))["used_memory"])
        await redis.aclose()
        store = cores.cpu_seconds(self._store)
        return cores.cpu_seconds(self._home.pids) - store, store, used


async def received(home: House) -> int:
    """The number of events in the ledgers of all ads."""
    ads = sorted({share["ad"] for share in home.shares})
    return sum([(await home.client.ledger(ad))["received"] for ad in ads])


async def run(asked: argparse.Namespace) -> None:
    """Measure the parts, then the mixture; print the table."""
    article = ARTICLE.encode() if isinstance(ARTICLE, str) else ARTICLE
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder) / "data", article, shares=SHARES) as home:
            tickets = [(await home.client.facts(share))["ticket"] for share in home.shares]
            port, pids = home.service.port, home.pids
            rate = EXPOSURES * CALLS / DAY_SECONDS / asked.part
            page = load.drive(port, requests.gets(home.host, home.paths, "gzip"), pids, best_of=1)
            warm = requests.beacons(home.host, tickets, WARM)
            beacon = load.drive(port, warm, pids, best_of=1, a_second=rate)
            meter, before = Meter(home), await received(home)
            number = round(1.1 * rate * asked.seconds)
            mixed = mixture(home, tickets, number, asked.edge_misses)
            first = await meter.look()
            seen = load.drive(port, mixed, pids, seconds=asked.seconds, best_of=1, a_second=rate)
            calls = round(seen.a_second * asked.seconds)

            events = calls * CALLS / (CALLS + asked.edge_misses)

            async def folded() -> bool:
                return await received(home) - before >= NEARLY * events

            await until(folded, "events counted")
            last = await meter.look()
            used = [after - was for was, after in zip(first, last, strict=True)]
            print_table(asked, page, beacon, calls, used)


def print_table(
    asked: argparse.Namespace, page: load.Rate, beacon: load.Rate, calls: int, used: list[float]
) -> None:
    """Print what was calculated from the parts beside what the mixture took."""
    service, store, grown = used
    exposed = calls / (CALLS + asked.edge_misses)
    summed = CALLS * beacon.cpu_us + asked.edge_misses * page.cpu_us
    mixed = (service + store) / exposed * 1e6
    a_second = EXPOSURES / DAY_SECONDS
    print(f"{calls} calls, {exposed:.0f} exposures at 1/{asked.part:g} of the day's mean rate")
    line("", "by its parts", "as mixed")
    line("CPU of an exposure, us", f"{summed:.0f}", f"{mixed:.0f}")
    for name, times in (("mean", 1), (f"peak of {PEAK} times the mean", PEAK)):
        cores_ = [f"{each * a_second * times / 1e6:.2f}" for each in (summed, mixed)]
        line(f"cores at the {name}", *cores_)
    line("of these the store's, at the peak", "", f"{store / exposed * a_second * PEAK:.2f}")
    line("store, bytes an exposure", str(BYTES), f"{grown / exposed:.0f}")
    line("store, GB a day", *(f"{b * EXPOSURES / 1e9:.1f}" for b in (BYTES, grown / exposed)))


def line(*cells: str) -> None:
    """Print a row of the table."""
    print(f"{cells[0]:34}{cells[1]:>14}{cells[2]:>12}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--part", type=float, default=2.0)
    parser.add_argument("--edge-misses", type=float, default=0.02, help="pages an exposure")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
