"""All 238 real re-share trees replayed over HTTP, compared with others' figures for them.

`ops/bench cascades [--every N] [--at-once N]` replays each tree as a share of a running service, N
at once: in order (each reader opens the parent's link), shuffled, and with every event twice. Exits
with 1 if any figure of any tree is wrong.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.cascades import WAYS, Cascade, Replay, cascades, replayed
from tests.client import Client, advertiser, origin
from tests.pages import ARTICLE
from tests.service import Service

ROOT = Path(__file__).parents[2]
LINE = "{:>9} {:>6} {:>8} {:>8} {:>6} {:>9} {:>10}"


async def run(corpus: Path, every: int, at_once: int) -> int:
    """Replay in all ways; return how many trees are wrong."""
    trees, wrong = cascades(corpus, every), 0
    print(LINE.format("way", "trees", "readers", "events", "s", "events/s", "as known"))
    with tempfile.TemporaryDirectory(prefix="cascades-") as folder:
        service = Service(Path(folder) / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
        service.start()
        try:
            async with advertiser(service) as client, origin({"/a": ARTICLE}) as publisher:
                for way in WAYS:
                    wrong += await one_way(client, f"{publisher}/a", trees, way, at_once)
        finally:
            service.close()
    return wrong


async def one_way(client: Client, url: str, trees: list[Cascade], way: str, at_once: int) -> int:
    """Print a line, and one for each wrong tree; return how many are wrong."""
    ad, room, started = await client.ad(), asyncio.Semaphore(at_once), time.monotonic()

    async def one(cascade: Cascade) -> Replay:
        async with room:
            return await replayed(client, url, ad, cascade, way)

    replays = await asyncio.gather(*map(one, trees))
    seconds = time.monotonic() - started
    readers = sum(tree.nodes - 1 for tree in trees)
    sent = readers * (2 if way == "doubled" else 1)
    await client.folded(ad["id"], sent, 120)
    found = [await replay.faults(tree) for replay, tree in zip(replays, trees, strict=True)]
    right = f"{found.count([])}/{len(trees)}"
    rate = f"{sent / seconds:.0f}"
    print(LINE.format(way, len(trees), readers, sent, f"{seconds:.0f}", rate, right), flush=True)
    for tree, faults in zip(trees, found, strict=True):
        if faults:
            print(f"       !! {tree.path.name}: {'; '.join(faults)}")
    return len(trees) - found.count([])


def main() -> None:
    """Run; exit with 1 if a tree is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    corpus = ROOT.parent / "shared" / "corpus"
    if not corpus.exists():
        sys.exit("NO CORPUS: ../shared/corpus is not beside this checkout")
    sys.exit(bool(asyncio.run(run(corpus, options.every, options.at_once))))


if __name__ == "__main__":
    main()
