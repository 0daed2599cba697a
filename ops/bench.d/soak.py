"""Readers with random faults for an hour: what was acknowledged and counted, and what grew.

`python ops/bench.d/soak.py [--minutes 60] [--rate BATCHES] [--fault-every SECONDS] [--seed N]`;
it ends with 1 if a promise was broken.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.soak import quarters, soak  # noqa: E402  # the checkout's own


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=50.0, help="pages and beacons a second")
    parser.add_argument("--fault-every", type=float, default=30.0, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        found = soak(
            Path(folder),
            asked.minutes * 60,
            rate=asked.rate,
            fault_every=asked.fault_every,
            seed=asked.seed,
        )
    for name, count in sorted(found.faults.items()):
        print(f"{count:>8} times: {name}")
    print(f"{found.pages:>8} pages, {found.failed} requests cut off by a killed worker")
    print(f"{found.sent:>8} events sent, {found.acked} acknowledged, {found.received} counted")
    print(f"{'MB':>8} of memory by quarters: {[round(v / 1e6) for v in quarters(found.memory)]}")
    print(f"{'':>8} descriptors by quarters: {[round(v) for v in quarters(found.files)]}")
    for problem in found.problems():
        print(f"BROKEN: {problem}")
    return bool(found.problems())


if __name__ == "__main__":
    sys.exit(main())
