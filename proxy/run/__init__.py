"""Processes: the `supervisor` and what it starts, each a `child`.

A `worker` answers on sockets that were made before it (`listen`), and ends without a failed request
(`drain`); `roll` replaces one by one. Beside them stand the embedded `store`, and /metrics
(`metrics`) of the workers' `gauges`. A `lock` keeps others from the data directory.
"""
