"""Requests through the operator's proxy, to an address that our own guard has seen.

A proxy that is given a name resolves it itself, past every wall of ours. So the name is resolved
and judged here, and the proxy is told the address; the Host header and TLS say the name, which the
certificate is checked by.
"""

from typing import TypedDict

import aiohttp
from yarl import URL

from proxy.addresses import parse
from proxy.fetch.config import FetchConfig
from proxy.fetch.guard import GuardedResolver
from proxy.fetch.names import Lookup


class Through(TypedDict, total=False):
    """What aiohttp is told besides the address."""

    proxy: str
    server_hostname: str


async def to_address(url: URL, config: FetchConfig, lookup: Lookup) -> URL:
    """`url` with an address in the place of its name. Raises OSError, BlockedAddress among them.

    IPv4 first: fewer proxies reach the other.
    """
    host = url.raw_host or ""
    if parse(host):
        return url  # judged already, as every literal
    found = await GuardedResolver(config, lookup).resolve(host, url.port or 0)
    first = min(found, key=lambda each: ":" in each["host"])
    return url.with_host(first["host"])


def options(name: URL, proxy: str) -> Through:
    """How to ask for what `name` names."""
    if name.scheme == "https" and not parse(name.raw_host or ""):
        return {"proxy": proxy, "server_hostname": name.raw_host or ""}
    return {"proxy": proxy}


def host_header(name: URL) -> str:
    """What the source hears itself called."""
    host = f"[{name.raw_host}]" if ":" in (name.raw_host or "") else name.raw_host or ""
    return host if name.is_default_port() else f"{host}:{name.port}"


def connector(config: FetchConfig) -> aiohttp.TCPConnector:
    """Connects to the proxy alone, wherever the operator has it."""
    return aiohttp.TCPConnector(limit=config.connections, force_close=True)
