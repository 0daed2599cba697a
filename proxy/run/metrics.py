"""/metrics of the whole service: workers keep plain integers, one process sums them.

Each worker writes a snapshot of its tally into memory shared with its siblings once a second; a
worker that replaces a dead one goes on from that snapshot, so that no counter ever falls.
"""

import mmap
import os
import signal
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ads.tally import METRICS, Tally

SLOT_BYTES = 64 * 1024
_LENGTH = struct.Struct("<I")
_PID = struct.Struct("<I")
_DATA = _LENGTH.size + _PID.size
_decode = msgspec.msgpack.Decoder(list[tuple[tuple[str, ...], int]]).decode


class Slot:
    """One worker's snapshot in shared memory, and which process has been ready to serve."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SLOT_BYTES)

    @property
    def ready_pid(self) -> int:
        """The last process that said it was ready."""
        return int(_PID.unpack(self._memory[_LENGTH.size : _DATA])[0])

    def say_ready(self) -> None:
        """This process answers on its sockets."""
        self._memory[_LENGTH.size : _DATA] = _PID.pack(os.getpid())

    def write(self, tally: Tally) -> None:
        """Stores a snapshot; one larger than the slot is left out."""
        data = msgspec.msgpack.encode(list(tally.items()))
        if len(data) > SLOT_BYTES - _DATA:
            return
        self._memory[: _LENGTH.size] = _LENGTH.pack(0)  # a reader meanwhile sees none, not half
        self._memory[_DATA : _DATA + len(data)] = data
        self._memory[: _LENGTH.size] = _LENGTH.pack(len(data))

    def read(self) -> Tally:
        """The last snapshot, empty if there is none."""
        (length,) = _LENGTH.unpack(self._memory[: _LENGTH.size])
        if not length:
            return Counter()
        try:
            return Counter(dict(_decode(self._memory[_DATA : _DATA + length])))
        except msgspec.DecodeError:  # overtaken by a write; the next scrape sees it
            return Counter()


class Sums(Collector):
    """The sums over all workers' slots, as Prometheus families."""

    def __init__(self, slots: Sequence[Sequence[Slot]]) -> None:
        self._workers = len(slots)
        self._slots = [slot for pair in slots for slot in pair]
        self._seen: list[Tally] = [Counter() for _ in self._slots]

    def collect(self) -> Iterator[Metric]:
        """One counter family a metric, and the number of workers."""
        self._seen = [
            slot.read() or seen for slot, seen in zip(self._slots, self._seen, strict=True)
        ]
        total: Tally = sum(self._seen, Counter())
        for name, (text, labels) in METRICS.items():
            family = CounterMetricFamily(name, text, labels=labels)
            for key, count in sorted(total.items()):
                if key[0] == name and len(key) == len(labels) + 1:
                    family.add_metric(key[1:], count)
            yield family
        yield GaugeMetricFamily("passalong_workers", "Worker processes.", value=self._workers)


def serve(slots: Sequence[Sequence[Slot]], port: int) -> None:
    """Answers /metrics on 127.0.0.1 until SIGTERM; the body of a process of its own."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    registry = CollectorRegistry()
    registry.register(Sums(slots))
    server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    stop.wait()
    server.shutdown()
    thread.join()
    server.server_close()
