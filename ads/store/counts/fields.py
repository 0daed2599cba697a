"""What stands in a share's head and in its body, by the names that the fold's script writes."""

# --- the head: small numbers and notes -----------------------------------------------------------
MARK, TURNS = b"m", b"e"
"""With a segment's id behind: its last sequence that was applied; what was ended from where on."""
READERS, SIZES, SQUARES = b"n", b"1", b"2"
"""How many hops there are; sums of their branches' sizes, and of the squares of these."""
WIDTH, ARRIVED = b"w", b"h"
"""With two bytes behind: readers at a depth, readers who came on a day."""
ORPHANS, CONFLICTS, CAPPED = b"o", b"x", b"c"
RANKED, FORWARD_FLOOR, BRANCH_FLOOR = b"R", b"F", b"B"
"""Whether hops and branches are ranked by size, and the sizes below which none of them is."""
WAITED_FOR = b"q"
"""Parents whose waiting children are not all home."""
BUCKETS = b"b"
"""The days that have a bucket of opens, and how full each is (`buckets`)."""
GONE, GONE_ADS, GONE_DAYS = b"z", b"y", b"k"
"""What was forgotten and stays so: the share; ads by their numbers, a byte each; days, two each."""

# --- the body: pages of hops have names of nine bytes, the first hop's id ------------------------
DAYS, COMPACTED = b"D", b"C"
"""Days that have figures, two bytes each; the last of those whose hours were put together."""
FROZEN = b"F"
"""Records of the largest forwarders of a share whose other hops have gone."""
LATE = b"l"
"""Closed hours that changed and of which not all have heard."""
NEWEST, SHEET = b"j", b"jj"
"""News of the tree: the newest; with four bytes behind, a full sheet (`news`)."""
SHORT = b"uu"
"""With four bytes behind: which hop a short form stands for, where many ids begin so."""
ARRIVALS, TOTALS = b"a", b"T"
"""Marks of a day: seconds in which readers came; the totals. `cells` has the other dimensions."""


def of_day(day: int, mark: bytes) -> bytes:
    """Where a day's sections by one dimension stand, `day` in the store's count."""
    return day.to_bytes(2) + mark
