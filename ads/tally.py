"""A worker's own metrics: plain integers, summed over the workers elsewhere (a leaf)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

# Metric -> help and label names, by Prometheus's conventions.
METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "passalong_requests": ("Requests answered.", ("origin", "status")),
    "passalong_beacons": ("Beacon calls answered.", ("status",)),
    "passalong_events": ("Events received, by what was known at receipt.", ("verdict",)),
    "passalong_pages": ("Branded pages served, from memory or rendered anew.", ("origin",)),
    "passalong_purges": ("Calls that told an edge of changes.", ("outcome",)),
    "passalong_folded": ("Events folded into the store.", ()),
    "passalong_restarts": ("Processes that ended by themselves and were started again.", ("name",)),
}


class Histogram(NamedTuple):
    """`bounds` are the buckets' upper ones, in seconds."""

    text: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...]


_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
HISTOGRAMS: Mapping[str, Histogram] = {
    "passalong_request_seconds": Histogram(
        "Time to answer requests that are not answered from memory at once.", ("kind",), _SLOW
    ),
    "passalong_beacon_seconds": Histogram("Time until a call's events are durable.", (), _QUICK),
    "passalong_fold_lag_seconds": Histogram(
        "Age of the oldest event of a batch when it is counted.", (), (*_SLOW, 60.0, 600.0, 3600.0)
    ),
    "passalong_fetch_seconds": Histogram("Time to fetch a source.", ("outcome",), _SLOW),
    "passalong_compile_seconds": Histogram("Time to compile an article.", ("outcome",), _SLOW),
}


class Gauge(NamedTuple):
    """`over` is how the workers' values are combined."""

    text: str
    labels: tuple[str, ...]
    over: Literal["sum", "max", "min"]


GAUGES: Mapping[str, Gauge] = {
    "passalong_store_up": Gauge("Whether every worker may write to the store.", (), "min"),
    "passalong_store_memory_bytes": Gauge(
        "Memory of the store, of a cluster a server's.", (), "max"
    ),
    "passalong_spool_bytes": Gauge("Durable events that are not counted for good.", (), "sum"),
    "passalong_spool_free_bytes": Gauge("Free space on the spool's disk.", (), "min"),
    "passalong_hot_bytes": Gauge("Pages in the workers' memory.", (), "sum"),
    "passalong_memory_bytes": Gauge("Resident memory of the workers.", (), "sum"),
    "passalong_open_files": Gauge("Descriptors of the worker that has most.", (), "max"),
    "passalong_open_files_limit": Gauge("Descriptors that a worker may have.", (), "min"),
    "passalong_edge_behind_seconds": Gauge(
        "Age of the oldest change that an edge has not heard of.", ("edge",), "max"
    ),
}


class Tally(defaultdict[tuple[str, ...], int]):
    """(metric, label values …) -> count; only ever added to.

    For a histogram, the last part is the bucket's number, or "us" for the sum in microseconds.
    It is not a Counter, whose writes go through Python and take twice as long.
    """

    def __init__(self, counts: Iterable[tuple[tuple[str, ...], int]] = ()) -> None:
        super().__init__(int, counts)


Gauged = dict[tuple[str, ...], float]
"""(gauge, label values …) -> value now."""


def observe(tally: Tally, name: str, seconds: float, *labels: str) -> None:
    """Counts one duration in a histogram."""
    tally[name, *labels, str(bisect_left(HISTOGRAMS[name].bounds, seconds))] += 1
    tally[name, *labels, "us"] += int(seconds * 1e6)
