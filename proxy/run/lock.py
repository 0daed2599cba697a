"""Locks on the data directory: one service, one embedded store at a time."""

import fcntl
import os
import time
from pathlib import Path


class LockedError(Exception):
    """Another process holds the lock, or the directory cannot be used."""


def take(path: Path, wait_s: float = 0.0) -> int:
    """Lock `path` and return its descriptor; the lock ends when all copies of that are closed.

    Makes the file and its directory if missing. Waits at most `wait_s` for a holder that is ending.
    Raises LockedError.
    """
    descriptor = _opened(path)
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


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LockedError(f"{path.parent} cannot be used: {error.strerror}") from error
