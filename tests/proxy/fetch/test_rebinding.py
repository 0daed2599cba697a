"""An attacker's name server, on loopback: each of its answers is judged."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest

from proxy.fetch import Fetcher
from tests.nameserver import NameServer, name_server
from tests.proxy.fetch.conftest import code

Make = Callable[..., Fetcher]


class Zone:
    """Answers each query for a name with its next answer; the last one is repeated."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}

    def __call__(self, name: str, kind: str) -> list[str]:
        several = self.answers[name]
        now = several[0] if kind == "AAAA" or len(several) == 1 else several.pop(0)
        return [each for each in now if (":" in each) == (kind == "AAAA")]


@pytest.fixture
def zone() -> Zone:
    return Zone()


@pytest.fixture
def server(zone: Zone) -> Iterator[NameServer]:
    with name_server(zone) as made:
        yield made


@pytest.fixture
def fetcher(server: NameServer, make: Make, origin) -> Fetcher:
    """A fetcher that uses that server, and may reach one port of loopback."""
    resolver = server.resolver()

    async def lookup(name: str) -> list[str]:
        found: list[str] = []
        for kind in ("AAAA", "A"):
            answer = await resolver.resolve(name, kind, raise_on_no_answer=False)
            found += [record.to_text() for record in answer.rrset or ()]
        return found

    fetcher = make(allow_nets=((ip_network("127.0.0.1/32"), origin.port),))
    fetcher._lookup = lookup
    return fetcher


async def test_the_second_answer_is_judged_like_the_first(
    zone: Zone, fetcher: Fetcher, origin
) -> None:
    zone.answers["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    origin.put("/a", f"Location: {origin.url('/b', 'rebind.test')}", status="302 Found")
    origin.put("/b")
    assert await code(fetcher, origin.url("/a", "rebind.test")) == "blocked_address"
    assert [request.path for request in origin.asked] == ["/a"]


async def test_a_name_is_asked_for_once_a_connection_and_the_answer_is_what_is_reached(
    zone: Zone, server: NameServer, fetcher: Fetcher, origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between check and connection nothing resolves the name again, so no answer can differ."""
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    zone.answers["once.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    origin.put("/a")
    await fetcher.get(origin.url("/a", "once.test"))
    assert server.asked == ["once.test AAAA", "once.test A"]


def _never(*_: object, **__: object) -> None:
    raise AssertionError("somebody asked the system's resolver")
