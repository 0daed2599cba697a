"""What `ops/bench speed` is made of: contestants, one core for each in turn, and one for the client.

`load` drives wrk with exact request bytes, `cores` pins and weighs processes, `rivals` are nginx
and stock aiohttp, `house` is the service with a real article in it, `requests` what is sent.
"""
