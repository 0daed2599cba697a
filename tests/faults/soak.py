"""Hours of readers with random faults: counts are exact at the end, and nothing grows."""

import math
import random
import signal
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.contract.kit import Account, Publisher, Reader, World, ask, facts, until
from tests.faults.battered import Battered, signalled
from tests.service import free_port

SHARES = 20
BATCH = 8
READERS = 4
PEAK_SECONDS = 10.0
SAMPLE_SECONDS = 1.0
TOLD_SECONDS = 60.0
MEMORY_SLACK_BYTES = 32 << 20
FILES_SLACK = 32


@dataclass
class Found:
    """The results of a soak; the workers' memory (bytes) and open files are sampled each second."""

    rate: float = 0.0
    acked: int = 0
    sent: int = 0
    refused: int = 0
    pages: int = 0
    failed: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)
    received: int = 0
    repeated: int = 0

    def problems(self) -> list[str]:
        """The broken promises, a sentence each."""
        told = []
        if not self.acked <= self.received <= self.sent:
            told.append(f"{self.received} counted of {self.acked} acknowledged, {self.sent} sent")
        if self.repeated:
            told.append(f"{self.repeated} events came twice")
        if _grew(self.memory, MEMORY_SLACK_BYTES):
            told.append(f"memory grew: {quarters(self.memory)}")
        if _grew(self.files, FILES_SLACK):
            told.append(f"descriptors grew: {quarters(self.files)}")
        return told


def quarters(values: list[float]) -> list[float]:
    """The median of each quarter of the time."""
    size = max(1, len(values) // 4)
    return [statistics.median(values[at : at + size]) for at in range(0, len(values), size)][:4]


def _grew(values: list[float], slack: float) -> bool:
    """Whether the last quarter exceeds the second one, after which all caches are warm."""
    medians = quarters(values)
    return len(medians) == 4 and medians[3] > 1.1 * medians[1] + slack


class Soak:
    """Readers at `rate` batches a second, a fault every `fault_every` seconds on average.

    The default rate is half of what the same readers reach without pauses.
    """

    def __init__(
        self,
        w: World,
        service: Battered,
        rate: float | None,
        fault_every: float,
        seed: int,
        stop: threading.Event | None = None,
    ) -> None:
        self.w = w
        self.service = service
        self.rate = rate
        self.fault_every = fault_every
        self.rng = random.Random(seed)
        self.found = Found()
        self._counted = threading.Lock()
        self.stop = stop or threading.Event()
        self.ad = w.account.ad()["id"]
        self.shares = [w.share(ad=self.ad) for _ in range(SHARES)]
        self.tickets = [facts(w.page(share).text)["ticket"] for share in self.shares]

    def run(self, seconds: float, told: Callable[[Found], None] = lambda _: None) -> Found:
        """Run for so long, then judge; calls `told` each minute with the results so far.

        Setting `stop` ends the run sooner, with a verdict too.
        """
        rate = self.rate or self._peak() / 2
        self.found.rate = rate
        reading = [partial(self._read, self.stop, rate / READERS)] * READERS
        threads = _started([*reading, self._break, self._sample])
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.stop.wait(min(left, TOLD_SECONDS)):
            told(self.found)
        self.stop.set()
        _ended(threads)
        self.service.wait_ready()
        self._reckon()
        return self.found

    def _peak(self) -> float:
        """Pages and beacons a second of readers without pauses."""
        over = threading.Event()
        threads = _started([partial(self._read, over, math.inf)] * READERS)
        self.stop.wait(PEAK_SECONDS)
        over.set()
        _ended(threads)
        return self.found.acked / BATCH / PEAK_SECONDS

    def _read(self, stop: threading.Event, rate: float) -> None:
        rng = random.Random(self.rng.random())
        while not stop.wait(rng.expovariate(rate)):
            share = rng.randrange(SHARES)
            events = [Reader(self.tickets[share]).open for _ in range(BATCH)]
            self._add("sent", BATCH)
            try:
                if self.w.page(self.shares[share]).status == 200:
                    self._add("pages", 1)
                taken = self.w.send(events).status == 204
                self._add("acked" if taken else "refused", BATCH)
            except OSError:  # a worker was killed during this request
                self._add("failed", 1)

    def _add(self, name: str, count: int) -> None:
        with self._counted:
            setattr(self.found, name, getattr(self.found, name) + count)

    def _break(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "worker killed": lambda: self.service.kill_worker(self.rng.randrange(100)),
            "store killed": lambda: signalled(self.service.store_pid(), signal.SIGKILL),
            "store stopped for a second": self._pause_store,
            "workers replaced": self._replace,
        }
        while not self.stop.wait(self.rng.expovariate(1 / self.fault_every)):
            name = self.rng.choice(sorted(kinds))
            kinds[name]()
            self.found.faults[name] = self.found.faults.get(name, 0) + 1

    def _pause_store(self) -> None:
        pid = self.service.store_pid()
        signalled(pid, signal.SIGSTOP)
        self.stop.wait(1.0)
        signalled(pid, signal.SIGCONT)

    def _replace(self) -> None:
        assert self.service.process
        self.service.process.send_signal(signal.SIGHUP)

    def _sample(self) -> None:
        port = self.service.settings["metrics_port"]
        while not self.stop.wait(SAMPLE_SECONDS):
            try:
                text = ask(f"http://127.0.0.1:{port}/metrics").text
            except OSError:
                continue  # requests while a worker is replaced are repeated
            values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
            if "passalong_memory_bytes" in values:
                self.found.memory.append(float(values["passalong_memory_bytes"]))
                self.found.files.append(float(values["passalong_open_files"]))

    def _reckon(self) -> None:
        def caught_up() -> bool:
            answer = self.w.account.ask("GET", f"/ads/{self.ad}/ledger")
            return answer.status == 200 and answer.json["received"] >= self.found.acked

        until(caught_up, "acknowledged events are missing", 60.0)
        ledger = self.w.ledger(self.ad)
        self.found.received, self.found.repeated = ledger["received"], ledger["repeated"]


def _started(jobs: Sequence[Callable[[], None]]) -> list[threading.Thread]:
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    return threads


def _ended(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), f"{thread.name} is still at it"


def soak(
    folder: Path,
    seconds: float,
    *,
    rate: float | None,
    fault_every: float,
    seed: int,
    told: Callable[[Found], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Found:
    """Soak a service of its own in `folder` for so long."""
    service, publisher = Battered(folder, metrics_port=str(free_port())), Publisher()
    try:
        service.start()
        world = World(service, publisher, Account(service, "mei@example.com"))
        return Soak(world, service, rate, fault_every, seed, stop).run(seconds, told)
    finally:
        service.close()
        publisher.close()
