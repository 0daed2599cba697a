"""The supervisor on a machine that can start no more processes."""

import signal
import time

import pytest

from proxy.run.child import Child
from proxy.run.roll import Roll
from proxy.run.supervisor import Supervisor


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Child:
    """A worker that cannot be started."""

    def fork() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("os.fork", fork)
    return Child("worker 0", lambda: None, lambda: True)


def test_a_worker_that_cannot_be_started_is_started_later_and_takes_nothing_with_it(
    worker: Child, caplog: pytest.LogCaptureFixture
) -> None:
    Supervisor([worker], None, [], 0)._revive()
    assert worker.pid == 0
    assert worker.not_before > time.monotonic()
    assert "worker 0 cannot be started" in caplog.text


def test_a_worker_whose_loop_stands_for_a_minute_is_killed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beats = iter([1, 2, 3, *[3] * 200])
    clock, killed = iter(range(10_000)), list[tuple[int, int]]()
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    monkeypatch.setattr("os.kill", lambda *told: killed.append(told))
    hung = Child("worker 0", lambda: None, lambda: True, lambda: next(beats), pid=12345)
    supervisor = Supervisor([hung], None, [], 0)
    for _ in range(63):
        supervisor._listen()
    assert not killed
    supervisor._listen()
    assert killed == [(12345, signal.SIGKILL)]
    assert "worker 0 hangs" in caplog.text


def test_a_worker_that_was_frozen_with_its_supervisor_has_time_to_be_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 1.0, 3_600.0, 3_601.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    frozen = Child("worker 0", lambda: None, lambda: True, lambda: 7, pid=12345)
    supervisor = Supervisor([frozen], None, [], 0)
    for _ in range(3):
        supervisor._listen()
    assert frozen.silent_s <= 4


def test_a_worker_that_is_not_ready_yet_is_not_listened_to() -> None:
    begun = Child("worker 0", lambda: None, lambda: False, lambda: 7, pid=12345)
    for _ in range(100):
        begun.listen(2.0)
    assert begun.silent_s == 0


def test_a_worker_that_cannot_be_replaced_goes_on(worker: Child) -> None:
    worker.pid = 12345
    roll = Roll([worker], 0)
    roll.step()
    assert (worker.pid, worker.turn, roll.done()) == (12345, 0, True)
