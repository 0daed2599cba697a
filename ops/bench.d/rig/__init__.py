"""What `ops/bench speed` is made of: contestants on one core in turn, the client on another.

`load` drives wrk with exact request bytes, `cores` pins and weighs processes, `rivals` are nginx
and stock aiohttp, `house` is the service with a real article in it, `requests` what is sent,
`table` what is printed and kept.
"""
