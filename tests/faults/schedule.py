"""The faults of a run, drawn from a seed: the same seed gives the same faults in the same order."""

import random
from collections.abc import Sequence
from typing import NamedTuple

STEPS = 4
EVERYWHERE = (
    "kill a worker",
    "pause a worker",
    "kill the supervisor",
    "kill everything, tear the last record",
    "restart with other workers",
    "a second service",
    "step the clock",
    "kill the store",
    "pause the store",
)
EMBEDDED = ("kill the store in a rewrite", "power cut under the store")
EXTERNAL = ("cut replies", "cut replies", "no store", "a silent store")
DISK = ("full disk", "full disk", "read-only disk")
ALL = frozenset((*EVERYWHERE, *EMBEDDED, *EXTERNAL, *DISK))
HOURS = 9
"""The most that a clock is off, either way, so that a run stays within a day of its pages."""


class Step(NamedTuple):
    """A fault: how long the load runs before it, how long it lasts, and a number for details."""

    fault: str
    after: float
    seconds: float
    number: int


class Schedule(NamedTuple):
    """`external`: an operator's store with fsync always, behind a connection that can be cut.

    Otherwise the store is embedded, with everysec. `disk`: the spool is on a small disk.
    """

    seed: int
    external: bool
    disk: bool
    steps: Sequence[Step]


def draw(seed: int, *, disks: bool = True, steps: int = STEPS) -> Schedule:
    """The schedule of a seed; without `disks` it has no faults of disks."""
    rng = random.Random(seed)
    external = rng.random() < 0.5
    disk = rng.random() < 0.35 and disks
    own = EXTERNAL if external else EMBEDDED
    pool = [*EVERYWHERE, *own, *(DISK if disk else ())]
    # Each kind of run has the fault that it exists for.
    faults = [rng.choice(own), *rng.sample(pool, steps - 1)]
    if disk:
        faults[-1] = rng.choice(DISK)
    rng.shuffle(faults)
    return Schedule(seed, external, disk, [_step(rng, fault) for fault in faults])


def _step(rng: random.Random, fault: str) -> Step:
    return Step(fault, rng.uniform(0.1, 0.8), rng.uniform(0.3, 1.5), rng.randrange(1 << 30))
