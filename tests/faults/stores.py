"""Real stores that can be killed, paused, and set back as by a power cut."""

import asyncio
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from redis.exceptions import RedisError, ResponseError

from ads.store import connect
from proxy.run.store import answers, binary
from tests.service import START_SECONDS


class External:
    """An operator's store: a Valkey with appendfsync always, on a Unix socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "store.sock"
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start on the data that it left; returns when that is loaded."""
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([binary(), *words], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.socket):
            assert time.monotonic() < deadline, "the external store did not start"
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def kill(self) -> None:
        """kill -9; returns when it is gone."""
        if self.process:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGCONT)
            self.process.kill()
            self.process.wait(20)


class PowerCut:
    """An embedded store that loses what was not synced since `begin`, as in a power cut.

    Meanwhile the store is configured not to sync, so that all of it may be lost.
    """

    def __init__(self, socket: Path, folder: Path) -> None:
        self._url = f"unix://{socket}"
        self._folder = folder
        self._safe: dict[Path, int] = {}

    async def begin(self) -> None:
        """Sync everything so far, and nothing from now on."""
        await _told(self._url, ("CONFIG", "SET", "appendfsync", "no"))
        self._safe = {path: path.stat().st_size for path in self._files()}
        # What was written before must be synced, as it is never removed.
        for path in self._safe:
            with path.open("rb") as file:
                os.fsync(file.fileno())

    def cut(self, number: int) -> int:
        """Remove the end of what was written since; returns the bytes. The store must be dead."""
        lost = 0
        for path in self._files():
            size = path.stat().st_size
            kept = random.Random(number).randint(self._safe.get(path, size), size)
            os.truncate(path, kept)
            lost += size - kept
        return lost

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("appendonlydir/*.incr.aof"))


async def slow_rewrite(socket: Path) -> None:
    """Make the store rewrite its file slowly, so that a kill leaves its child behind."""
    slow = ("CONFIG", "SET", "rdb-key-save-delay", "20000")
    await _told(f"unix://{socket}", slow, ("BGREWRITEAOF",))


async def _told(url: str, *commands: tuple[str, ...]) -> None:
    """Send commands to a store, once it is back."""
    redis = connect(url)
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    for command in commands:
                        await redis.execute_command(*command)
                except ResponseError:  # a rewrite is running already
                    return
                except (RedisError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return
    finally:
        with suppress(RedisError):
            await redis.aclose()
