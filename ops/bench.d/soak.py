"""An hour of readers with random faults: what was acknowledged and counted, and what grew.

`ops/bench soak [--minutes 60] [--rate BATCHES] [--fault-every SECONDS] [--seed N]`
prints a line each minute and exits with 1 if a promise was broken; Ctrl-C ends it sooner, with the
result. The default rate is half of what the same readers reach without pauses.
"""

import argparse
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.faults.soak import BATCH, Found, quarters, soak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, help="pages and beacons a second, not half the peak")
    parser.add_argument("--fault-every", type=float, default=30.0, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        found = soak(
            Path(folder),
            asked.minutes * 60,
            rate=asked.rate,
            fault_every=asked.fault_every,
            seed=asked.seed,
            told=Progress(),
            stop=stop,
        )
    tell(found)
    return bool(found.problems())


class Progress:
    """Prints a line a minute."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, found: Found) -> None:
        minutes = (time.monotonic() - self._begun) / 60
        memory, files = (values[-1] if values else 0 for values in (found.memory, found.files))
        faults = sum(found.faults.values())
        print(
            f"{minutes:6.1f} min: {found.acked} of {found.sent} events acknowledged, "
            f"{found.pages} pages, {faults} faults, {memory / 1e6:.0f} MB, {files:.0f} descriptors",
            flush=True,
        )


def tell(found: Found) -> None:
    """Print the table."""
    for name, count in sorted(found.faults.items()):
        print(f"{count:>8} times: {name}")
    print(f"{found.rate:>8.0f} pages and as many beacons of {BATCH} events a second")
    print(f"{found.pages:>8} pages, {found.failed} requests cut off by a killed worker")
    print(f"{found.sent:>8} events sent, {found.acked} acknowledged, {found.received} counted")
    print(f"{'MB':>8} of memory by quarters: {[round(v / 1e6) for v in quarters(found.memory)]}")
    print(f"{'':>8} descriptors by quarters: {[round(v) for v in quarters(found.files)]}")
    for problem in found.problems():
        print(f"BROKEN: {problem}")


if __name__ == "__main__":
    sys.exit(main())
