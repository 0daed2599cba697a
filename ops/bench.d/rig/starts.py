"""Time from the command to the first answer, beside the time in which Python loads libraries."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rig import cores
from tests.service import Service

IMPORTS = "import aiohttp, redis, lxml, bs4"
TIMES = 5


def imports() -> float:
    """Seconds of loading the libraries, the best of some runs."""
    return min(_timed([sys.executable, "-c", IMPORTS]) for _ in range(TIMES))


def service() -> float:
    """Seconds until /readyz answers 200, with the embedded store, in a directory used before."""
    with tempfile.TemporaryDirectory() as folder, cores.pinned({cores.SERVER}):
        return min(_started(Path(folder)) for _ in range(TIMES))


def _timed(command: list[str]) -> float:
    with cores.pinned({cores.SERVER}):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - start


def _started(folder: Path) -> float:
    made = Service(folder, workers=1)
    start = time.perf_counter()
    made.start()
    took = time.perf_counter() - start
    made.stop()
    return took
