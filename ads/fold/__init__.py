"""From durable events to figures, and the upkeep of the figures.

`folding` reads the spool and remembers its `progress`; it finds each event's final reason by what
`activity` says was active; `clearing` removes folded segments from the spool. `upkeep` computes the
roll-ups of ads before anybody asks, and drops old counts.
"""
