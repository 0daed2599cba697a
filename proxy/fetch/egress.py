"""Requests through the operator's proxy, to an address that our own guard has seen.

A proxy that gets a name resolves it itself and so bypasses our guard. So the name is resolved and
judged here, and the proxy gets the address; the Host header and TLS carry the name, against which
the certificate is checked.
"""

from typing import TypedDict

import aiohttp
from yarl import URL

from proxy.addresses import parse
from proxy.fetch.config import FetchConfig
from proxy.fetch.guard import GuardedResolver
from proxy.fetch.names import Lookup


class Through(TypedDict, total=False):
    """Options of an aiohttp request to an address."""

    proxy: str
    server_hostname: str


async def to_address(url: URL, config: FetchConfig, lookup: Lookup) -> URL:
    """`url` with an IP address instead of its name. Raises OSError, of which BlockedAddress is one.

    IPv4 first: fewer proxies reach the other.
    """
    host = url.raw_host or ""
    if parse(host):
        return url  # an IP address, which `target.checked` has judged
    found = await GuardedResolver(config, lookup).resolve(host, url.port or 0)
    first = min(found, key=lambda each: ":" in each["host"])
    return url.with_host(first["host"])


def options(name: URL, proxy: str) -> Through:
    """The options for a request to an address of the host in `name`."""
    if name.scheme == "https" and not parse(name.raw_host or ""):
        return {"proxy": proxy, "server_hostname": name.raw_host or ""}
    return {"proxy": proxy}


def host_header(name: URL) -> str:
    """The Host header for the source."""
    host = f"[{name.raw_host}]" if ":" in (name.raw_host or "") else name.raw_host or ""
    return host if name.is_default_port() else f"{host}:{name.port}"


def connector(config: FetchConfig) -> aiohttp.TCPConnector:
    """A connector without the guard: it only connects to the operator's proxy."""
    return aiohttp.TCPConnector(limit=config.connections, force_close=True)
