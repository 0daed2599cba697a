"""Listening sockets, a set for each worker, held by the supervisor so that no client is refused."""

import errno
import logging
import socket
import time

BACKLOG = 1024
_SEVERAL = {"": ("127.0.0.1", "::1"), "::": ("0.0.0.0", "::")}  # noqa: S104 - as the operator asked
"""Hosts that stand for an address of each family, as far as this machine has it."""

log = logging.getLogger("passalong")


class PortError(Exception):
    """We cannot listen on the address; the message says why."""


def sockets(host: str, port: int, sets: int, wait_s: float = 0.0) -> list[list[socket.socket]]:
    """`sets` sets of listening sockets on `host`, SO_REUSEPORT.

    "" means both loopback addresses, "::" every address of both families. Waits at most `wait_s`
    for a predecessor that still drains. Raises PortError.
    """
    host = host.removeprefix("[").removesuffix("]")
    several = [each for each in _SEVERAL.get(host, ()) if _usable(each)]
    hosts = several or [host or "127.0.0.1"]
    deadline, warned = time.monotonic() + wait_s, False
    while True:
        try:
            for each in hosts:
                _probe(each, port)
            return [[_listen(each, port) for each in hosts] for _ in range(sets)]
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
                where = f"{host or 'loopback'}, port {port}"
                raise PortError(f"cannot listen on {where}: {_mended(error)}") from error
            if not warned:
                log.warning("port %d is taken; waiting %.0f s for whoever ends there", port, wait_s)
            warned = True
            time.sleep(0.1)


def _mended(error: OSError) -> str:
    """What is wrong, and how to mend it."""
    if error.errno == errno.EADDRINUSE:
        return f"{error.strerror}; end what listens there, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"{error.strerror}; ports below 1024 are the system's: leave them to the edge"
    return f"{error.strerror}; --host is an address of this machine, :: all of them"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _usable(host: str) -> bool:
    """Whether this machine has `host` at all (containers often lack IPv6)."""
    try:
        with socket.socket(_family(host)) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


def _probe(host: str, port: int) -> None:
    """Binding without SO_REUSEPORT fails if another service already shares the port."""
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _listen(host: str, port: int) -> socket.socket:
    made = socket.socket(_family(host))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if made.family is socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind((host, port))
    made.listen(BACKLOG)
    made.setblocking(False)
    return made
