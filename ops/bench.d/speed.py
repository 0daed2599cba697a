"""The service beside nginx and stock aiohttp, on the same core in turn, in one run: ratios.

`python ops/bench.d/speed.py [ROWS …] [--write]` prints the rows of `pages` and `beacons`, or of
those named; `--write` keeps the table in ops/load/ under today's date.
"""

import argparse
import asyncio
import gzip
import sys
import tempfile
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from rig import load, requests, rivals  # noqa: E402  # beside this file
from rig.house import house, median, sizes  # noqa: E402
from rig.table import Row, Table  # noqa: E402

BEACONS = 20_000
PAGES = 1_000
PAGE = "/s/page"  # where the rivals have it


def fetched(port: int, path: str, encoding: str = "identity") -> tuple[bytes, str]:
    """Body and ETag as a browser gets them."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    request.add_header("Accept-Encoding", encoding)
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers["ETag"]


def asked(host: str, path: str, etag: str) -> dict[str, list[bytes]]:
    """The three ways in which a page is asked for most."""
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
        for _ in range(10):  # it is hot from now on, and gets its brotli
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
    """A beacon that is durable, beside a stock handler that stores nothing."""
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


Part = Callable[[Path, bytes, Table], Awaitable[None]]
PARTS: dict[str, Part] = {"pages": pages, "beacons": beacons}


async def run(names: list[str], page: bytes) -> Table:
    """The rows of these parts; a rival that is missing is said loudly."""
    rivals.needed("wrk", "wrk")
    table = Table()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                await PARTS[name](Path(folder), page, table)
            except rivals.MissingError as missing:
                table.add(Row(name, "MISSING", None, "", f"apt-get install {missing}"))
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROWS", help=", ".join(PARTS))
    parser.add_argument("--page", type=Path, help="another page than the corpus' median, gzipped")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    page = gzip.decompress(options.page.read_bytes()) if options.page else median().body
    table = asyncio.run(run(options.rows or list(PARTS), page))
    if options.write:
        print("kept in", table.keep())


if __name__ == "__main__":
    main()
