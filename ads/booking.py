"""What publishing books for a share, and when share and ad are active. Pure."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from ads.ad import Ad
from ads.clock import SECOND

CHAIN_MAX = 16
"""The longest chain of fallbacks; each ad in it costs a page a read from the store."""
AHEAD_MS = SECOND
"""How much the clocks of machines may differ without being wrong."""
History = tuple[tuple[int, str], ...]
"""States with the time from which each holds: (ms, state), oldest first."""


class Booking(msgspec.Struct, frozen=True):
    """A share as the ad's side knows it: an opaque id, and the ad it carries. `created_at` in ms.

    `carried` lists the ads that it has carried, each with the time from which (ms); it is empty if
    there was only one.
    """

    share: str
    owner: str
    ad: str
    channel: str = ""
    article: str = ""
    title: str = ""
    created_at: int = 0
    history: History = ()
    carried: History = ()

    @property
    def ads(self) -> History:
        """The ads that it has carried, each with the time from which (ms)."""
        return self.carried or ((self.created_at, self.ad),)

    @property
    def state(self) -> str:
        """The present state: `active` or `ended`."""
        return self.history[-1][1] if self.history else "active"


def active_at(history: Sequence[tuple[int, str]], at: int) -> bool:
    """Whether the state was `active` at this time (ms).

    Before its first entry the first state holds, since only a clock that is a little behind can
    name a time at which the share did not exist. Without any history it is active.
    """
    if not history:
        return True
    if at >= history[-1][0]:  # as nearly always
        return history[-1][1] == "active"
    place = bisect_right(history, at, key=lambda entry: entry[0])
    return history[max(place - 1, 0)][1] == "active"


def as_of(history: History, now: int) -> History:
    """The history as read at `now` (ms): a last `active` that lies in the future holds already.

    A clock that was ahead wrote it. Otherwise events would be refused as `ended` until that time,
    while readers see the ad.
    """
    if len(history) > 1 and history[-1][1] == "active" and history[-1][0] > now + AHEAD_MS:
        return (*history[:-2], (history[-2][0], "active"))
    return history


def entered(history: History, at: int, state: str, kept: int = 1000) -> History:
    """The history with `state` from `at` on; unchanged if that state holds already."""
    if history and history[-1][1] == state:
        return history
    # Entries in the future were written by a clock that was ahead: they have come true by now.
    return (*((min(was, at), held) for was, held in history), (at, state))[-kept:]


async def chain(ad: Ad | None, lookup: Callable[[str], Awaitable[Ad | None]]) -> list[Ad]:
    """The ad and its fallbacks, up to the first one that runs: what a page shows depends on them.

    `lookup` finds an ad by its id (`store.ads.Ads.get`). The chain ends before an ad repeats.
    """
    found: dict[str, Ad] = {}
    while ad and ad.id not in found and len(found) < CHAIN_MAX:
        found[ad.id] = ad
        ad = await lookup(ad.fallback) if ad.fallback and not ad.runs else None
    return list(found.values())


def shown(chain: Sequence[Ad]) -> Ad | None:
    """The ad that a page shows: the last of its chain, if that one runs."""
    return chain[-1] if chain and chain[-1].runs else None
