"""Processes: the `supervisor` and its children (`child`).

A `worker` answers on sockets that the supervisor made (`listen`), and ends without a failed request
(`drain`); `roll` replaces workers one by one. Beside them run the embedded `store`, and `metrics`
with the workers' `gauges`. A `lock` keeps other services from the data directory.
"""
