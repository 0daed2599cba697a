"""The parts of `ops/bench speed`: contestants take turns on one core, the client has another.

`load` drives wrk with exact request bytes, `cores` pins and measures processes, `rivals` runs nginx
and stock aiohttp, `house` runs the service with a real article, `requests` makes the requests,
`table` prints and stores the results.
"""
