"""A cache of this second's answers: the same request with the same fields gets the same bytes.

A page that thousands ask for in a second is looked up and dated once. Any change empties the cache:
an edge that was purged asks at once, and must not get the old page.
"""

from collections.abc import Callable
from typing import NamedTuple

from ads.clock import SECOND
from proxy.wire.head import Head
from proxy.wire.outbox import Parts

REMEMBERED = 512
"""Answers a second; the first ones, as popular pages are among them."""
Name = tuple[bytes, str, Head]
"""A request's method, share and head."""


class Answered(NamedTuple):
    """An answer and the metric, with labels, that counts it."""

    parts: Parts
    counted: tuple[str, ...]


class Recent:
    """Keeps answers until the clock's next second, or until `mark` (`Hot.mark`) changes."""

    def __init__(self, mark: Callable[[], int]) -> None:
        self._mark = mark
        self._moment = (0, 0)
        self._answers: dict[Name, Answered] = {}

    def get(self, name: Name, at: int) -> Answered | None:
        """The answer that was kept in the second of `at` (epoch milliseconds)."""
        moment = (at // SECOND, self._mark())
        if moment != self._moment:
            self._moment, self._answers = moment, {}
        return self._answers.get(name)

    def keep(self, name: Name, answered: Answered) -> None:
        """Keep an answer; call it after `get`, without waiting in between."""
        if len(self._answers) < REMEMBERED:
            self._answers[name] = answered
