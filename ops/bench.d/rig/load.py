"""wrk with exact request bytes: the rate of answers, their latency, and the server's cost."""

import json
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rig import cores

CONNECTIONS = 32
SECONDS = 2
BEST_OF = 3
LOADED = 0.7
"""The part of the peak rate at which latencies are measured."""
PAUSE_MS = 10
SCRIPT = Path(__file__).with_name("raw.lua")


@dataclass(frozen=True)
class Rate:
    """Requests a second, the server's CPU microseconds a request, latencies in microseconds."""

    a_second: float
    cpu_us: float
    p50: float
    p99: float
    wrong: int


def drive(
    port: int,
    requests: Sequence[bytes],
    pids: Sequence[int],
    *,
    seconds: int = SECONDS,
    best_of: int = BEST_OF,
    connections: int = CONNECTIONS,
    a_second: float = 0.0,
) -> Rate:
    """The best of some runs, at full speed or at about `a_second`, at random moments.

    Raises RuntimeError for any answer but 2xx and 304: wrong answers must not count as fast.
    """
    pause_ms = PAUSE_MS if a_second else 0
    if a_second:
        connections = round(a_second * (PAUSE_MS + 0.5) / 1000)
    with tempfile.NamedTemporaryFile() as file:
        for request in requests:
            file.write(struct.pack("<I", len(request)) + request)
        file.flush()
        words = [str(port), file.name, str(pause_ms)]
        runs = [_run(words, list(pids), seconds, connections) for _ in range(best_of)]
    best = max(runs, key=lambda run: run.a_second)
    if best.wrong:
        raise RuntimeError(f"{best.wrong} answers were wrong")
    return best


def _run(words: list[str], pids: list[int], seconds: int, connections: int) -> Rate:
    port, *rest = words
    command = [shutil.which("wrk") or "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["-s", str(SCRIPT), f"http://127.0.0.1:{port}", "--", *rest]
    before = cores.cpu_seconds(pids)
    with cores.pinned({cores.CLIENT}):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    used = cores.cpu_seconds(pids) - before
    told = json.loads(done.stdout.rpartition("JSON ")[2])
    count = max(told["requests"], 1)
    return Rate(
        count / told["seconds"], used / count * 1e6, told["p50"], told["p99"], told["wrong"]
    )
