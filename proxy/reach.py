"""What this service's own fetches may reach: everything public, and never the service itself."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

from ads.store.cluster import is_cluster, named
from proxy.config import Config
from proxy.fetch import FetchConfig, user_agent

EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - refused to the fetcher, not bound


def fetch_config(config: Config) -> FetchConfig:
    """The fetcher's limits: the service's own listeners, store and metrics are refused always.

    It may look a store's name up, once, at start.
    """
    ports = {config.port, config.metrics_port}
    return FetchConfig(
        user_agent=user_agent(config.ads.console_origin),
        allow_nets=config.fetch_allow_nets,
        own=frozenset(
            {(address, port) for address in EVERY_ADDRESS for port in ports if port}
            | _store_sockets(config.redis_url)
        ),
        own_hosts=config.own_hosts,
        proxy=config.fetch_proxy,
    )


def _store_sockets(url: str | None) -> set[tuple[str, int]]:
    """Where the operator's store listens: its name's addresses now, and all of this machine's."""
    if url and is_cluster(url):
        return {each for one in named(url) for each in _store_sockets(one)}
    parts = urlsplit(url or "")
    if parts.scheme not in ("redis", "rediss", "valkey", "valkeys"):
        return set()
    port = parts.port or 6379
    with suppress(OSError):  # a name that does not resolve cannot lead a fetch to the store
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        return {(str(where[0]), port) for *_, where in found} | {(a, port) for a in EVERY_ADDRESS}
    return {(address, port) for address in EVERY_ADDRESS}
