"""Foldings with defaults for what these tests do not use: nothing is archived or erased."""

from typing import Any

from ads.fold.folding import Folding
from ads.spool import Archive, Spool
from ads.store.counts import Counts
from ads.store.erasures import Erasures
from ads.store.spools import Spools
from ads.tally import Tally


def folding_of(spool: Spool, counts: Counts, *facts: Any, **given: Any) -> Folding:
    usual = {
        "tally": Tally(),
        "archive": Archive(spool.directory.parent / "events", 0),
        "erasures": Erasures(counts._redis),
        "spools": Spools(counts._redis),
    }
    return Folding(spool, counts, *facts, **(usual | given))
