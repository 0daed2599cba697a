"""The first process: starts the store and the workers, restarts those that die, and ends them all.

It has no event loop and no threads, so that it can fork workers at any time.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from socket import socket

from proxy.run.child import WATCHED, Child
from proxy.run.lock import LockedError
from proxy.run.metrics import Slot
from proxy.run.roll import Roll
from proxy.run.store import EmbeddedStore

DRAIN_SECONDS = 9.2
STORE_SECONDS = 0.6  # the workers are gone by then, and the spool has what the store may lose
BACK_OFF_SECONDS = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
STORE_PAUSE_SECONDS = 1.0
HUNG_SECONDS = 60.0
"""A worker whose loop has not turned for so long hangs: nothing on it takes even a second."""
HEARD_SECONDS = 2.0  # at most between two rounds: who was frozen with the worker learns nothing
STEADY_SECONDS = 10.0  # a child that lived this long starts again without delay

log = logging.getLogger("passalong")


class Supervisor:
    """Keeps `children` and the embedded store (if any) alive until SIGTERM or SIGINT.

    SIGHUP replaces the workers one by one, after `reload` has read the settings again; but if the
    terminal was closed that the service was started in, it ends. `died` is called for each child
    that ended by itself.
    It holds copies of the workers' `sockets`, so that connections wait while a dead worker is
    replaced; it closes them before the workers drain, so that new connections are refused. Only it
    has descriptor `lock`: after it was killed, the next service need not wait for its workers.
    """

    def __init__(
        self,
        children: Sequence[Child],
        store: EmbeddedStore | None,
        sockets: Sequence[Sequence[socket]],
        lock: int,
        reload: Callable[[], None] = lambda: None,
        died: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.children = list(children)
        self.lock = lock
        self.sockets = sockets
        self.store = store
        self.store_not_before = 0.0
        self.reload = reload
        self.died = died
        self.roll = Roll((), lock)
        self.round = time.monotonic()
        self.terminal = sys.stderr.isatty()

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, then end everything within 10 seconds."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        while True:
            self._revive()
            info = signal.sigtimedwait(WATCHED, self._pause())
            number = info.si_signo if info else 0
            if self._ends(number):
                break
            if number == signal.SIGHUP:
                self._renew()
            self.roll.step()
            self._listen()
            self._bury()
        self._end()

    def _ends(self, number: int) -> bool:
        hung_up = number == signal.SIGHUP and self.terminal and not sys.stderr.isatty()
        return hung_up or number in (signal.SIGTERM, signal.SIGINT)

    def _pause(self) -> float:
        """Seconds until the next start is due, at most one."""
        if not self.roll.done():
            return 0.02
        due = [c.not_before for c in self.children if not c.pid]
        return max(0.01, min([1.0, *(at - time.monotonic() for at in due)]))

    def _renew(self) -> None:
        if not self.roll.done():
            return
        log.info("replacing the workers one by one")
        self.reload()
        self.roll = Roll(self.children, self.lock)

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if not child.pid and child.not_before <= now:
                self._begin(child, now)
        if self.store and not self.store.alive() and self.store_not_before <= now:
            self._restart(self.store, now)

    def _begin(self, child: Child, now: float) -> None:
        try:
            child.fork(self.lock)
        except OSError as error:  # no memory, or too many processes; the others go on meanwhile
            child.not_before = now + BACK_OFF_SECONDS[-1]
            log.warning("%s cannot be started: %s", child.name, error)

    def _restart(self, store: EmbeddedStore, now: float) -> None:
        self.store_not_before = now + STORE_PAUSE_SECONDS
        log.warning("store ended; starting it again")
        self.died("store")
        try:
            store.spawn()
        except (OSError, LockedError) as error:  # workers take events without it: try again later
            log.warning("the store cannot be started: %s", error)

    def _listen(self) -> None:
        now = time.monotonic()
        passed_s, self.round = min(now - self.round, HEARD_SECONDS), now
        for child in self.children:
            child.listen(passed_s)
            if child.silent_s > HUNG_SECONDS:
                log.warning("%s hangs and is killed", child.name)
                os.kill(child.pid, signal.SIGKILL)
                child.silent_s = 0.0

    def _bury(self) -> None:
        for child in self.children:
            if child.ended():
                self._note_death(child)

    def _note_death(self, child: Child) -> None:
        now = time.monotonic()
        child.pid = 0
        child.deaths = 0 if now - child.started > STEADY_SECONDS else child.deaths + 1
        child.not_before = now + BACK_OFF_SECONDS[min(child.deaths, len(BACK_OFF_SECONDS) - 1)]
        log.warning("%s ended; starting it again", child.name)
        self.died(child.name.partition(" ")[0])

    def _end(self) -> None:
        if self.roll.old:  # wait for this process, too
            self.children.append(Child("the worker that was replaced", lambda: None))
            self.children[-1].pid = self.roll.old
        close(self.sockets)
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + DRAIN_SECONDS
        while any(c.pid for c in self.children) and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.1)
            for child in self.children:
                if child.ended():
                    child.pid = 0
        for child in self.children:
            if child.pid:
                log.warning("%s did not end within %.0f s and is killed", child.name, DRAIN_SECONDS)
        self._signal(signal.SIGKILL)
        if self.store:
            self.store.stop(STORE_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)


def worker_children(
    body: Callable[[Sequence[socket], Slot], None],
    sockets: Sequence[Sequence[socket]],
    slots: Sequence[Sequence[Slot]],
) -> list[Child]:
    """A child for each set of sockets, running `body(sockets, slot)` with all other sets closed.

    Each has two slots: a replacement counts in the one that its predecessor does not use.
    """

    def slot(number: int) -> Slot:
        return slots[number][children[number].turn % 2]

    def alone(number: int) -> None:
        close([group for other, group in enumerate(sockets) if other != number])
        body(sockets[number], slot(number))

    def ready(number: int) -> bool:
        return slot(number).ready_pid == children[number].pid

    def beats(number: int) -> int:
        return slot(number).beats

    children = [
        Child(
            f"worker {number}",
            partial(alone, number),
            partial(ready, number),
            partial(beats, number),
        )
        for number in range(len(sockets))
    ]
    return children


def close(groups: Sequence[Sequence[socket]]) -> None:
    """Close this process's copies of listening sockets."""
    for group in groups:
        for each in group:
            each.close()
