"""What drawing the spread of 100,000 readers costs beside that of 1,000: one console, one run.

Baseline: reading every node and building the tree in memory, as a list of all readers would.
"""

import asyncio
import contextlib
import tempfile
import time
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from ads.web.console import tree
from proxy import parts as assembly
from proxy.run.store import EmbeddedStore, url
from tests.console.conftest import Browser, ThreadPool, running
from tests.console.test_spread import spread_over

ROUNDS = 15


async def main() -> None:
    assembly.CompilePool = ThreadPool  # type: ignore[assignment,misc]
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        store.start()
        try:
            redis = Redis.from_url(url(Path(folder)))
            async with running(redis, Path(folder)) as console:
                await _table(console)
            await redis.aclose()
        finally:
            store.stop()


async def _table(console) -> None:
    mei = await console.member()
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        browser = Browser(console, session)
        await browser.enter(mei)
        rows = {}
        for readers in (1_000, 100_000):
            reading = await spread_over(console, readers)
            share = reading.share.id
            page = await _fastest(lambda share=share: browser.get(f"/shares/{share}/spread"))
            counts = console.parts.stores.counts
            whole = await _fastest(lambda share=share, counts=counts: _everyone(counts, share), 3)
            rows[readers] = (page, whole)
        print(f"{'readers':>10}{'page, ms':>12}{'all nodes, ms':>16}")
        for readers, (page, whole) in rows.items():
            print(f"{readers:>10,}{page * 1000:>12.1f}{whole * 1000:>16.1f}")
        few, many = rows.values()
        print(f"{'ratio':>10}{many[0] / few[0]:>12.2f}{many[1] / few[1]:>16.2f}")


async def _everyone(counts, share: str) -> None:
    tree.children(await counts.nodes(share), "", 0)


async def _fastest(act, rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        begin = time.perf_counter()
        await act()
        took.append(time.perf_counter() - begin)
    return min(took)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
