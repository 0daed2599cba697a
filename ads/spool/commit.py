"""Group commit: one thread writes all waiting payloads, so that many callers share one sync."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

Told = Callable[[OSError | None], None]
Job = tuple[Sequence[bytes], Told]
GATHER_SECONDS = 0.001
"""The least time between two syncs while several callers wait; later ones join the next sync."""


class GroupCommit:
    """Calls `write` in its own thread with all payloads that came since the last write.

    `done` is called on the callers' event loop after each successful write.
    """

    def __init__(self, write: Callable[[Sequence[bytes]], None], done: Callable[[], None]) -> None:
        self._write = write
        self._done = done
        self._gate = threading.Condition()
        self._jobs: list[Job] = []
        self._fresh: list[Job] = []
        self._queued_bytes = self._fresh_bytes = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop

    @property
    def waiting_bytes(self) -> int:
        """Bytes of payloads that wait for the next write."""
        return self._fresh_bytes + self._queued_bytes

    def submit(self, payloads: Sequence[bytes], told: Told) -> None:
        """Queue payloads; `told` is called on the running loop once written (None), or if it fails.

        The thread is woken once for all that come in one turn of the loop. Raises OSError after
        `stop`.
        """
        if self._stopped:
            raise OSError("the spool is closed")
        if not self._fresh:
            self._start()
            self._loop.call_soon(self._hand_over)
        self._fresh.append((payloads, told))
        self._fresh_bytes += sum(map(len, payloads))

    def stop(self) -> None:
        """Write what waits, then end the thread."""
        self._stopped = True
        self._hand_over()
        if self._thread:
            self._thread.join()

    def _hand_over(self) -> None:
        with self._gate:
            self._jobs += self._fresh
            self._queued_bytes += self._fresh_bytes
            self._fresh, self._fresh_bytes = [], 0
            self._gate.notify()

    def _start(self) -> None:
        # Not in __init__: a process that forks after making the spool would lose the thread.
        if not self._thread:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        began = 0.0
        while jobs := self._gather():
            left = began + GATHER_SECONDS - time.monotonic()
            if len(jobs) > 1 and left > 0:
                # Several callers wait: a sync for each few would cost more than all else.
                time.sleep(left)
                jobs += self._taken()
            began = time.monotonic()
            error = self._attempt([payload for payloads, _ in jobs for payload in payloads])
            # Once the loop is closed nobody is left to be told.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._settle, [told for _, told in jobs], error)

    def _gather(self) -> list[Job]:
        with self._gate:
            self._gate.wait_for(lambda: self._jobs or self._stopped)
            return self._taken()

    def _taken(self) -> list[Job]:
        with self._gate:
            jobs, self._jobs, self._queued_bytes = self._jobs, [], 0
            return jobs

    def _attempt(self, payloads: Sequence[bytes]) -> OSError | None:
        try:
            self._write(payloads)
        except OSError as error:
            return error
        # Callers must hear of any other fault too, and the thread must survive it.
        except Exception as error:  # noqa: BLE001
            return OSError(f"{type(error).__name__}: {error}")
        return None

    def _settle(self, listeners: Sequence[Told], error: OSError | None) -> None:
        for told in listeners:
            told(error)
        if error is None:
            self._done()
