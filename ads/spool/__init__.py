"""Durable before the 204: a worker's receipts on disk until the store has them.

`frame` is the format of a record, `segment` a file with its lock, `commit` the thread by which many
waiting callers share one fdatasync, `journal` the `Spool`, all segments of a worker. `archive`
keeps folded segments for a while, each as a `volume`. `backup_lock` keeps segments in place while a
backup copies them.
"""

from ads.spool.archive import Archive
from ads.spool.journal import Spool
from ads.spool.segment import Segment

__all__ = ["Archive", "Segment", "Spool"]
