"""Which events are to be erased, and what must stay known of them (a leaf). Pure."""

import hashlib
from collections.abc import Callable, Collection, Iterable

import msgspec

from ads.events.receipt import Receipt

EVER = 1 << 62
MARK = "~"
"""No id of an event begins so."""
_BYTES = 12


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """The events of a share, of an ad or of anybody ("") received from `first` to before `last`.

    `asked` is when (ms) a day was asked for: what came before had been counted, what comes later
    on it is not.
    """

    share: str = ""
    ad: str = ""
    first: int = 0
    last: int = EVER
    asked: int = 0

    def covers(self, kept: Receipt) -> bool:
        """Whether this event is to go."""
        mine = self.share in ("", kept.share) and self.ad in ("", kept.ad)
        return mine and self.first <= kept.at < self.last


def gone(erased: Collection[Erasure]) -> Callable[[Receipt], bool]:
    """A function that tells whether nothing of an event may stay; asked for every event."""
    shares = {each.share for each in erased if each.share}
    ads = {each.ad for each in erased if each.ad}
    days = [each for each in erased if not each.share and not each.ad]
    return lambda r: r.share in shares or r.ad in ads or (bool(days) and not left(r, days))


def left(kept: Receipt, erased: Iterable[Erasure]) -> Receipt | None:
    """What stays of an event: all of it, nothing (None), or a trace that something was counted.

    Events of other days depend on a forgotten day's opens, and on what it counted first.
    """
    covering = [each for each in erased if each.covers(kept)]
    if not covering:
        return kept
    counted = not kept.refused and all(kept.at < each.asked for each in covering)
    return _trace(kept) if counted else None


def trace(name: str) -> str:
    """What stands for an id that was erased; for its own trace itself."""
    if name.startswith(MARK):
        return name
    return MARK + hashlib.blake2b(name.encode(), digest_size=_BYTES).hexdigest()


def _trace(r: Receipt) -> Receipt:
    return Receipt(r.at, r.share, r.ad, 0, r.k, trace(r.i), trace(r.o), n="", s=r.s)
