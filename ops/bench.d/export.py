"""Time and memory of an export, from ten thousand events to a million.

`ops/bench export [--events N …]` writes segments as a worker does, archives them, and exports the
events with their verdicts: each size in a process of its own, whose memory is measured.
"""

import argparse
import asyncio
import multiprocessing
import resource
import secrets
import tempfile
import time
from pathlib import Path

from ads.events import hops
from ads.events.mark import Mark
from ads.events.receipt import Receipt
from ads.reports.judge import Judge
from ads.spool import Archive, Spool
from ads.spool import volume as volumes

LINE = "{:>9} {:>10} {:>8} {:>9} {:>14}"
AT = 1_790_000_000_000
APPENDED = 2_000


def visit(n: int) -> list[Receipt]:
    """An open, a view and a reading."""
    o, hop = secrets.token_urlsafe(12), hops.prefix(1) + secrets.token_urlsafe(8)[:10]
    made = [Receipt(AT + n, f"s{n % 10}", "ad", 1, "open", o, o, hop)]
    view, read = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    made.append(Receipt(AT + n + 9, f"s{n % 10}", "ad", 1, "view", view, o, hop, s="top"))
    made.append(Receipt(AT + n + 99, f"s{n % 10}", "ad", 1, "read", read, o, hop, ms=n, pct=9))
    return made


async def write(folder: Path, events: int) -> None:
    """Write archived segments with so many events."""
    spool = Spool(folder / "spool", sync=False, max_bytes=1 << 40)
    for first in range(0, events // 3, APPENDED // 3):
        last = min(first + APPENDED // 3, events // 3)
        await spool.append([each for n in range(first, last) for each in visit(n)])
    spool.rotate()
    kept = Archive(folder / "events", 1)
    for segment in spool.segments():
        shares = {f"s{n}" for n in range(10)}
        kept.keep(segment.id, segment.whole(), dict.fromkeys(shares, Mark(events)), AT, AT + events)
    spool.close()


def tell(folder: Path, results: "multiprocessing.Queue[tuple[int, float, int]]") -> None:
    """Export everything; put events, seconds and KB of memory beyond the start into `results`."""
    before, started, told = _peak_kb(), time.perf_counter(), 0
    judge = Judge("ad", 0, 1 << 60)
    for volume in Archive(folder / "events", 1).volumes(0, 1 << 60, ["s0"]):
        judge.hear(receipt for _, receipt in volumes.read(volume))
    for some in judge.verdicts(AT + (1 << 40)):
        told += len(some)
    results.put((told, time.perf_counter() - started, _peak_kb() - before))


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    print(LINE.format("events", "told", "s", "events/s", "memory, MB"))
    for events in options.events:
        with tempfile.TemporaryDirectory(prefix="export-") as name:
            asyncio.run(write(Path(name), events))
            results: multiprocessing.Queue[tuple[int, float, int]] = context.Queue()
            process = context.Process(target=tell, args=(Path(name), results))
            process.start()
            told, seconds, kb = results.get()
            process.join()
        rate = f"{told / seconds:.0f}"
        print(LINE.format(events, told, f"{seconds:.1f}", rate, f"{kb / 1024:.0f}"), flush=True)


if __name__ == "__main__":
    main()
