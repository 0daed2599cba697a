"""Sites that are away are left alone for a while, so that nobody waits for them again and again."""

import time
from collections.abc import Callable

from proxy.errors import SourceProblem

FAILURES = 5
"""So many in a row, not reached or not answering in time, and a site is taken to be away."""
PAUSE_SECONDS = 20.0
SITES_MAX = 10_000


class Breaker:
    """What is known of sites, `host[:port]`, that failed; of this process. `now` in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: dict[str, tuple[int, float]] = {}

    def check(self, site: str) -> None:
        """Raises SourceProblem("unreachable") at once for a site that is away.

        After the pause one may try, and all others wait another pause for what comes of that.
        """
        failures, until = self._failures.get(site, (0, 0.0))
        left = until - self._now()
        if left > 0:
            raise SourceProblem(
                "unreachable",
                f"{site} did not answer {failures} times in a row; "
                f"it is asked again in {left:.0f} seconds."[:300],
                retry_after=max(1, round(left)),
            )
        if failures >= FAILURES:
            self._failures[site] = failures, self._now() + PAUSE_SECONDS

    def failed(self, site: str) -> None:
        """It could not be reached, or did not answer in time."""
        failures = self._failures.pop(site, (0, 0.0))[0] + 1
        until = self._now() + PAUSE_SECONDS if failures >= FAILURES else 0.0
        if len(self._failures) >= SITES_MAX:
            del self._failures[next(iter(self._failures))]  # who failed longest ago
        self._failures[site] = failures, until

    def answered(self, site: str) -> None:
        """It is there, whatever it said."""
        self._failures.pop(site, None)
