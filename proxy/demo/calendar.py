"""A clock that another process sets, so that the past week passes in seconds (a leaf)."""

import mmap


class Calendar:
    """A `Clock` in memory that it shares with processes forked later; it never goes back."""

    def __init__(self, at: int) -> None:
        self._at = memoryview(mmap.mmap(-1, 8)).cast("q")
        self.turn(at)

    def __call__(self) -> int:
        """The time, in ms since the epoch."""
        return self._at[0]

    def turn(self, at: int) -> None:
        """Sets the clock to `at` (ms); an earlier time changes nothing."""
        if at > self():
            self._at[0] = at
