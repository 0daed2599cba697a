"""The gauges that a worker measures about itself once a second."""

import asyncio
import os
import resource
from contextlib import suppress
from pathlib import Path

from redis.exceptions import RedisError

from ads.tally import Gauged
from proxy.parts import Parts

STORE_SECONDS = 1.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


async def measure(parts: Parts) -> Gauged:
    """This worker's gauges by metric and labels."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return {
        ("passalong_store_up",): float(await parts.stores.answer()),
        ("passalong_spool_bytes",): parts.spool.held_bytes,
        ("passalong_spool_free_bytes",): _free_bytes(parts.spool.directory),
        ("passalong_hot_bytes",): parts.hot.size,
        ("passalong_memory_bytes",): _resident_bytes(),
        ("passalong_open_files",): _open_files(limit),
        ("passalong_open_files_limit",): limit,
        **await _of_the_store(parts),
    }


async def _of_the_store(parts: Parts) -> Gauged:
    found: dict[tuple[str, ...], float] = {}
    with suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(STORE_SECONDS):
            behind = await parts.purge.behind_s()
            found |= {("passalong_edge_behind_seconds", edge): s for edge, s in behind.items()}
            memory = await parts.stores.redis.info("memory")  # managed stores may forbid it
            found["passalong_store_memory_bytes",] = float(memory["used_memory"])
    return found


def _free_bytes(folder: Path) -> int:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    return disk.f_bavail * disk.f_frsize


def _open_files(limit: int) -> int:
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:  # no descriptor is left to count them with
        return limit


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:  # no descriptor is left: the peak instead
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
