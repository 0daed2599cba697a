"""Folded counts of shares: one idempotent call per share and batch, and what reports read.

The fold is a library that the store keeps; its parts are `walk`, `rank`, `base`, `coded`, `cells`,
`late`, `pages`, `news`, `leaves`, `packed`, `opens`, `tree`, `hops`, `events`, `main` (Lua, joined
by `script`); `wire` says what goes to it, `run` cuts events into calls; `cells`, `tree`, `branch`
and `outlines` read (`sections` and `nodes`: byte for byte). A share's figures are a function of the
set of its events and their times of receipt alone.
"""

from ads.store.counts.branch import Below
from ads.store.counts.cells import Cell, Reading, ShareCells
from ads.store.counts.counts import Counts
from ads.store.counts.nodes import Node
from ads.store.counts.outline import Subtree
from ads.store.counts.retention import Ages
from ads.store.counts.run import Gap
from ads.store.counts.sums import EVERYTHING, SHARES, AdCells
from ads.store.counts.tree import BRANCHES, FORWARDERS, Branch, Tree
from ads.store.counts.wire import Item

__all__ = [
    "BRANCHES",
    "EVERYTHING",
    "FORWARDERS",
    "SHARES",
    "AdCells",
    "Ages",
    "Below",
    "Branch",
    "Cell",
    "Counts",
    "Gap",
    "Item",
    "Node",
    "Reading",
    "ShareCells",
    "Subtree",
    "Tree",
]
