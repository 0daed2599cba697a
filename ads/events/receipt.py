"""A received event as it is spooled: everything that counting needs, and no address (a leaf)."""

import msgspec


class Receipt(msgspec.Struct, frozen=True, array_like=True):
    """One event with what was known when it came.

    `at` is the server's time of receipt (ms); `share`, `ad`, `version` are the ticket's; `k`, `i`,
    `o`, `n`, `p`, `s`, `ms`, `pct` the beacon's (contract, section 6; an open's `o` is its `i`).
    `refused` is "" or the reason known at receipt; `country`, `device`, `source` are "" when
    unknown. The reader's hash is used up by then (`rate`): it is never written anywhere.
    """

    at: int
    share: str
    ad: str
    version: int
    k: str
    i: str
    o: str
    n: str
    p: str = ""
    s: str = ""
    ms: int = 0
    pct: int = 0
    refused: str = ""
    country: str = ""
    device: str = ""
    source: str = ""
