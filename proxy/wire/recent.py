"""Answers of this second: who asks the same with the same fields gets the same bytes.

A page that thousands ask for in a second is looked up, weighed and dated once. Nothing outlives a
change: an edge that is told of one asks at once, and must not be given the page before it.
"""

from collections.abc import Callable
from typing import NamedTuple

from ads.clock import SECOND
from proxy.wire.head import Head
from proxy.wire.outbox import Parts

REMEMBERED = 512
"""Answers a second: what is asked for often is among the first."""
Name = tuple[bytes, str, Head]
"""Method, share and head."""


class Answered(NamedTuple):
    """An answer and the metric that counts it."""

    parts: Parts
    counted: tuple[str, ...]


class Recent:
    """Remembers answers until the clock's next second, and no longer than `mark` is the same."""

    def __init__(self, mark: Callable[[], int]) -> None:
        self._mark = mark
        self._of = (0, 0)
        self._answers: dict[Name, Answered] = {}

    def get(self, name: Name, at: int) -> Answered | None:
        """What was answered within this second (`at` in epoch milliseconds)."""
        of = (at // SECOND, self._mark())
        if of != self._of:
            self._of, self._answers = of, {}
        return self._answers.get(name)

    def keep(self, name: Name, answered: Answered) -> None:
        """Remembers an answer that was made in the moment of the last `get`."""
        if len(self._answers) < REMEMBERED:
            self._answers[name] = answered
