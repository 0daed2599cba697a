"""A circuit breaker: sites that are away are not asked for a while, so nobody waits for them."""

import time
from collections.abc import Callable
from typing import NamedTuple

from proxy.errors import SourceProblem

FAILURES = 5
"""After so many failures in a row (not reached, no answer in time) a site counts as away."""
PAUSE_SECONDS = 20.0
SITES_MAX = 10_000


class _Failures(NamedTuple):
    times: int
    until: float
    code: str


_NONE = _Failures(0, 0.0, "")


class Breaker:
    """This process's failures by site, `host[:port]`. `now` in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: dict[str, _Failures] = {}

    def check(self, site: str) -> None:
        """For a site that is away, raises SourceProblem with the code of its last failure.

        After a pause one caller may try; all others are refused for another pause.
        """
        known = self._failures.get(site, _NONE)
        left = known.until - self._now()
        if left > 0:
            raise SourceProblem(
                known.code,
                f"{site[:200]} did not answer {known.times} times in a row; "
                f"it is asked again in {left:.0f} seconds.",
                retry_after=max(1, round(left)),
            )
        if known.times >= FAILURES:
            self._failures[site] = known._replace(until=self._now() + PAUSE_SECONDS)

    def failed(self, site: str, code: str) -> None:
        """Notes that a site could not be reached or did not answer in time; a contract's `code`."""
        times = self._failures.pop(site, _NONE).times + 1
        until = self._now() + PAUSE_SECONDS if times >= FAILURES else 0.0
        if len(self._failures) >= SITES_MAX:
            del self._failures[next(iter(self._failures))]  # who failed longest ago
        self._failures[site] = _Failures(times, until, code)

    def answered(self, site: str) -> None:
        """Notes that a site answered, whatever it said."""
        self._failures.pop(site, None)
