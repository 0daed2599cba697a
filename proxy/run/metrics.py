"""/metrics of the whole service: workers keep plain integers, one process sums them.

Once a second each worker writes a snapshot of its tally and gauges into shared memory. A worker
that replaces a dead one continues from its snapshot, so that no counter ever falls.
"""

import logging
import mmap
import os
import signal
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from ads.tally import GAUGES, HISTOGRAMS, METRICS, Gauged, Tally

log = logging.getLogger("passalong")

SLOT_BYTES = 64 * 1024
_LENGTH, _READY, _BEATS = range(3)
_DATA = 12
"""A slot begins with three numbers of four bytes: at these places, before its snapshot."""
_OVER: Mapping[str, Callable[[Sequence[float]], float]] = {"sum": sum, "max": max, "min": min}


class Snapshot(msgspec.Struct, array_like=True):
    """A worker slot's counts since its beginning, and the last gauges of process `pid`."""

    counts: list[tuple[tuple[str, ...], int]] = []
    gauges: list[tuple[tuple[str, ...], float]] = []
    pid: int = 0

    def measured(self) -> Gauged:
        """The gauges; none if the process was killed and could not clear them."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return {}
        return dict(self.gauges)


_decode = msgspec.msgpack.Decoder(Snapshot).decode


class Slot:
    """A worker's snapshot in shared memory, the process that was last ready, and its beats."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SLOT_BYTES)
        self._numbers = memoryview(self._memory)[:_DATA].cast("I")

    @property
    def ready_pid(self) -> int:
        """The last process that said it was ready."""
        return self._numbers[_READY]

    def say_ready(self) -> None:
        """Note that this process answers on its sockets."""
        self._numbers[_READY] = os.getpid()

    @property
    def beats(self) -> int:
        """A number that changes once a second while the worker's loop turns."""
        return self._numbers[_BEATS]

    def beat(self) -> None:
        """Notes that the loop has turned."""
        self._numbers[_BEATS] = (self.beats + 1) & 0xFFFFFFFF

    def write(self, tally: Tally, gauges: Mapping[tuple[str, ...], float] | None = None) -> None:
        """Store a snapshot, if it fits into the slot; a worker that ends leaves no gauges."""
        counted = Snapshot(list(tally.items()), list((gauges or {}).items()), os.getpid())
        data = msgspec.msgpack.encode(counted)
        if len(data) > SLOT_BYTES - _DATA:
            return
        self._numbers[_LENGTH] = 0  # meanwhile a reader sees none, not half
        self._memory[_DATA : _DATA + len(data)] = data
        self._numbers[_LENGTH] = len(data)

    def snapshot(self) -> Snapshot | None:
        """The last snapshot, None if there is none or one is being written."""
        length = self._numbers[_LENGTH]
        if not length:
            return None
        try:
            return _decode(self._memory[_DATA : _DATA + length])
        except msgspec.DecodeError:  # overtaken by a write; the next scrape sees it
            return None

    def read(self) -> Tally:
        """The counts of the last snapshot, empty if there is none."""
        found = self.snapshot()
        return Tally(found.counts if found else ())


class Sums(Collector):
    """All slots together as Prometheus families; the first `workers` are pairs, one a worker."""

    def __init__(self, slots: Sequence[Sequence[Slot]], workers: int, version: str) -> None:
        self._workers = workers
        self._version = version
        self._slots = [slot for group in slots for slot in group]
        self._seen = [Snapshot() for _ in self._slots]

    def collect(self) -> Iterator[Metric]:
        """One family for each metric, the number of workers, and the version."""
        self._seen = [
            slot.snapshot() or seen for slot, seen in zip(self._slots, self._seen, strict=True)
        ]
        total: Counter[tuple[str, ...]] = Counter()
        for seen in self._seen:
            total.update(dict(seen.counts))
        yield from counters(total)
        yield from histograms(total)
        yield from gauges([seen.measured() for seen in self._seen])
        yield GaugeMetricFamily("passalong_workers", "Worker processes.", value=self._workers)
        yield InfoMetricFamily("passalong_build", "This version.", {"version": self._version})


def counters(total: Counter[tuple[str, ...]]) -> Iterator[Metric]:
    """One family for each counter."""
    for name, (text, labels) in METRICS.items():
        family = CounterMetricFamily(name, text, labels=labels)
        if not labels:
            family.add_metric((), total[name,])
        for key, count in sorted(total.items()):
            if labels and key[0] == name and len(key) == len(labels) + 1:
                family.add_metric(key[1:], count)
        yield family


def histograms(total: Counter[tuple[str, ...]]) -> Iterator[Metric]:
    """One family for each histogram, with cumulative buckets."""
    for name, (text, labels, bounds) in HISTOGRAMS.items():
        family = HistogramMetricFamily(name, text, labels=labels)
        found: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for key, count in total.items():
            if key[0] == name:
                found[key[1:-1]][key[-1]] += count
        for values, parts in sorted(found.items()):
            buckets, so_far = [], 0
            for number, bound in enumerate((*map(str, bounds), "+Inf")):
                so_far += parts[str(number)]
                buckets.append((bound, so_far))
            family.add_metric(values, buckets, parts["us"] / 1e6)
        yield family


def gauges(each: Sequence[Gauged]) -> Iterator[Metric]:
    """One family for each gauge, with the workers' values combined."""
    for name, (text, labels, over) in GAUGES.items():
        family = GaugeMetricFamily(name, text, labels=labels)
        found: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
        for worker in each:
            for key, value in worker.items():
                if key[0] == name:
                    found[key[1:]].append(value)
        for values, measured in sorted(found.items()):
            family.add_metric(values, _OVER[over](measured))
        yield family


def serve(slots: Sequence[Sequence[Slot]], workers: int, version: str, port: int) -> None:
    """Answer /metrics on 127.0.0.1 until SIGTERM; the body of a child process.

    Returns at once if the port is taken; the supervisor then starts it again.
    """
    registry = CollectorRegistry()
    registry.register(Sums(slots, workers, version))
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        log.error("no /metrics: cannot listen on port %d: %s", port, error.strerror)  # noqa: TRY400 - told whole
        return
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    stop.wait()
    server.shutdown()
    thread.join()
    server.server_close()
