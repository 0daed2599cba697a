"""What is kept of a request's sender; no address among it (a leaf)."""

from typing import Literal, NamedTuple

Refused = Literal["", "bot", "prefetch"]


class ClientFacts(NamedTuple):
    """Who sent a request, as far as counting needs it; "" is unknown.

    `reader` is the day's salted hash of address and browser, "" for readers who asked not to be
    told apart (GPC, DNT). `country` needs outside data. `device` is phone, tablet, desktop, tv;
    `source` the app whose browser it is. `refused` says why it is no reader.
    """

    reader: str = ""
    country: str = ""
    device: str = ""
    source: str = ""
    refused: Refused = ""
