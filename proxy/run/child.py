"""A child process: what it runs, and how its last runs went."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from proxy.death import end_with_parent

WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
"""Signals that the supervisor blocks and waits for; children unblock them."""


@dataclass
class Child:
    """`body` runs in the process. A child that tells when it is `ready` can be replaced.

    `beats` changes as long as the process does not hang.
    """

    name: str
    body: Callable[[], None]
    ready: Callable[[], bool] | None = None
    beats: Callable[[], int] | None = None
    pid: int = 0
    started: float = 0.0
    deaths: int = 0
    not_before: float = field(default=0.0)
    turn: int = 0
    """How often it was replaced; tells apart the two that run side by side meanwhile."""

    silent_s: float = 0.0
    """How long its `beats` have not changed, since it was ready."""
    heard: int = 0

    def listen(self, passed_s: float) -> None:
        """Looks at its `beats`, `passed_s` seconds after the last look."""
        served = self.pid and self.ready and self.ready()
        heard = self.beats() if served and self.beats else 0
        self.silent_s = self.silent_s + passed_s if heard and heard == self.heard else 0.0
        self.heard = heard

    def fork(self, held: int) -> None:
        """Starts the process; it closes descriptor `held`, which is the supervisor's alone."""
        parent = os.getpid()
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            # A Ctrl-C reaches us as SIGTERM, and SIGHUP is for the supervisor.
            for number in (signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            os.close(held)
            end_with_parent(parent)
            self.body()
            status = 0
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def ended(self) -> bool:
        """Whether the process was started and has ended."""
        return bool(self.pid and os.waitpid(self.pid, os.WNOHANG)[0])
