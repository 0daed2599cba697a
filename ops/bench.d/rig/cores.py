"""One core for the contestant, another for the client; CPU time of a whole process tree."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
_ALL = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = _ALL[0], _ALL[-1]


@contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """Processes started inside, and their children, run only on `cores`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def tree(pid: int) -> list[int]:
    """The ids of a process and all its descendants."""
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that these processes have used so far."""
    return sum(_ticks(pid) for pid in pids) / TICK


def resident_bytes(pids: list[int]) -> int:
    """The proportional set size: shared memory counts once."""
    return sum(_pss(pid) for pid in pids)


def named(pids: list[int], part: str) -> list[int]:
    """The processes whose command line contains `part`."""
    return [p for p in pids if part in Path(f"/proc/{p}/cmdline").read_bytes().decode()]


def processor() -> str:
    """The processor's name and the number of cores."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "?")
    return f"{model}, {os.cpu_count()} cores"


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
