"""How many pages are fetched for an account at once: slow sources must not take all connections."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ads.errors import Problem

AT_ONCE = 16
"""Of a worker's 64 connections, which readers' pictures and other people's pages need as well."""
RETRY_SECONDS = 5


class ConcurrencyLimit:
    """Which pages each account waits for in this worker."""

    def __init__(self) -> None:
        self._waiting: dict[str, Counter[str]] = {}

    @contextmanager
    def admit(self, account: str, page: str) -> Iterator[None]:
        """While the account waits for a page. Raises Problem("rate_limited") for one too many."""
        mine = self._waiting.setdefault(account, Counter())
        if page not in mine and len(mine) >= AT_ONCE:
            detail = f"At most {AT_ONCE} pages are fetched for you at once."
            raise Problem("rate_limited", detail, retry_after=RETRY_SECONDS)
        mine[page] += 1
        try:
            yield
        finally:
            mine[page] -= 1
            mine += Counter()  # who waits for none is forgotten
            if not mine:
                self._waiting.pop(account, None)
