"""A ring buffer in an unnamed file: new data overwrites the oldest (a leaf)."""

import os
import tempfile
import threading
from pathlib import Path


class Ring:
    """At most `max_bytes` in a file in `folder`, which vanishes with the process.

    Positions only grow: data at `at` is intact while the end is at most `max_bytes` beyond `at`.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._end = 0
        self._file = -1
        self._closed = False
        self._writing = threading.Lock()

    def room(self, size: int) -> int | None:
        """Reserve so many bytes and return their position; None if they can never fit."""
        if size > self._max_bytes:
            return None
        at = self._end
        left = self._max_bytes - at % self._max_bytes
        if size > left:  # data is contiguous: it does not wrap around
            at += left
        self._end = at + size
        return at

    def put(self, at: int, data: bytes | bytearray) -> None:
        """Write to a position from `room`, in any thread. Raises OSError; may wait for the disk."""
        # Without the lock, `close` could free the descriptor, and another file get its number.
        with self._writing:
            if self._closed:
                raise OSError("the file was given up")
            if self._file < 0:
                with tempfile.TemporaryFile(dir=self._folder, buffering=0) as file:
                    self._file = os.dup(file.fileno())
            written, place = 0, at % self._max_bytes
            while written < len(data):
                written += os.pwrite(self._file, data[written:], place + written)

    def get(self, at: int, size: int) -> bytearray | None:
        """Read so many bytes from a position; None if they are overwritten.

        None as well if the read would wait for the disk: it uses the kernel's page cache only
        (preadv2(2), RWF_NOWAIT).
        """
        if self._end - at > self._max_bytes or self._file < 0:
            return None
        data = bytearray(size)
        try:
            found = os.preadv(self._file, [data], at % self._max_bytes, os.RWF_NOWAIT)
        except OSError:  # not in the page cache, or the file system does not support the flag
            return None
        return data if found == size else None

    def close(self) -> None:
        """Close the file, which frees its disk space."""
        with self._writing:
            self._closed = True
            if self._file >= 0:
                os.close(self._file)
                self._file = -1
