"""What the spread of a million readers costs beside that of a thousand: one console, one run.

`python ops/bench.d/spread.py [--readers N …] [--shapes three star fan chains]`: trees in which each
reader forwards to three, six hops deep at most; a star; a star below one reader; chains of a
thousand hops. The API's answer with twenty branches, the console's page, its replay, the largest
branch opened in the list and shown alone, what finding out all branches takes when a reader came
since the last look at one, and, as baseline, reading every node. Figures are the
best of several, the sizes take turns.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp  # the checkout's own packages come first
from redis.asyncio import Redis

from ads import hops
from ads.clock import now_ms
from ads.reports import Reports
from ads.store.counts import Counts
from proxy import parts as assembly
from proxy.run.store import EmbeddedStore, url
from tests.console.conftest import Browser, ThreadPool, running
from tests.console.test_spread import spread_over, star, wide

ROUNDS = 15
CHAIN = 1000
ACTS = ("API", "page", "replay", "its list", "one alone", "anew")
"""What is timed: the largest branch opened in the list, and shown alone; what it takes to find
out all branches anew, which is done once after a reader came."""
BUILT = 100_000
"""Of so many readers at most all nodes are read, to stand beside."""


def fan(readers: int):
    """One had it from the sharer, and everyone from that one; a second one brought sixty."""
    first, second = (hops.prefix(1) + f"{n:010}" for n in range(2))
    yield first, ""
    yield second, ""
    for n in range(2, readers):
        yield hops.prefix(2) + f"{n:010}", second if n % (readers // 60) == 0 else first


def chains(readers: int):
    """Each reader forwards to one, a thousand times in a row."""
    for n in range(readers):
        depth = n % CHAIN + 1
        above = hops.prefix(depth - 1) + f"{n - 1:010}" if depth > 1 else ""
        yield hops.prefix(depth) + f"{n:010}", above


async def main(options: argparse.Namespace) -> None:
    assembly.CompilePool = ThreadPool  # type: ignore[assignment,misc]
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        store.start()
        try:
            redis = Redis.from_url(url(Path(folder)))
            await redis.config_set("appendonly", "no")
            async with running(redis, Path(folder)) as console:
                await _table(console, redis, options)
            await redis.aclose()
        finally:
            store.stop()


async def _table(console, redis, options: argparse.Namespace) -> None:
    mei = await console.member()
    jar = aiohttp.CookieJar(unsafe=True)
    known = {"three": wide, "star": star, "chains": chains, "fan": fan}
    asked = [(name, n) for name in options.shapes for n in options.readers]
    shapes = [(name, known[name], CHAIN if name == "chains" else n) for name, n in asked]
    shapes = list(dict.fromkeys(shapes))
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        browser = Browser(console, session)
        await browser.enter(mei)
        filled = []
        for name, shape, readers in shapes:
            before, began = await _used(redis), time.perf_counter()
            reading = await spread_over(console, readers, shape)
            took, now = time.perf_counter() - began, await _used(redis)
            size, cpu = ((now[0] - before[0]) / readers, (now[1] - before[1]) * 1e6 / readers)
            print(
                f"{name}, {readers:,}: filled in {took:.0f} s; "
                f"a reader {size:.0f} B of the store's memory, {cpu:.0f} us of its time",
                flush=True,
            )
            filled.append((name, readers, reading.share.id))
        await _measured(console, redis, browser, mei, filled)


async def _measured(console, redis, browser, mei, filled) -> None:
    stores, counts = console.parts.stores, console.parts.stores.counts
    reports = Reports(ads=stores.ads, bookings=stores.bookings, counts=counts, now=now_ms)
    best = {share: [9e9] * len(ACTS) for *_, share in filled}
    tops = {share: (await counts.tree(share, branches=1)).branches for *_, share in filled}
    for _ in range(ROUNDS):
        for *_, share in filled:
            page, top = f"/shares/{share}/spread", tops[share][0].hop if tops[share] else ""
            acts = (
                reports.spread(mei.id, share, branches=20),
                browser.get(page),
                browser.get(f"{page}/replay"),
                browser.get(f"{page}/below?hop={top}"),
                browser.get(f"{page}?root={top}"),
                Counts(redis).branches.subtree(share, top, 20),
            )
            for place, act in enumerate(acts):
                best[share][place] = min(best[share][place], await _timed(act))
    print(" " * 17 + "readers" + "".join(f"{name + ', ms':>15}{'x':>6}" for name in ACTS), end="")
    print("  all nodes, ms")
    base = best[filled[0][2]]
    for name, readers, share in filled:
        whole = (
            await _timed(_everyone(counts, share)) if readers <= BUILT and name != "star" else 0.0
        )
        told = zip(best[share], base, strict=True)
        row = "".join(f"{took * 1000:>15.1f}{took / first:>6.2f}" for took, first in told)
        print(f"{name:14}{readers:>10,}{row}{whole * 1000:>15.1f}", flush=True)


async def _everyone(counts, share: str) -> None:
    nodes = await counts.nodes(share)
    nodes.sort(key=lambda n: (-n.descendants, n.first_open, n.hop))


async def _used(redis: Redis) -> tuple[int, float]:
    """Bytes, and seconds of the store's own time."""
    await asyncio.sleep(0.3)
    told = await redis.info()
    return int(told["used_memory"]), float(told["used_cpu_user"])


async def _timed(act) -> float:
    begin = time.perf_counter()
    await act
    return time.perf_counter() - begin


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--shapes", nargs="+", default=["three", "star", "fan", "chains"])
    asyncio.run(main(parser.parse_args()))
