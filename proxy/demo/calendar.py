"""A clock that another process sets, so that the past week passes in seconds (a leaf)."""

import mmap
import struct

_AT = struct.Struct("<q")


class Calendar:
    """A `Clock` in memory that it shares with processes forked later; it never goes back."""

    def __init__(self, at: int) -> None:
        self._memory = mmap.mmap(-1, _AT.size)
        self.turn(at)

    def __call__(self) -> int:
        """The time, in ms since the epoch."""
        return int(_AT.unpack(self._memory[: _AT.size])[0])

    def turn(self, at: int) -> None:
        """Sets the clock to `at` (ms); an earlier time changes nothing."""
        if at > self():
            self._memory[: _AT.size] = _AT.pack(at)
