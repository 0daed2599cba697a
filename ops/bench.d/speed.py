"""The service beside nginx and stock aiohttp, on the same core in turn, in one run: ratios.

`python ops/bench.d/speed.py [ROW …] [--seconds S] [--write]` prints the rows; `--write` puts the
table into ops/load/ under today's date.
"""

import argparse
import asyncio
import gzip
import sys
import tempfile
import urllib.request
from pathlib import Path

import brotli

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from rig import load, requests, rivals  # noqa: E402  # beside this file
from rig.house import House, house, median, sizes  # noqa: E402


def fetched(house: House, path: str, encoding: str) -> tuple[bytes, str]:
    """Body and ETag as a browser gets them."""
    request = urllib.request.Request(f"http://{house.host}{path}")
    request.add_header("Accept-Encoding", encoding)
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers["ETag"]


def beside(rates: dict[str, load.Rate], ours: str = "passalong") -> str:
    """One row: each contestant's rate and CPU time, and ours as a multiple of each other's."""
    told = [f"{name} {r.a_second:,.0f}/s {r.cpu_us:.1f} us" for name, r in rates.items()]
    told += [
        f"x{rates[ours].a_second / rate.a_second:.2f} of {name}"
        for name, rate in rates.items()
        if name != ours
    ]
    return " | ".join(told)


async def pages(folder: Path, page: bytes) -> None:
    """A cached page in brotli and gzip, and the 304, beside nginx and stock aiohttp."""
    async with house(folder / "data", page) as home:
        path = home.paths[0]
        for _ in range(10):
            fetched(home, path, "br")
        await asyncio.sleep(0.5)
        bodies = {e: fetched(home, path, e)[0] for e in ("identity", "gzip", "br")}
        etag = fetched(home, path, "br")[1]
        print("page:", sizes(bodies))
        asked = {
            "br": requests.gets(home.host, [path] * 1000),
            "gzip": requests.gets(home.host, [path] * 1000, "gzip, deflate"),
            "304": requests.gets(
                home.host, [path] * 1000, "gzip, deflate, br", f"If-None-Match: {etag}"
            ),
        }
        rates = {
            k: {"passalong": load.drive(home.service.port, v, home.pids)} for k, v in asked.items()
        }
        beacons = requests.beacons(home.host, [home.ticket], 20_000)
        rates["beacon"] = {"passalong": load.drive(home.service.port, beacons, home.pids)}
    with rivals.nginx(folder / "nginx", bodies) as (port, pids):
        tag = urllib.request.urlopen(f"http://127.0.0.1:{port}/s/page").headers["ETag"]
        for name, many in asked.items():
            many = [
                m.replace(path.encode(), b"/s/page").replace(etag.encode(), tag.encode())
                for m in many
            ]
            rates[name]["nginx"] = load.drive(port, many, pids)
    with rivals.stock(folder, bodies) as (port, pids):
        for name, many in asked.items():
            many = [
                m.replace(path.encode(), b"/s/page").replace(etag.encode(), b'W/"page"')
                for m in many
            ]
            rates[name]["aiohttp"] = load.drive(port, many, pids)
        rates["beacon"]["aiohttp"] = load.drive(port, beacons, pids)
    for name, row in rates.items():
        print(name, beside(row))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(
            pages(
                Path(made),
                median().body
                if len(sys.argv) < 2
                else gzip.decompress(Path(sys.argv[1]).read_bytes()),
            )
        )
