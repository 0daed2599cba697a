"""The lock between backups and removal: no segment leaves the spool while it is copied.

A copy of the spool and a snapshot of the store fit together only if no segment, nor its marks, is
removed between the two.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "hold"
LOOK_SECONDS = 0.05


@contextmanager
def removing(directory: Path) -> Iterator[bool]:
    """Yields whether segments may be removed; no copy begins in the block. Raises OSError."""
    with _opened(directory) as descriptor:
        yield _taken(descriptor, fcntl.LOCK_SH)


@contextmanager
def copying(directory: Path, wait_s: float) -> Iterator[None]:
    """No segment is removed inside the block. Raises TimeoutError, OSError."""
    deadline = time.monotonic() + wait_s
    with _opened(directory) as descriptor:
        while not _taken(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"another backup of {directory} is under way")
            time.sleep(LOOK_SECONDS)
        yield


@contextmanager
def _opened(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
