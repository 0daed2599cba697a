"""The cost of the spread of a hundred thousand readers beside that of a thousand, in one run.

`ops/bench spread [--readers N …] [--shapes cascade three star fan chains]`: a cascade in which
readers with many children get more; trees in which each reader forwards to three, six hops deep at
most; a star; a star below one reader; chains of a thousand hops. Each size is compared with the
first one of its shape; figures are the best of several, with the sizes in turn.

Columns: the API's answer with twenty branches; the console's page; its replay; a list of fifty
children of one hop, with the number of rows drawn (three rows say nothing about fifty; in a fan
sixty are among all others at one depth); the largest branch alone; again, right after another
reader came to it; and by a fresh worker after its map was shown, which prepares branches; the
store's time for a first query that nothing has prepared, which reads all forwarders; and as
baseline, reading every node. Ids are spread as those made by browsers.
"""

import argparse
import asyncio
import base64
import hashlib
import random
import re
import tempfile
import time
from contextlib import aclosing
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from ads.clock import now_ms
from ads.events import hops
from ads.events.receipt import Receipt
from ads.reports import Reports
from ads.store.counts import Counts, Item, tree
from proxy.run.store import EmbeddedStore, url
from tests.console.conftest import Browser, running
from tests.console.test_spread import spread_over, star, wide

ROUNDS = 15
CHAIN = 1000
ACTS = ("API", "page", "replay", "list", "alone", "alone, live", "after the map", "first look")
LIST = ACTS.index("list")
WIDTH = 17
BUILT = 100_000
"""Up to so many readers all nodes are read, as a baseline."""


def cascade(readers: int):
    """A fifth came from the sharer, the others from any reader, or from any reader's parent.

    Some sixty more came from the first reader, so that each size has a list of fifty to open.
    """
    rng, known = random.Random(readers), []
    for n in range(readers):
        above = known[0][0] if n and n % (readers // 60) == 0 else ""
        if known and not above and rng.random() > 0.2:
            above = rng.choice(known)[rng.randrange(2)]
        known.append((hops.prefix(hops.depth(above) + 1) + f"{n:010}", above))
        yield known[-1]


def fan(readers: int):
    """One reader has the link from the sharer, all others from that one; a second has sixty."""
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


def at_random(shape):
    """The same tree with random ids."""

    def named(hop: str) -> str:
        made = hashlib.blake2b(hop.encode(), digest_size=9).digest()
        return hop and hop[:2] + base64.urlsafe_b64encode(made).decode()[:10]

    return lambda readers: ((named(hop), named(above)) for hop, above in shape(readers))


async def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder)):
        async with aclosing(Redis.from_url(url(Path(folder)))) as redis:
            await redis.config_set("appendonly", "no")
            async with running(redis, Path(folder)) as console:
                await _table(console, redis, options)


async def _table(console, redis, options: argparse.Namespace) -> None:
    mei = await console.member()
    jar = aiohttp.CookieJar(unsafe=True)
    known = {"cascade": cascade, "three": wide, "star": star, "fan": fan, "chains": chains}
    shapes = [(name, at_random(known[name]), n) for name in options.shapes for n in options.readers]
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
    rows = {}
    tops = {share: await _tops(counts, share) for *_, share in filled}
    for number in range(ROUNDS):
        for *_, share in filled:
            page, (top, hub) = f"/shares/{share}/spread", tops[share]
            listed = f"{page}/below?hop={hub}"
            rows[share] = (await browser.get(listed))[1].count("<li>")
            acts = (
                reports.spread(mei.id, share, branches=20),
                browser.get(page),
                browser.get(f"{page}/replay"),
                browser.get(listed),
                browser.get(f"{page}?root={top}"),
                browser.get(f"{page}?root={top}"),
                browser.get(f"{page}?root={top}"),
                Counts(redis).branches.subtree(share, top, 20),
            )
            for place, act in enumerate(acts):
                if ACTS[place] == "alone, live":
                    await _another(counts, share, top, number)
                elif ACTS[place] == "after the map":
                    await _looked_at(counts, browser, page)
                best[share][place] = min(best[share][place], await _timed(act))
    heads = [f"{name + ', ms':>{WIDTH}}{'x':>6}" for name in ACTS]
    heads[LIST] += "  rows"
    print(" " * 17 + "readers" + "".join(heads) + "  all nodes, ms")
    first = {name: best[share] for name, _, share in reversed(filled)}
    for name, readers, share in filled:
        whole = (
            await _timed(_everyone(counts, share)) if readers <= BUILT and name != "star" else 0.0
        )
        told = zip(best[share], first[name], strict=True)
        cells = [f"{took * 1000:>{WIDTH}.1f}{took / least:>6.2f}" for took, least in told]
        cells[LIST] += f"{rows[share]:>6}"
        print(f"{name:14}{readers:>10,}{''.join(cells)}{whole * 1000:>15.1f}", flush=True)


async def _tops(counts, share: str) -> tuple[str, str]:
    """The first hop of the largest branch, and a hop with fifty children and few more."""
    tree = await counts.tree(share, branches=1, forwarders=100)
    hub = min(tree.forwarders, key=lambda n: (n.children < 50, abs(n.children - 50)), default=None)
    return tree.branches[0].hop if tree.branches else "", hub.hop if hub else ""


async def _looked_at(counts, browser, page: str) -> None:
    """Show a share's map, and make its requests, at a worker with empty caches."""
    counts.branches._outlines._kept.pop(page.split("/")[2], None)  # noqa: SLF001
    for asked in re.findall(r'data-ahead="([^"]+)"', (await browser.get(page))[1]):
        await browser.get(asked)


async def _another(counts, share: str, top: str, number: int) -> None:
    """Add a reader below the first hop of a branch."""
    if top:
        hop = hops.prefix(hops.depth(top) + 1) + f"live{number:06}"
        told = Receipt(
            now_ms(), share, "ad", 1, "open", f"live-{number:011}", f"live-{number:011}", hop, top
        )
        await counts.fold("live", {share: (number, [Item(number + 1, told)])})


async def _everyone(counts, share: str) -> None:
    nodes = await tree.every_node(counts._redis, share)  # noqa: SLF001
    nodes.sort(key=lambda n: (-n.descendants, n.first_open, n.hop))


async def _used(redis: Redis) -> tuple[int, float]:
    """The store's bytes, and seconds of its CPU time."""
    await asyncio.sleep(0.3)
    told = await redis.info()
    return int(told["used_memory"]), float(told["used_cpu_user"])


async def _timed(act) -> float:
    begin = time.perf_counter()
    await act
    return time.perf_counter() - begin


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument(
        "--shapes", nargs="+", default=["cascade", "three", "star", "fan", "chains"]
    )
    asyncio.run(main(parser.parse_args()))
