"""A share's page out of what was compiled: from memory, a file or the store to bytes on the wire.

`display` asks `proxy.hot` (memory), `shelf` (a file of the worker's, a `ring`) and `stock` (the
store). What `proxy.render` joins once for all shares alike comes from `foundry` and is kept by
`moulds`. `answers` are the responses as bytes.
`arrivals` makes a page of its records alone where nothing is to be drawn; `casting` is what it and
`foundry` have in common, `edition` the code that draws.
"""
