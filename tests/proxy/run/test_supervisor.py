"""What the supervisor does when the machine has no process left for it."""

import time

import pytest

from proxy.run.child import Child
from proxy.run.roll import Roll
from proxy.run.supervisor import Supervisor


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Child:
    """One that cannot be started."""

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


def test_a_worker_that_cannot_be_replaced_goes_on(worker: Child) -> None:
    worker.pid = 12345
    roll = Roll([worker], 0)
    roll.step()
    assert (worker.pid, worker.turn, roll.done()) == (12345, 0, True)
