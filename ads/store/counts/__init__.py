"""Folded counts of shares: one idempotent call for each share and batch, and what reports read.

`counts` has the whole interface. A share's figures follow from the set of its events and their
times of receipt alone. The fold runs inside the store, as a function library in Lua: `walk`,
`rank`, `base`, `coded`, `cells`, `late`, `pages`, `news`, `leaves`, `packed`, `opens`, `tree`,
`hops`, `events`, `main`, joined by `script`.

stored      `fields` names the fields of a share's hashes; `nodes` (hops) and `sections` (figures)
            are their bytes
written     `run` cuts a share's events into calls, encoded by `wire`; `marks` say what was applied
read        `cells` by hour; the `tree`; one `branch` of it; large branches by `outlines` that are
            kept (`outline`, `level`, `news`)
of an ad    `sums` over its shares, stored as `rollups` when they are `due`; `sketch` approximates
            many readings
old counts  `retention` and `forget`, share by share
"""

from ads.store.counts.branch import Below
from ads.store.counts.cells import MEASURES, Cell
from ads.store.counts.counts import Counts
from ads.store.counts.nodes import Node
from ads.store.counts.outline import Subtree
from ads.store.counts.retention import Ages
from ads.store.counts.run import Gap, Stuck
from ads.store.counts.sums import EVERYTHING, SHARES, AdCells
from ads.store.counts.tree import BRANCHES, FORWARDERS, Branch, Tree
from ads.store.counts.wire import Item

__all__ = [
    "BRANCHES",
    "EVERYTHING",
    "FORWARDERS",
    "MEASURES",
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
    "Stuck",
    "Subtree",
    "Tree",
]
