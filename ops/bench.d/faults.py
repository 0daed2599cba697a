"""Faults under load, drawn from seeds: what was acknowledged, counted, lost, counted twice.

`ops/bench faults [--schedules N] [--seed FIRST] [--at-once N]` runs the schedules of N seeds from
FIRST on and prints a line for each, then how often each fault was injected, and the totals.
`--cluster N` runs a cluster of three masters and three replicas instead: N masters die, one after
another, each with data that its replica lacks, and N slots move. Exits with 1 if any run broke a
promise. Small disks that are filled need root.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.cluster import Cluster
from tests.faults.disk import Disk
from tests.faults.engine import timed
from tests.faults.judge import Outcome
from tests.faults.schedule import Schedule, draw
from tests.growing.journey import journey

LINE = "{:>6} {:>8} {:>6} {:>7} {:>5} {:>7} {:>9} {:>6}  {}"


async def lane(schedules: Iterator[Schedule], done: dict[int, Outcome]) -> None:
    """Run schedules one after another."""
    for schedule in schedules:
        try:
            outcome, seconds = await timed(schedule)
        except Exception as error:  # noqa: BLE001 - a run that cannot go on is a finding too
            outcome, seconds = Outcome(problems=[f"{type(error).__name__}: {error}"]), 0.0
        done[schedule.seed] = outcome
        print(line(schedule, outcome, seconds), flush=True)


def line(schedule: Schedule, o: Outcome, seconds: float) -> str:
    """A run in one line, and its problems in more."""
    kind = ("external" if schedule.external else "embedded")[:8]
    faults = ", ".join(step.fault for step in schedule.steps)
    figures = (o.acknowledged, o.counted, o.lost, o.doubled)
    told = LINE.format(
        schedule.seed, kind, *figures, f"{o.catch_up_s:.1f}", f"{seconds:.0f}", faults
    )
    return "\n".join([told, *(f"       !! {problem}" for problem in o.problems)])


async def run(seeds: range, at_once: int) -> int:
    """Run all schedules, `at_once` together; return how many went wrong."""
    task = asyncio.current_task()
    assert task
    # A run that is cancelled must end its processes and disks.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory() as folder:
        disks = Disk.possible(Path(folder) / "disk")
    if not disks:
        print("NO SMALL DISK: only root can mount one; no schedule fills a disk")
    schedules = [draw(seed, disks=disks) for seed in seeds]
    done: dict[int, Outcome] = {}
    head = ("seed", "store", "acked", "counted", "lost", "doubled", "catch-up", "s", "faults")
    print(LINE.format(*head))
    waiting = iter(schedules)
    await asyncio.gather(*(lane(waiting, done) for _ in range(at_once)))
    print(totals(schedules, list(done.values())))
    return sum(bool(outcome.problems) for outcome in done.values())


async def fail_overs(rounds: int, seed: int) -> int:
    """Run a cluster under load; return 1 if anything went wrong."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            found = await journey(cluster, seed, rounds)
        finally:
            cluster.stop()
    for number, (_, seconds) in enumerate(found.took, 1):
        print(f"fail-over {number}: the replica took over after {seconds:.1f} s")
    for name in ("acknowledged", "counted", "lost", "doubled", "unacknowledged"):
        print(f"{name:>16}: {getattr(found, name)}")
    print(f"{'catch-up':>16}: {found.catch_up_s:.1f} s")
    for problem in found.problems:
        print(f"!! {problem}")
    return len(found.problems)


def totals(schedules: list[Schedule], outcomes: list[Outcome]) -> str:
    """The number of each fault, then sums over all runs."""
    faults = Counter(name for outcome in outcomes for name, _ in outcome.took)
    lines = [
        "",
        *(f"{times:>6} x {paced(fault, outcomes)}" for fault, times in faults.most_common()),
    ]
    lines.append("")
    names = ("acknowledged", "counted", "lost", "doubled", "unacknowledged")
    lines += (f"{name:>16}: {sum(getattr(o, name) for o in outcomes)}" for name in names)
    slowest = max((o.catch_up_s for o in outcomes), default=0.0)
    broken = sum(bool(o.problems) for o in outcomes)
    lines.append(f"{'slowest catch-up':>16}: {slowest:.1f} s")
    lines.append(f"{'schedules':>16}: {len(schedules)}, {broken} of them with a broken promise")
    return "\n".join(lines)


def paced(fault: str, outcomes: list[Outcome]) -> str:
    """A fault, and the longest time that the figures took to catch up after it."""
    found = [r for outcome in outcomes for r in outcome.recovered if r.fault == fault]
    if not found:
        return fault
    slowest = max(found, key=lambda r: r.behind_s)
    behind, backlog = slowest.behind_s, slowest.backlog_s
    told = f"at most {behind:4.1f} s until the figures were right, for {backlog:.1f} s of backlog"
    return f"{fault:38} {told}"


def main() -> None:
    """Run; exit with 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--cluster", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if options.cluster:
        sys.exit(bool(asyncio.run(fail_overs(options.cluster, options.seed))))
    seeds = range(options.seed, options.seed + options.schedules)
    sys.exit(bool(asyncio.run(run(seeds, options.at_once))))


if __name__ == "__main__":
    main()
