"""Durable before the 204: a worker's receipts on disk until the store has them.

`frame` is the record's form, `segment` one file and its lock, `commit` the thread that makes many
waiting callers share one fdatasync, `journal` the segments of a worker put together as `Spool`,
and `archive` what is kept of them when they are folded, each as a `volume`. `backup_lock` keeps
segments in place while they are copied.
"""

from ads.spool.archive import Archive
from ads.spool.journal import Spool
from ads.spool.segment import Segment

__all__ = ["Archive", "Segment", "Spool"]
