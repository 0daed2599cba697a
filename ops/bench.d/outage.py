"""The store stops under load for a while: what is accepted meanwhile, how soon figures catch up.

`ops/bench outage [--seconds S …]`. Exits with 1 if an event was refused or lost, or the figures
took more than two seconds for each second without the store.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults.outage import outage

LINE = "{:>8} {:>12} {:>8} {:>9} {:>9} {:>6} {:>14}"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[5, 60, 120])
    options = parser.parse_args()
    print(LINE.format("away, s", "calls taken", "refused", "acked", "counted", "lost", "behind, s"))
    broken = False
    for seconds in options.seconds:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            found = asyncio.run(outage(Path(folder), seconds))
        lost = found.acked - found.received
        broken |= bool(lost or found.refused) or found.behind_s > 2 * found.away_s
        figures = (found.taken, found.refused, found.acked, found.received, lost)
        print(LINE.format(f"{found.away_s:.0f}", *figures, f"{found.behind_s:.1f}"), flush=True)
    sys.exit(broken)


if __name__ == "__main__":
    main()
