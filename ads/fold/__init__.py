"""From durable events to figures, and what becomes of those.

The `folder` reads the spool (`progress`); `settle` finds the final reason (`activity`), which is
kept with the mark of how far it is; by `clearing` what is folded leaves the spool. `upkeep` sums an
ad's shares before anybody asks, and lets old counts go.
"""
