"""The service beside nginx and stock aiohttp, on the same core in turn, in one run: ratios.

`ops/bench speed [ROWS …] [--write]` prints all rows, or the named ones; `--write` writes the table
into ops/load/ under today's date.
"""

import argparse
import asyncio
import gzip
import tempfile
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

from rig import cores, crowd, load, requests, rivals
from rig import splices as splicing
from rig import starts as starting
from rig.house import house, median, sizes
from rig.table import Row, Table

from proxy.serving.display import BROTLI_AFTER

BEACONS = 20_000
PAGES = 1_000
COPIES = 5_000
SHARES, ARTICLES, READS, EXPONENT = 1_000_000, 10_000, 300_000, 1.1
WARM_SECONDS = 30
PAGE = "/s/page"  # its path at the rivals


def fetched(port: int, path: str, encoding: str = "identity") -> tuple[bytes, str]:
    """Body and ETag as a browser gets them."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    request.add_header("Accept-Encoding", encoding)
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers["ETag"]


def asked(host: str, path: str, etag: str) -> dict[str, list[bytes]]:
    """The three most common kinds of requests for a page."""
    every, known = "gzip, deflate, br, zstd", f"If-None-Match: {etag}"
    return {
        "br": requests.gets(host, [path] * PAGES, every),
        "gzip": requests.gets(host, [path] * PAGES, "gzip, deflate"),
        "304": requests.gets(host, [path] * PAGES, every, known),
    }


Rates = dict[str, load.Rate]


def measured(port: int, pids: list[int], path: str) -> Rates:
    """A contestant's three rates."""
    host, etag = f"127.0.0.1:{port}", fetched(port, path, "br")[1]
    many = asked(host, path, etag)
    return {name: load.drive(port, each, pids) for name, each in many.items()}


async def ours(folder: Path, page: bytes) -> tuple[Rates, dict[str, bytes]]:
    """The service's rates, and the bodies that it serves."""
    async with house(folder / "data", page) as home:
        port, path = home.service.port, home.paths[0]
        for _ in range(BROTLI_AFTER + 2):  # makes it hot, so that it gets a brotli body
            fetched(port, path, "gzip, br")
        await asyncio.sleep(0.5)
        bodies = {name: fetched(port, path, name)[0] for name in ("identity", "gzip", "br")}
        return measured(port, home.pids, path), bodies


async def pages(folder: Path, page: bytes, table: Table) -> None:
    """A cached page in brotli and gzip, and the 304, beside nginx and stock aiohttp."""
    house_rates, bodies = await ours(folder, page)
    table.note(f"page: {sizes(bodies)}")
    with rivals.nginx(folder / "nginx", bodies) as (port, pids):
        nginx = measured(port, pids, PAGE)
    with rivals.stock(folder, bodies) as (port, pids):
        stock = measured(port, pids, PAGE)
    for name, title in (("br", "page, brotli"), ("gzip", "page, gzip"), ("304", "304")):
        table.rate(title, house_rates[name], "nginx", nginx[name], ">= 0.60")
        table.rate(title, house_rates[name], "aiohttp", stock[name], ">= 3")


async def beacons(folder: Path, page: bytes, table: Table) -> None:
    """A durable beacon, beside a stock handler that stores nothing."""
    rates = {}
    for sync in ("on", "off"):
        async with house(folder / sync, page, spool_sync=sync) as home:
            many = requests.beacons(home.host, [home.ticket], BEACONS)
            rates[sync] = load.drive(home.service.port, many, home.pids)
    with rivals.stock(folder, {"identity": page}) as (port, pids):
        many = requests.beacons(f"127.0.0.1:{port}", [home.ticket], BEACONS)
        stock = load.drive(port, many, pids)
    table.rate("beacon, durable", rates["on"], "aiohttp, 204", stock, ">= 2.5")
    table.rate("the same", rates["on"], "itself, SPOOL_SYNC=off", rates["off"], "reported")


async def splices(_folder: Path, page: bytes, table: Table) -> None:
    """A new share, rendered and compressed."""
    with cores.pinned({cores.SERVER}):
        for kind, slow, quick, size in splicing.measured(page):
            figures = f"{quick:.0f} us : {slow:.0f} us, size x{size:.2f}"
            what, reach = f"new share, gzip, {kind}", ">= 60, size <= 1.20"
            table.add(Row(what, "zlib 6", slow / quick, reach, figures))


async def stored(folder: Path, page: bytes, table: Table) -> None:
    """Pages that are only in the store, like their articles, beside one that is in memory.

    Memory has room for far fewer pages than are requested in turn, and there is no file. Each was
    requested once before: drawing its template for the first time takes longer than all the rest.
    """
    async with house(folder, page, hot_mb="32", shelf_mb="0") as home:
        port, path = home.service.port, home.paths[0]
        fetched(port, path, "gzip")
        await crowd.fill(home, COPIES, COPIES)
        paths = [f"/s/{crowd.share(n)}" for n in range(COPIES)]
        many = requests.gets(home.host, paths, "gzip")
        load.drive(port, many, home.pids, seconds=WARM_SECONDS, best_of=1)
        cold = load.drive(port, many, home.pids)
        hot = load.drive(port, requests.gets(home.host, [path] * PAGES, "gzip"), home.pids)
    table.rate("page in the store alone", cold, "page in memory", hot, ">= 0.15")


