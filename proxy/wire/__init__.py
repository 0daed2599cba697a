"""The fast path: what is certain is answered as soon as its bytes are there.

`head` reads a request's head strictly, `service` answers a share's page and a beacon, `recent`
remembers its answers for a second, `protocol` stands in front of aiohttp's connection and gives
everything else to it unread, `outbox` sends what was answered, a few at a time; `refusal` is for
what is no request at all. The same rules judge on both paths: this room knows bytes alone.
"""

from proxy.wire.protocol import WireRunner
from proxy.wire.service import Wire

__all__ = ["Wire", "WireRunner"]
