"""Locks on the data directory: one service, one embedded store at a time."""

import fcntl
import os
import time
from pathlib import Path


class LockedError(Exception):
    """Another process holds the lock."""


def take(path: Path, wait_s: float = 0.0) -> int:
    """Locks `path` (made if missing) and returns its descriptor; the lock ends with the last copy.

    Waits at most `wait_s` for a holder that is on its way out; raises LockedError after that.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise LockedError(f"{path.parent} is in use by another passalong service") from None
            time.sleep(0.05)
        else:
            return descriptor
