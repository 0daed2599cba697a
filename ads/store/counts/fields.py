"""Names of the fields in a share's head and body hashes, as the fold's script writes them."""

# --- the head: small numbers and notes -----------------------------------------------------------
MARK, TURNS = b"m", b"e"
"""+ a segment's id: the last sequence applied; the turns of its `ads.events.mark.Mark`."""
READERS, SIZES, SQUARES = b"n", b"1", b"2"
"""The number of hops; the sum of their branches' sizes; the sum of the squares of these sizes."""
WIDTH, ARRIVED = b"w", b"h"
"""+ two bytes: readers at a depth; readers who came on a day."""
ORPHANS, CONFLICTS, CAPPED = b"o", b"x", b"c"
RANKED, FORWARD_FLOOR, BRANCH_FLOOR = b"R", b"F", b"B"
"""Whether forwarders and branches are ranked by size; sizes below which none is in the ranks."""
WAITED_FOR = b"q"
"""Parents that came after their children, while some of these are not attached to them yet."""
BUCKETS = b"b"
"""The days that have a bucket of opens, and how full each is (`forget.buckets`)."""
GONE, GONE_ADS, GONE_DAYS = b"z", b"y", b"k"
"""What was forgotten and must stay so: the share; ads (a byte each); days (two bytes each)."""

# --- the body: a page of hops has a name of nine bytes, its first hop's id ----------------------
DAYS, COMPACTED = b"D", b"C"
"""Days that have figures (two bytes each); the last day whose hours were merged."""
FROZEN = b"F"
"""Records of the largest forwarders of a share whose other hops were dropped."""
LATE = b"l"
"""Closed hours that changed and whose roll-ups are not void yet."""
NEWEST, SHEET = b"j", b"jj"
"""The change log of the tree: its newest entries; + four bytes: a full sheet of it (`news`)."""
SHORT = b"uu"
"""+ four bytes: the hop that a short form stands for, where several ids begin so."""
ARRIVALS, TOTALS = b"a", b"T"
"""Marks of a day: seconds in which readers came; the totals. `cells` has the other dimensions."""


def of_day(day: int, mark: bytes) -> bytes:
    """The field with a day's sections by one dimension; `day` counts from 2020."""
    return day.to_bytes(2) + mark
