"""Records to spool, and a reader of segments."""

from ads.events.receipt import Receipt
from ads.spool import Segment, Spool


def receipts(*numbers: int) -> list[Receipt]:
    return [
        Receipt(1_764_000_000_000 + n, "share", "ad", 1, "open", f"{n:016}", f"{n:016}", "AB")
        for n in numbers
    ]


def numbers(found: list[tuple[int, Receipt]]) -> list[int]:
    return [int(receipt.i) for _, receipt in found]


def drained(spool: Spool, segment: Segment, max_bytes: int = 1) -> list[tuple[int, Receipt]]:
    """Everything in a closed segment, read in steps of at most `max_bytes`."""
    found: list[tuple[int, Receipt]] = []
    offset = 0
    while offset < segment.end:
        step, following = spool.read(segment, offset, max_bytes)
        assert following > offset or following == segment.end
        found += step
        offset = following
    return found
