"""What publishing books for a share, and what is active when. Pure."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from ads.ad import Ad
from ads.clock import SECOND

CHAIN_MAX = 16
"""So many ads may stand in for one another, of which each costs a page a look into the store."""
AHEAD_MS = SECOND
"""By so much the clocks of machines may differ that were not set wrong."""
History = tuple[tuple[int, str], ...]
"""States by the time from which they hold: (ms, state), oldest first."""


class Booking(msgspec.Struct, frozen=True):
    """A share as the ad's side knows it: an opaque id, and the ad it carries. `created_at` in ms.

    `carried` are the ads that it has carried, each with the time from which (ms); it is empty where
    there was never another.
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
        """Which ad it carried from when on (ms)."""
        return self.carried or ((self.created_at, self.ad),)

    @property
    def state(self) -> str:
        """What holds now: `active` or `ended`."""
        return self.history[-1][1] if self.history else "active"


def active_at(history: Sequence[tuple[int, str]], at: int) -> bool:
    """Whether the state was `active` at this time (ms).

    Before the first entry the first one holds: nobody read what did not exist, so only a clock
    that is a little behind can say so. Without any history it is active.
    """
    if not history:
        return True
    if at >= history[-1][0]:  # as nearly always
        return history[-1][1] == "active"
    place = bisect_right(history, at, key=lambda entry: entry[0])
    return history[max(place - 1, 0)][1] == "active"


def as_of(history: History, now: int) -> History:
    """The history as read at `now` (ms): what was set running by a clock that was ahead runs.

    It would be taken for stopped until that time comes, with readers who see it all the while.
    """
    if len(history) > 1 and history[-1][1] == "active" and history[-1][0] > now + AHEAD_MS:
        return (*history[:-2], (history[-2][0], "active"))
    return history


def entered(history: History, at: int, state: str, kept: int = 1000) -> History:
    """The history with `state` from `at` on; unchanged if that state holds already."""
    if history and history[-1][1] == state:
        return history
    # What a clock that was ahead has entered was true by now.
    return (*((min(was, at), held) for was, held in history), (at, state))[-kept:]


async def chain(ad: Ad | None, lookup: Callable[[str], Awaitable[Ad | None]]) -> list[Ad]:
    """The ad and, as long as none runs, the fallback of each: what a page shows hangs on them.

    `lookup` finds an ad by its id (`store.ads.Ads.get`). It ends before it comes to one again.
    """
    found: dict[str, Ad] = {}
    while ad and ad.id not in found and len(found) < CHAIN_MAX:
        found[ad.id] = ad
        ad = await lookup(ad.fallback) if ad.fallback and not ad.runs else None
    return list(found.values())


def shown(chain: Sequence[Ad]) -> Ad | None:
    """The ad that a page shows: the one in which its chain ends, if that runs."""
    return chain[-1] if chain and chain[-1].runs else None
