"""What was booked and active at the time of an event, for the fold."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ads.ad import Ad
from ads.booking import Booking, History, active_at, as_of
from ads.clock import Clock, steady_ms
from ads.store.ads import Ads
from ads.store.bookings import Bookings

KEPT = 10_000
VERSIONS_KEPT = 1_000

Value = TypeVar("Value")


class _Recent(Generic[Value]):
    """A cache of records, each valid for times before it was loaded: the past does not change.

    If the clock was set back since, those times come again, and the entry is valid for less.
    """

    def __init__(self, load: Callable[[str], Awaitable[Value]], now: Clock, steady: Clock) -> None:
        self._load = load
        self._now = now
        self._steady = steady
        self._kept: OrderedDict[str, tuple[int, int, Value]] = OrderedDict()

    async def get(self, key: str, at: int) -> Value:
        now = self._now()
        ahead = now - self._steady()
        kept = self._kept.get(key)
        if kept and at < kept[0] - max(kept[1] - ahead, 0):
            return kept[2]
        found = await self._load(key)
        self._kept[key] = (now, ahead, found)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


class Activity:
    """States of shares and ads by time, and versions of ads, with small caches.

    It need not hear of changes: a history is final for all times before it was read, and for later
    times it is read again. Raises RedisError like the stores.
    """

    def __init__(self, bookings: Bookings, ads: Ads, now: Clock, steady: Clock = steady_ms) -> None:
        self._ads = ads
        self._now = now
        self._bookings = _Recent(bookings.get, now, steady)
        self._histories = _Recent(self._history, now, steady)
        self._versions: OrderedDict[tuple[str, int], Ad] = OrderedDict()

    async def until(self, share: str, ad: str, latest: int) -> Callable[[int], bool]:
        """A function that tells whether both were active at a time, up to `latest` (ms)."""
        booked: Booking | None = await self._bookings.get(share, latest)
        history = await self._histories.get(ad, latest) if booked else None
        if booked is None or history is None:
            return lambda _at: False
        of_share, of_ad = (as_of(each, self._now()) for each in (booked.history, history))
        return lambda at: active_at(of_share, at) and active_at(of_ad, at)

    async def version(self, ad: str, number: int) -> Ad | None:
        """One version of an ad, which never changes; None if it is no longer kept."""
        key = (ad, number)
        kept = self._versions.get(key) or await self._ads.version(ad, number)
        if kept:
            self._versions[key] = kept
            self._versions.move_to_end(key)
        if len(self._versions) > VERSIONS_KEPT:
            self._versions.popitem(last=False)
        return kept

    async def _history(self, ad: str) -> History | None:
        found = await self._ads.get(ad)
        return found.history if found else None
