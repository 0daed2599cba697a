"""The service, with ways to kill, pause and confuse its processes."""

import asyncio
import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from proxy.run.store import socket_path
from tests.service import START_SECONDS, Service, end_session, free_port

CLOCK = Path(__file__).parent / "clock"


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


class Battered(Service):
    """A service with two workers, a wall clock that can be stepped, and ways to kill parts."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder / "data", fetch_allow_nets="127.0.0.0/8", limits="off", **settings)
        clock = folder / "clock"
        clock.write_bytes(bytes(8))
        with clock.open("r+b") as file:
            self._clock = mmap.mmap(file.fileno(), 8)
        self._clock_path = clock
        self._sessions: list[int] = []

    @property
    def environment(self) -> dict[str, str]:
        more = {"PYTHONPATH": str(CLOCK), "FAULTS_CLOCK": str(self._clock_path)}
        return super().environment | more

    def step_clock(self, ms: int) -> None:
        """From now on the wall clock of all processes is off by `ms`."""
        struct.pack_into("<q", self._clock, 0, ms)

    @property
    def store_socket(self) -> Path:
        return socket_path(self.data_dir)

    @property
    def spool(self) -> Path:
        return self.data_dir / "spool"

    async def up(self) -> None:
        """Start the service; returns when the new supervisor's own workers are ready."""
        before = len(self.output)
        await asyncio.to_thread(self.start)
        assert self.process
        self._sessions.append(self.process.pid)
        deadline = time.monotonic() + START_SECONDS
        while len(self.worker_pids()) < self.workers:
            assert self.process.poll() is None, "".join(self.output[before:])
            assert time.monotonic() < deadline, "no workers came"
            await asyncio.sleep(0.02)
        # A worker of the last supervisor may have answered before.
        await asyncio.to_thread(self.wait_ready)

    async def end(self) -> int:
        """SIGTERM; the exit code."""
        return await asyncio.to_thread(self.stop)

    def worker_pids(self) -> list[int]:
        assert self.process
        own = self.process.pid
        return [
            p for p, name in self.members().items() if "valkey" not in name and _parent(p) == own
        ]

    def store_pid(self) -> int:
        """The embedded store's process id, 0 while there is none."""
        assert self.process
        names = self.members().items()
        return next(
            (p for p, name in names if "valkey" in name and _parent(p) == self.process.pid), 0
        )

    def kill_worker(self, number: int) -> None:
        if pids := self.worker_pids():
            signalled(random.Random(number).choice(sorted(pids)), signal.SIGKILL)

    def kill_supervisor(self) -> None:
        """kill -9; workers and store get a signal from the kernel and end by themselves."""
        assert self.process
        self.process.kill()
        self.process.wait(20)

    async def second(self) -> str:
        """The output of another service on the same data directory, which must end."""
        words = [sys.executable, "-m", "proxy", "serve", "--port", str(free_port())]
        other = await asyncio.create_subprocess_exec(
            *words,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                said, _ = await other.communicate()
        except TimeoutError:
            return "nothing, and went on"
        finally:
            if other.returncode is None:
                other.kill()  # its children end too
                await asyncio.wait_for(other.wait(), 20)
        return f"{other.returncode} {said.decode()}"

    def tear(self, number: int) -> None:
        """Append half a record, never acknowledged, to a segment without an owner."""
        rng = random.Random(number)
        if left := sorted(self.spool.glob("*.spool")):
            with rng.choice(left).open("ab") as file:
                file.write(rng.choice((rng.randbytes(rng.randrange(1, 400)), bytes(512))))

    def close(self) -> None:
        super().close()
        for session in self._sessions:
            end_session(session)


def signalled(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone already."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