async def workers(folder: Path, page: bytes, table: Table) -> None:
    """CPU time of a page with two workers and with one, in turn, as the machine varies more."""
    used: dict[int, list[float]] = {1: [], 2: []}
    async with (
        house(folder / "1", page) as one,
        house(folder / "2", page, workers=2) as two,
    ):
        for turn in range(load.BEST_OF + 1):
            for number, home in ((1, one), (2, two)):
                many = requests.gets(home.host, home.paths * PAGES, "gzip")
                rate = load.drive(home.service.port, many, home.pids, best_of=1)
                if turn:  # the first turn only brings the page into every worker's memory
                    used[number].append(rate.cpu_us)
    best = {number: min(found) for number, found in used.items()}
    figures = f"{best[2]:.1f} us : {best[1]:.1f} us"
    table.add(Row("CPU time a page, two workers", "one", best[2] / best[1], "<= 1.05", figures))


async def tails(folder: Path, page: bytes, table: Table) -> None:
    """The slowest hundredth at 70 % of the peak."""
    async with house(folder, page) as home:
        port, path = home.service.port, home.paths[0]
        fetched(port, path, "gzip")
        asked_for = {
            "page": requests.gets(home.host, [path] * PAGES, "gzip"),
            "beacon": requests.beacons(home.host, [home.ticket], BEACONS),
        }
        for name, many in asked_for.items():
            peak = load.drive(port, many, home.pids, best_of=1).a_second
            wanted = load.LOADED * peak
            calm = load.drive(port, many, home.pids, best_of=1, a_second=wanted)
            # A connection sends nothing while it waits for an answer: a higher rate makes up for
            # it.
            wanted *= wanted / calm.a_second
            calm = load.drive(port, many, home.pids, best_of=1, a_second=wanted)
            figures = (
                f"p50 {calm.p50:.0f} us, p99 {calm.p99:.0f} us at {calm.a_second:,.0f}/s, "
                f"{calm.a_second / peak:.0%} of the peak"
            )
            what, ratio = f"p99 of a {name} at 70 % of the peak", calm.p99 / calm.p50
            table.add(Row(what, "its median", ratio, "<= 10", figures))


async def zipf(folder: Path, page: bytes, table: Table) -> None:
    """A million shares of ten thousand articles, requested by Zipf's law, with bounded memory."""
    async with house(folder, page) as home:
        port, path = home.service.port, home.paths[0]
        fetched(port, path, "gzip")
        hot = load.drive(port, requests.gets(home.host, [path] * PAGES, "gzip"), home.pids)
        workers = cores.named(home.pids[1:], "proxy")
        before = cores.resident_bytes(workers)
        await crowd.fill(home, SHARES, ARTICLES)
        drawn = requests.zipf(SHARES, READS, EXPONENT)
        many = requests.gets(home.host, [f"/s/{crowd.share(n)}" for n in drawn], "gzip")
        load.drive(port, many, home.pids, seconds=WARM_SECONDS, best_of=1)
        rate = load.drive(port, many, home.pids)
        grown = (cores.resident_bytes(workers) - before) / 1e6
    table.rate("10^6 shares of 10^4 articles, Zipf 1.1", rate, "all in memory", hot, ">= 0.6")
    table.note(f"Zipf: the worker grew by {grown:,.0f} MB; the hot cache holds 256 MB")


async def starts(_folder: Path, _page: bytes, table: Table) -> None:
    """From the command to the first answer."""
    service, imports = starting.service(), starting.imports()
    figures = f"{service * 1e3:.0f} ms : {imports * 1e3:.0f} ms"
    against = f"python -c '{starting.IMPORTS}'"
    table.add(Row("start to first answer", against, service / imports, "<= 4", figures))


Part = Callable[[Path, bytes, Table], Awaitable[None]]
PARTS: dict[str, Part] = {
    "pages": pages,
    "beacons": beacons,
    "splices": splices,
    "stored": stored,
    "workers": workers,
    "tails": tails,
    "starts": starts,
    "zipf": zipf,
}


async def run(names: list[str], page: bytes, *, write: bool) -> None:
    """Measure the rows of these parts; a missing rival is reported loudly."""
    rivals.needed("wrk", "wrk")
    table = Table()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                await PARTS[name](Path(folder), page, table)
            except rivals.MissingError as missing:
                table.add(Row(name, "MISSING", None, "", f"apt-get install {missing}"))
        if write:
            print("kept in", table.keep(), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROWS", help=", ".join(PARTS))
    parser.add_argument("--page", type=Path, help="another page than the corpus' median, gzipped")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    page = gzip.decompress(options.page.read_bytes()) if options.page else median().body
    asyncio.run(run(options.rows or list(PARTS), page, write=options.write))


if __name__ == "__main__":
    main()
