"""The fast path: plain requests for pages and beacons, answered before aiohttp parses them.

`protocol` stands in front of aiohttp's connection and passes it every other request unread. `head`
parses a request's head strictly, `service` answers, `recent` caches its answers for a second,
`outbox` sends them in batches; `refusal` answers malformed requests. Both paths share all rules:
this package only reads and writes bytes.
"""

from proxy.wire.protocol import WireRunner
from proxy.wire.service import Wire

__all__ = ["Wire", "WireRunner"]
