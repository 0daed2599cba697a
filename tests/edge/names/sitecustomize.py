"""Replaces the system's name server: Python imports this at start if its folder is on the path.

The process then asks the server on loopback whose port is in the environment, as if it were in
/etc/resolv.conf, so that the service needs no hook for tests.
"""

import os
import socket
from typing import Any

_port = int(os.environ.get("NAMES_PORT", "0"))
if _port:
    import dns.resolver

    _system = socket.getaddrinfo

    def _configured(resolver: dns.resolver.BaseResolver, _file: object) -> None:
        resolver.nameservers, resolver.port = ["127.0.0.1"], _port

    def _getaddrinfo(host: Any, port: Any, *more: Any, **kinds: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name.endswith(".test"):
            host = dns.resolver.Resolver().resolve(name, "A")[0].to_text()
        return _system(host, port, *more, **kinds)

    dns.resolver.BaseResolver.read_resolv_conf = _configured  # type: ignore[method-assign]
    socket.getaddrinfo = _getaddrinfo
