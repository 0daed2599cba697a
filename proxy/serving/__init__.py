"""A share's page out of what was compiled: from memory, a file or the store to bytes on the wire.

`display` asks `hot` (memory), `shelf` (a file of the worker's, a `ring`) and `stock` (the store).
An article there is `prepared`: deflated runs, the rest undecoded until somebody draws. `render`
puts it together: `gaps` are what a share adds, drawn by `stencil`; a `mould` is a page joined
once for all shares alike, from `foundry`, kept by `moulds`; `splice` makes one gzip member of
its parts, with their `checksum`. `answers` are the responses as bytes. `arrivals` makes a page of
its records alone where nothing is to be drawn; `casting` is what it and `foundry` have in common.
"""
