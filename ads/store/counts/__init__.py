"""Folded counts of shares: one idempotent call per share and batch, and what reports read.

`counts` is the door to all of it. A share's figures are a function of the set of its events and
their times of receipt alone. The fold is a library that the store keeps: `walk`, `rank`, `base`,
`coded`, `cells`, `late`, `pages`, `news`, `leaves`, `packed`, `opens`, `tree`, `hops`, `events`,
`main` (Lua, joined by `script`).

what is kept  `fields` of a share's hashes; byte for byte `nodes` (its hops), `sections` (figures)
in            `run` cuts events into calls, written by `wire`; `marks` tell what was applied
out           `cells` by hour, `tree`, `branch`, `outlines` (`outline`, `level`, `news`)
over an ad    `sums` of its shares as `rollups`, when they are `due`; `sketch` of many readings
later         `retention` and `forget`, share by share (`buckets`)
"""

from ads.store.counts.branch import Below
from ads.store.counts.cells import Cell, Reading, ShareCells
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
    "Stuck",
    "Subtree",
    "Tree",
]
