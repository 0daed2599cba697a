"""Which URLs may be requested, decided before any connection."""

import ada_url
from yarl import URL

from proxy.addresses import parse, port_allowed
from proxy.errors import SourceProblem
from proxy.fetch.config import FetchConfig
from proxy.fetch.guard import BlockedAddress, check
from proxy.links import absolute, own_page, undotted

_DEFAULT_PORTS = {"http:": 80, "https:": 443}


def first(text: str, config: FetchConfig, base: str | None = None) -> ada_url.URL:
    """The parsed URL of a call. Raises SourceProblem("bad_url"), also for our own pages."""
    url = undotted(absolute(text, base))
    if own_page(url, config.own_hosts):
        raise SourceProblem("bad_url", "This is one of our own pages.")
    return url


def redirected(location: str, base: ada_url.URL, config: FetchConfig) -> ada_url.URL:
    """A redirect's target. Raises SourceProblem("blocked_address") if it is no web page."""
    try:
        return first(_escaped(location), config, base.href)
    except SourceProblem as problem:
        raise SourceProblem("blocked_address", f"It redirects to {location[:200]!r}.") from problem


def checked(url: ada_url.URL, config: FetchConfig) -> URL:
    """The URL for aiohttp, after checking the port and, if the host is one, the IP address.

    Raises SourceProblem("blocked_address"), or "bad_url" if the two URL parsers disagree.
    """
    port = int(url.port) if url.port else _DEFAULT_PORTS[url.protocol]
    host = url.hostname.removeprefix("[").removesuffix("]")
    if not port_allowed(port, config.allow_nets):
        raise SourceProblem("blocked_address", f"Port {port} is not a web page's.")
    try:
        if parse(host):
            check(host, port, config)
    except BlockedAddress as error:
        raise SourceProblem("blocked_address", str(error)) from error
    request = URL(url.href, encoded=True)
    if (request.raw_host, request.port, request.scheme + ":") != (host, port, url.protocol):
        raise SourceProblem("bad_url", "This link can be read in two ways.")
    return request


def _escaped(location: str) -> str:
    """A header's value, in which bytes beyond ASCII (surrogates in aiohttp) are %-escaped."""
    raw = location.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)
