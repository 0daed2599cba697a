"""How much one reader may send: a bounded number of token buckets in a worker's memory.

The verdict is written into the receipt, so that a replay gives the same one. Each worker has its
own buckets: a reader whose connections spread over n workers may send up to n times as much.
"""

from collections import OrderedDict
from typing import Final

from ads.accounts.access import Rate

MAX_BUCKETS: Final = 100_000


# One reader of a share, by hop id. A page view sends about ten events.
HOP = Rate(240, every_ms=500)
# One reader hash: an office's or a carrier's readers of a share have one address, and browsers that
# tell no versions any more have one name: 36 of them at the same moment, then three in two seconds.
READER = Rate(360, every_ms=60)
# All readers of a share who asked not to be told apart.
UNKNOWN_READERS = Rate(2_400, every_ms=50)
# One address over all shares: beyond this the call is answered 429 and nothing of it is kept. A
# carrier's gateway, or a proxy that nobody named as trusted, stands for thousands of readers.
ADDRESS = Rate(12_000, every_ms=2)


class Buckets:
    """Token buckets by name; each is stored as the time at which it will be full again."""

    def __init__(self, limit: int = MAX_BUCKETS) -> None:
        self._limit = limit
        self._full_at: OrderedDict[tuple[str, str], int] = OrderedDict()

    def take(self, name: tuple[str, str], rate: Rate, tokens: int, at: int) -> bool:
        """Take `tokens` at `at` (ms); False, taking none, if there are not that many."""
        full, asked = rate.burst * rate.every_ms, tokens * rate.every_ms
        owed = max(self._full_at.get(name, 0) - at, 0)
        if owed > full:  # the clock was set back: nobody can owe more than a whole bucket
            owed = 0
        allowed = owed + asked <= full
        if allowed:
            self._full_at[name] = at + owed + asked
            self._full_at.move_to_end(name)
            if len(self._full_at) > self._limit:
                self._full_at.popitem(last=False)
        return allowed


class Limits:
    """The limits on events; with `on` False there are none (`PASSALONG_LIMITS=off`)."""

    def __init__(self, on: bool = True) -> None:
        self._on = on
        self._readers = Buckets()
        self._hops = Buckets()
        self._addresses = Buckets()

    def admits(self, address: str, events: int, at: int) -> bool:
        """Whether a call of so many events is taken at all; else it is answered 429."""
        return not self._on or self._addresses.take((address, ""), ADDRESS, events, at)

    def within(self, reader: str, share: str, hop: str, at: int) -> bool:
        """Whether one more event of this reader hash and share counts; else it is `rate`.

        A flood under one hop id ends at that hop's bucket, one that invents ids at the hash's.
        """
        rate = READER if reader else UNKNOWN_READERS
        return not self._on or (
            self._hops.take((hop, share), HOP, 1, at)
            and self._readers.take((reader, share), rate, 1, at)
        )
