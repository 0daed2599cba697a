"""Six runs with faults under load: acknowledged events are counted, and none twice.

`ops/bench faults` has more and longer runs. A run prints its faults; a seed always draws the same.
"""

import asyncio
import sys

import pytest

from tests.faults.disk import Disk
from tests.faults.engine import timed
from tests.faults.schedule import ALL, draw

STEPS = 3
SEEDS = (0, 16, 38, 52, 409, 522)  # they have all faults, with as few restarts as possible
AT_ONCE = 3  # runs mostly wait for processes to start and stores to come back


@pytest.fixture(scope="module")
def disks(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Whether small disks can be mounted; else schedules have none."""
    return Disk.possible(tmp_path_factory.mktemp("disk"))


def test_small_disks_are_there_to_be_filled(disks: bool) -> None:
    if not disks:
        pytest.skip("NO SMALL DISK: only root can mount one; no schedule fills a disk")


def test_in_six_runs_everything_breaks_that_can() -> None:
    assert {step.fault for seed in SEEDS for step in draw(seed, steps=STEPS).steps} == ALL


@pytest.mark.timeout(240)
@pytest.mark.parametrize("first", range(0, len(SEEDS), AT_ONCE))
async def test_what_was_acknowledged_is_counted_exactly_once_whatever_breaks(
    first: int, disks: bool
) -> None:
    seeds = SEEDS[first : first + AT_ONCE]
    schedules = [draw(seed, disks=disks, steps=STEPS) for seed in seeds]
    runs = await asyncio.gather(*map(timed, schedules))
    for schedule, (outcome, seconds) in zip(schedules, runs, strict=True):
        sys.stdout.write(f"seed {schedule.seed} ({seconds:.0f} s): {outcome}\n")
    assert not {s.seed: o.problems for s, (o, _) in zip(schedules, runs, strict=True) if o.problems}
    assert all(outcome.acknowledged > 100 for outcome, _ in runs), "the load was no load"
