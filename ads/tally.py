"""What a worker counts about itself: plain integers, summed over workers elsewhere (a leaf)."""

from collections import Counter

# Metric -> help and label names, by Prometheus's conventions.
METRICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "passalong_requests": ("Requests answered.", ("origin", "status")),
    "passalong_beacons": ("Beacon calls answered.", ("status",)),
    "passalong_events": ("Events received, by what was known at receipt.", ("verdict",)),
    "passalong_compiles": ("Articles compiled, or why not.", ("outcome",)),
    "passalong_fetches": ("Sources fetched, or why not.", ("outcome",)),
    "passalong_pages": ("Branded pages served, from memory or rendered anew.", ("origin",)),
    "passalong_purges": ("Calls that told an edge of changes.", ("outcome",)),
    "passalong_folded": ("Events folded into the store.", ()),
}

Tally = Counter[tuple[str, ...]]
"""(metric, label values …) -> count; only ever added to."""
