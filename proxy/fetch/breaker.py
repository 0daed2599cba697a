"""Sites that are away are left alone for a while, so that nobody waits for them again and again."""

import time
from collections.abc import Callable
from typing import NamedTuple

from proxy.errors import SourceProblem

FAILURES = 5
"""So many in a row, not reached or not answering in time, and a site is taken to be away."""
PAUSE_SECONDS = 20.0
SITES_MAX = 10_000


class _Failures(NamedTuple):
    times: int
    until: float
    code: str


_NONE = _Failures(0, 0.0, "")


class Breaker:
    """What is known of sites, `host[:port]`, that failed; of this process. `now` in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: dict[str, _Failures] = {}

    def check(self, site: str) -> None:
        """Raises SourceProblem at once, with the code of its last failure, for a site that is away.

        After the pause one may try, and all others wait another pause for what comes of that.
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
        """It could not be reached, or did not answer in time; `code` is the contract's."""
        times = self._failures.pop(site, _NONE).times + 1
        until = self._now() + PAUSE_SECONDS if times >= FAILURES else 0.0
        if len(self._failures) >= SITES_MAX:
            del self._failures[next(iter(self._failures))]  # who failed longest ago
        self._failures[site] = _Failures(times, until, code)

    def answered(self, site: str) -> None:
        """It is there, whatever it said."""
        self._failures.pop(site, None)
