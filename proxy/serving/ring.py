"""A file without a name in which new bytes go over the oldest (a leaf)."""

import os
import tempfile
import threading
from pathlib import Path


class Ring:
    """At most `max_bytes` in a file in `folder`, of which nothing is left when the process ends.

    Places in it are numbers that only grow: what was put at `at` is whole for as long as less than
    `max_bytes` came after it.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._end = 0
        self._file = -1
        self._closed = False
        self._writing = threading.Lock()

    def room(self, size: int) -> int | None:
        """Where so many bytes go, over whatever was there; None if they never fit."""
        if size > self._max_bytes:
            return None
        at = self._end
        left = self._max_bytes - at % self._max_bytes
        if size > left:  # nothing is put over the edge
            at += left
        self._end = at + size
        return at

    def put(self, at: int, data: bytes | bytearray) -> None:
        """Writes to `room` made for it, in any thread. Raises OSError; may wait for the disk."""
        # Closed meanwhile, its number may be another file's.
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
        """So many bytes from a place that `room` gave; None if others are there by now.

        None as well if they would have to be waited for: only what the kernel has in memory is
        read (preadv2(2), RWF_NOWAIT).
        """
        if self._end - at > self._max_bytes or self._file < 0:
            return None
        data = bytearray(size)
        try:
            found = os.preadv(self._file, [data], at % self._max_bytes, os.RWF_NOWAIT)
        except OSError:  # it is not in memory, or the file system cannot tell
            return None
        return data if found == size else None

    def close(self) -> None:
        """Gives the file and its room up."""
        with self._writing:
            self._closed = True
            if self._file >= 0:
                os.close(self._file)
                self._file = -1
