"""How much an account may publish: in a minute, at once, and as a newcomer in a day."""

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
# Calls of an account in a minute. A person publishes one in twenty seconds at best; the console
# makes at most thirty in one go, one for each channel.
A_MINUTE: Mapping[Kind, int] = {"publish": 30, "preview": 60}
Daily = Literal["new-shares", "previews", "share-tries"]
A_DAY: dict[Daily, tuple[int, str]] = {
    "new-shares": (1, "shares at most {} pages"),
    "previews": (10, "looks at {} previews"),
    "share-tries": (10, "tries to share {} times"),
}
"""For each page that a newcomer may share in a day: how often, and what the refusal says."""
AT_ONCE = 16
"""Pages fetched at once for an account. A worker has 64 connections, which pictures and other
accounts need too: slow sources must not occupy them all.
"""
RETRY_SECONDS = 5


class Limits:
    """Every method raises Problem("rate_limited"); `_waiting`: this worker's pages by account."""

    def __init__(self, config: AdsConfig, throttle: Throttle) -> None:
        self._config = config
        self._throttle = throttle
        self._waiting: dict[str, Counter[str]] = {}

    async def minute(self, account: Account, kind: Kind) -> None:
        """Counts one more call in this minute."""
        most = A_MINUTE[kind]
        rate, detail = Rate(most, MINUTE // most), f"At most {most} a minute."
        await self._throttle.brake(kind, account.id, rate, detail)

    async def day(self, account: Account, what: Daily) -> None:
        """Counts one more in this day, if the account is a newcomer: each page takes up room."""
        if not account.newcomer:
            return
        times, does = A_DAY[what]
        rate = access.newcomers(self._config.newcomer_shares * times)
        # By the advertiser, so that inviting guests does not allow more.
        detail = f"A new account {does.format(rate.burst)} a day."
        await self._throttle.brake(what, account.ads_owner, rate, detail)

    @contextmanager
    def waiting(self, account: str, page: str) -> Iterator[None]:
        """Counts a page that the account waits for in the block."""
        mine = self._waiting.setdefault(account, Counter())
        if self._config.limits and page not in mine and len(mine) >= AT_ONCE:
            detail = f"At most {AT_ONCE} pages are fetched for you at once."
            raise Problem("rate_limited", detail, retry_after=RETRY_SECONDS)
        mine[page] += 1
        try:
            yield
        finally:
            mine[page] -= 1
            mine += Counter()  # drops pages whose count is zero
            if not mine:
                self._waiting.pop(account, None)
