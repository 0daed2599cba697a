"""What is to be erased, as a rule over events (a leaf). Pure."""

import msgspec

from ads.receipt import Receipt

EVER = 1 << 62


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """The events of a share, of an ad or of anybody ("") received from `first` to before `last`."""

    share: str = ""
    ad: str = ""
    first: int = 0
    last: int = EVER

    def covers(self, kept: Receipt) -> bool:
        """Whether this event is to go."""
        mine = self.share in ("", kept.share) and self.ad in ("", kept.ad)
        return mine and self.first <= kept.at < self.last
