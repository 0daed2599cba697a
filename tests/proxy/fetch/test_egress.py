"""All fetches go through the operator's proxy, except those that the guard refuses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

from proxy.errors import SourceProblem
from proxy.fetch import Fetcher
from tests.proxy.fetch.conftest import listening

Make = Callable[..., Fetcher]
NAMES = {
    "site.test": ["127.0.0.1"],
    "inner.test": ["10.0.0.1"],
    "mixed.test": ["127.0.0.1", "10.0.0.1"],
}


@dataclass
class Proxy:
    """Forwards requests in absolute form; opens tunnels and records what passes."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    hellos: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        self.asked.append(first)
        self.hosts += [line[6:] for line in lines if line.lower().startswith("host: ")]
        if first.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            self.hellos.append(await reader.read(4096))
        else:
            await self._hand_on(first, head, writer)
        writer.close()

    async def _hand_on(self, first: str, head: str, writer: asyncio.StreamWriter) -> None:
        method, url, version = first.split(" ")
        host, _, path = url.removeprefix("http://").partition("/")
        address, _, port = host.partition(":")
        origin, to = await asyncio.open_connection(address, int(port))
        to.write(f"{method} /{path} {version}".encode() + head.encode()[len(first) :])
        writer.write(await origin.read())
        await writer.drain()
        to.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    async with listening(proxy.serve) as proxy.port:
        yield proxy


@pytest.fixture
def through(proxy: Proxy, make: Make, origin) -> Fetcher:
    nets = ((ip_network("127.0.0.1/32"), origin.port), (ip_network("127.0.0.1/32"), 443))
    return make(NAMES, allow_nets=nets, proxy=f"http://127.0.0.1:{proxy.port}")


async def test_the_proxy_is_told_the_address_and_the_source_its_name(
    origin, proxy: Proxy, through: Fetcher
) -> None:
    origin.put("/a?b=%2F")
    source = await through.get(origin.url("/a?b=%2F", "site.test"))
    assert source.url == origin.url("/a?b=%2F", "site.test")
    assert proxy.asked == [f"GET {origin.url('/a?b=%2F')} HTTP/1.1"]
    assert origin.asked[0].headers["host"] == f"site.test:{origin.port}"


async def test_a_tunnel_leads_to_the_address_and_asks_for_the_name(
    proxy: Proxy, through: Fetcher
) -> None:
    with pytest.raises(SourceProblem):
        await through.get("https://site.test/")
    assert proxy.asked == ["CONNECT 127.0.0.1:443 HTTP/1.1"]
    assert b"site.test" in proxy.hellos[0]


@pytest.mark.parametrize(
    "url",
    ["http://inner.test/", "https://inner.test/", "http://mixed.test/", "http://10.0.0.1/",
     "http://169.254.169.254/latest/", "http://[::1]/", "http://2130706433:22/"],
)  # fmt: skip
async def test_what_the_guard_refuses_never_reaches_the_proxy(
    url: str, proxy: Proxy, through: Fetcher
) -> None:
    with pytest.raises(SourceProblem) as refusal:
        await through.get(url)
    assert refusal.value.code == "blocked_address"
    assert proxy.asked == []


async def test_a_redirect_is_judged_before_the_proxy_hears_of_it(
    origin, proxy: Proxy, through: Fetcher
) -> None:
    origin.put("/a", "Location: http://inner.test/", status="302 Found")
    with pytest.raises(SourceProblem) as refusal:
        await through.get(origin.url("/a", "site.test"))
    assert refusal.value.code == "blocked_address"
    assert len(proxy.asked) == 1
