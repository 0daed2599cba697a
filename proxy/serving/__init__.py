"""A share's page out of what was compiled: from memory, a file or the store to bytes on the wire.

`display` is asked for pages. `cache` finds them in memory; `quick` makes one of what the store has,
`build` whatever else it takes: both of `records` (of `articles`, in memory or a file, the `ring`)
and of a `variant`, which is what shares that are alike have in common. `shown` is a page as it is
answered; `heads` and `answers` make it a whole response as bytes.
"""
