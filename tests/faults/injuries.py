"""The faults of a schedule, on real processes, disks and connections."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable

from ads.clock import HOUR
from tests.faults.battered import Battered, signalled
from tests.faults.disk import Disk
from tests.faults.load import Load
from tests.faults.pace import Pace
from tests.faults.schedule import HOURS, Step
from tests.faults.stores import External, PowerCut, slow_rewrite
from tests.faults.wire import Mode, Wire


class Injuries:
    """Injects a schedule's faults into a service; `problems` are promises broken meanwhile."""

    def __init__(
        self,
        service: Battered,
        load: Load,
        *,
        store: External | None,
        wire: Wire | None,
        disk: Disk | None,
    ) -> None:
        self._service = service
        self._load = load
        self._store = store
        self._wire = wire
        self._disk = disk
        self.problems: list[str] = []
        self.took: list[tuple[str, float]] = []

    async def inflict(self, step: Step, pace: Pace) -> None:
        """Inject a fault, from its beginning to its end."""
        await asyncio.sleep(step.after)
        started = time.monotonic()
        pace.begins()
        await self._ways()[step.fault](step)
        pace.ended(step.fault)
        self.took.append((step.fault, round(time.monotonic() - started, 1)))
        process = self._service.process
        if process is None or process.poll() is not None:
            said = "".join(self._service.output)
            raise AssertionError(f"the service ended after {step.fault!r}: {said}")

    def _ways(self) -> dict[str, Callable[[Step], Awaitable[None]]]:
        return {
            "kill a worker": self._kill_worker,
            "pause a worker": self._pause_worker,
            "kill the supervisor": self._kill_supervisor,
            "kill everything, tear the last record": self._tear,
            "restart with other workers": self._restart,
            "a second service": self._second,
            "step the clock": self._step_clock,
            "kill the store": self._kill_store,
            "pause the store": self._pause_store,
            "kill the store in a rewrite": self._kill_in_rewrite,
            "power cut under the store": self._power_cut,
            "cut replies": lambda step: self._wired("cut", step),
            "no store": lambda step: self._wired("none", step),
            "a silent store": lambda step: self._wired("silent", step),
            "full disk": self._full,
            "read-only disk": self._read_only,
        }

    async def _kill_worker(self, step: Step) -> None:
        self._service.kill_worker(step.number)

    async def _pause_worker(self, step: Step) -> None:
        paused = random.Random(step.number).choice(self._service.worker_pids() or [0])
        signalled(paused, signal.SIGSTOP)
        await asyncio.sleep(step.seconds)
        signalled(paused, signal.SIGCONT)

    async def _kill_supervisor(self, step: Step) -> None:
        self._service.kill_supervisor()
        await asyncio.sleep(random.Random(step.number).choice((0, 0, step.seconds)))
        await self._service.up()

    async def _tear(self, step: Step) -> None:
        await asyncio.to_thread(self._service.kill)
        self._service.tear(step.number)
        await self._service.up()

    async def _restart(self, step: Step) -> None:
        if code := await self._service.end():
            self.problems.append(f"SIGTERM ended with {code}")
        others = {2, 3, 4} - {self._service.workers}
        self._service.workers = random.Random(step.number).choice(sorted(others))
        await self._service.up()

    async def _second(self, _: Step) -> None:
        said = await self._service.second()
        if "1 passalong: " not in said or "in use" not in said:
            self.problems.append(f"a second service said {said!r}")

    async def _step_clock(self, step: Step) -> None:
        self._service.step_clock(random.Random(step.number).randint(-HOURS * HOUR, HOURS * HOUR))

    async def _kill_store(self, step: Step) -> None:
        if self._store:
            self._store.kill()
            await asyncio.sleep(step.seconds)
            await self._store.start()
        else:
            signalled(self._service.store_pid(), signal.SIGKILL)
            await self._load.until_acked(5)  # events are accepted without the store

    async def _pause_store(self, step: Step) -> None:
        pid = self._store.pid if self._store else self._service.store_pid()
        signalled(pid, signal.SIGSTOP)
        try:
            await self._load.until_acked(5)  # and while the store hangs
            await asyncio.sleep(2 * step.seconds)
        finally:
            signalled(pid, signal.SIGCONT)

    async def _kill_in_rewrite(self, step: Step) -> None:
        await slow_rewrite(self._service.store_socket)
        await asyncio.sleep(step.seconds / 3)
        signalled(self._service.store_pid(), signal.SIGKILL)
        await self._load.until_acked(5)

    async def _power_cut(self, step: Step) -> None:
        cut = PowerCut(self._service.store_socket, self._service.data_dir / "store")
        await cut.begin()
        await asyncio.sleep(step.seconds)
        assert self._service.process
        supervisor = self._service.process.pid
        store = self._service.store_pid()
        signalled(supervisor, signal.SIGSTOP)  # else it would start the store before the cut
        try:
            signalled(store, signal.SIGKILL)
            await asyncio.sleep(0.1)
            cut.cut(step.number)
        finally:
            signalled(supervisor, signal.SIGCONT)

    async def _wired(self, mode: Mode, step: Step) -> None:
        assert self._wire
        self._wire.set(mode)
        await asyncio.sleep(2 * step.seconds)
        self._wire.set("pass")

    async def _full(self, step: Step) -> None:
        assert self._disk
        self._disk.fill()
        await asyncio.sleep(step.seconds)
        self._disk.free()
        await self._load.until_acked(5)  # without a restart

    async def _read_only(self, step: Step) -> None:
        """Start with a read-only disk, as files that are open for writing prevent a change."""
        assert self._disk
        await asyncio.to_thread(self._service.kill)
        await asyncio.to_thread(self._disk.writable, False)
        try:
            await self._service.up()
            before = self._load.answers["204"]
            await asyncio.sleep(step.seconds)
            if (taken := self._load.answers["204"]) != before:
                self.problems.append(f"{taken - before} calls acknowledged on a read-only disk")
        finally:
            self._disk.writable(True)
        await self._load.until_acked(5)
