"""Readers while others publish: the delay of a cached page while the whole corpus compiles.

`ops/bench beside [--seconds N] [--rate N] [--workers N]` requests one cached page `rate` times a
second: first on the idle service, then while every page of ../shared/corpus is previewed one after
another, then on the idle service again. It prints p50 and p99 of each, and the second p99 divided
by the mean of the others. Readers are a process of their own; the publisher's site and the client
that publishes run in the idle scheduling class, as they stand for other machines.
"""

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Sequence
from contextlib import suppress
from multiprocessing.pool import Pool
from pathlib import Path
from statistics import quantiles

import pages
from aiohttp import web

from tests.client import Client, advertiser, serving
from tests.pages import ARTICLE
from tests.service import Service


def asked(url: str, rate: int, seconds: float) -> list[float]:
    """Milliseconds of each request, at `rate` a second, one after another."""
    took = []
    begin = time.perf_counter()
    for number in range(int(rate * seconds)):
        with suppress(ValueError):
            time.sleep(begin + number / rate - time.perf_counter())
        start = time.perf_counter()
        with urllib.request.urlopen(url, timeout=30) as answer:
            answer.read()
        took.append((time.perf_counter() - start) * 1000)
    return took


async def publish_all(
    client: Client, origin: str, ad: str, names: Iterable[str], done: asyncio.Event
) -> int:
    """Preview all pages of the corpus in a loop until `done`; return how many succeeded."""
    made = 0
    while not done.is_set():
        for name in names:
            if done.is_set():
                break
            body = {"url": f"{origin}/{name}-{made}", "ad": ad}
            with suppress(AssertionError):  # some are not articles
                await client.call("POST", "/preview", body, 201)
            made += 1
    return made


def told(name: str, took: Sequence[float]) -> float:
    """Print a line; return the p99."""
    cuts = quantiles(took, n=100)
    print(f"{name:36} {len(took):6} requests  p50 {cuts[49]:6.2f} ms  p99 {cuts[98]:6.2f} ms")
    return cuts[98]


async def measured(service: Service, crowd: Pool, options: argparse.Namespace) -> float:
    """Print the table; return the ratio."""
    bodies = {sample.name: sample.body for sample in pages.samples()}

    async def answer(request: web.Request) -> web.Response:
        body = bodies.get(request.path[1:].rpartition("-")[0], ARTICLE.encode())
        return web.Response(body=body, content_type="text/html")

    async def readers(seconds: float) -> list[float]:
        return await asyncio.to_thread(crowd.apply, asked, (url, options.rate, seconds))

    async with advertiser(service) as client, serving(answer) as origin:
        ad = (await client.ad())["id"]
        url = (await client.share(f"{origin}/tea", ad))["url"]
        await readers(1)
        before = told("alone", await readers(options.seconds))
        done = asyncio.Event()
        publishing = asyncio.create_task(publish_all(client, origin, ad, bodies, done))
        beside = told("while the corpus compiles", await readers(options.seconds))
        done.set()
        made = await publishing
        after = told("alone again", await readers(options.seconds))
    ratio = 2 * beside / (before + after)
    print(f"{made} pages compiled; p99 {ratio:.2f} times that of the idle service (at most 2)")
    return ratio


def main() -> int:
    """Print the table; return 1 if readers wait more than twice as long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(
            Path(folder), workers=options.workers, fetch_allow_nets="127.0.0.0/8", limits="off"
        ).start()
        try:
            with multiprocessing.get_context("spawn").Pool(1) as crowd:
                os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
                return int(asyncio.run(measured(service, crowd, options)) > 2)
        finally:
            service.stop()


if __name__ == "__main__":
    sys.exit(main())
