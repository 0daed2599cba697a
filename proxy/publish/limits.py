"""How much is published for one account: in a minute, by a newcomer in a day, and at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from ads.accounts import Account, access
from ads.accounts.access import Rate
from ads.clock import MINUTE
from ads.config import AdsConfig
from ads.errors import Problem
from ads.store.throttle import Throttle

Kind = Literal["publish", "preview"]
# Calls a minute and account. A person publishes one in twenty seconds at best; a list of thirty
# channels in one go is the most that the console makes.
A_MINUTE: Mapping[Kind, int] = {"publish": 30, "preview": 60}
Daily = Literal["new-shares", "previews", "share-tries"]
A_DAY: dict[Daily, tuple[int, str]] = {
    "new-shares": (1, "shares at most {} pages"),
    "previews": (10, "looks at {} previews"),
    "share-tries": (10, "tries to share {} times"),
}
"""How often for each page that a newcomer may share in a day, and what it is told then."""
AT_ONCE = 16
"""Of a worker's 64 connections, which readers' pictures and other people's pages need as well:
slow sources must not take all.
"""
RETRY_SECONDS = 5


class Limits:
    """All of it raises Problem("rate_limited"); `_waiting` are pages of this worker by account."""

    def __init__(self, config: AdsConfig, throttle: Throttle) -> None:
        self._config = config
        self._throttle = throttle
        self._waiting: dict[str, Counter[str]] = {}

    async def minute(self, account: Account, kind: Kind) -> None:
        """One call more in this minute."""
        most = A_MINUTE[kind]
        rate, detail = Rate(most, MINUTE // most), f"At most {most} a minute."
        await self._throttle.brake(kind, account.id, rate, detail)

    async def day(self, account: Account, what: Daily) -> None:
        """One more in this day, of somebody whom nobody vouched for: each page takes its room."""
        if not account.newcomer:
            return
        times, does = A_DAY[what]
        rate = access.newcomers(self._config.newcomer_shares * times)
        # By the house: guests of a newcomer are no way to share more.
        detail = f"A new account {does.format(rate.burst)} a day."
        await self._throttle.brake(what, account.house, rate, detail)

    @contextmanager
    def waiting(self, account: str, page: str) -> Iterator[None]:
        """While the account waits for a page."""
        mine = self._waiting.setdefault(account, Counter())
        if self._config.limits and page not in mine and len(mine) >= AT_ONCE:
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
