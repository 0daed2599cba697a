"""A rolling restart of the workers: each new one serves before its old one is told to drain.

Both listen on the same sockets, which the supervisor holds open, so no connection is refused.
"""

import logging
import os
import signal
import time
from collections.abc import Iterable

from proxy.run.child import Child

READY_SECONDS = 30.0
LEAVE_SECONDS = 10.0

log = logging.getLogger("passalong")


class Roll:
    """A rolling restart; `step` advances it without waiting."""

    def __init__(self, children: Iterable[Child], held: int) -> None:
        self._waiting = [child for child in children if child.ready]
        self._held = held
        self._coming: Child | None = None
        self.old = 0
        """The pid of the process that is being replaced; 0 if none is."""
        self._deadline = 0.0

    def done(self) -> bool:
        """Whether every worker has been replaced, or the restart was given up."""
        return not (self._waiting or self.old)

    def step(self) -> None:
        """Does the next step, if the replacement is ready for it."""
        if self._coming:
            self._look_at_the_new(self._coming)
        elif self.old:
            self._look_at_the_old()
        elif self._waiting:
            self._begin(self._waiting.pop(0))

    def _begin(self, child: Child) -> None:
        if not child.pid:
            return  # it is dead, and the supervisor will start it anew
        self._coming, self.old = child, child.pid
        child.turn += 1
        self._deadline = time.monotonic() + READY_SECONDS
        try:
            child.fork(self._held)
        except OSError:
            self._give_up(child)

    def _look_at_the_new(self, child: Child) -> None:
        if child.ready and child.ready():
            os.kill(self.old, signal.SIGTERM)
            self._coming = None
            self._deadline = time.monotonic() + LEAVE_SECONDS
        elif not child.pid or child.ended():
            self._give_up(child)
        elif time.monotonic() > self._deadline:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            self._give_up(child)

    def _give_up(self, child: Child) -> None:
        log.error("%s could not be replaced; the old workers go on", child.name)
        child.pid, child.turn = self.old, child.turn - 1
        self._coming, self.old, self._waiting = None, 0, []

    def _look_at_the_old(self) -> None:
        if os.waitpid(self.old, os.WNOHANG)[0]:
            self.old = 0
        elif time.monotonic() > self._deadline:
            os.kill(self.old, signal.SIGKILL)
