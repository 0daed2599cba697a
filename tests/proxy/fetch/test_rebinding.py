"""A name server of an attacker's own, on loopback: what it says is judged each time it is asked."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network

import dns.asyncresolver
import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from proxy.fetch import Fetcher
from tests.proxy.fetch.conftest import code

Make = Callable[..., Fetcher]
PUBLIC = "93.184.216.34"


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers each question about a name with the next of its answers, the last one ever after."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        [one] = question.question
        name, kind = one.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(one.rdtype)
        self.asked.append(f"{name} {kind}")
        reply = dns.message.make_response(question)
        several = self.answers[name]
        now = several[0] if kind == "AAAA" or len(several) == 1 else several.pop(0)
        found = [each for each in now if (":" in each) == (kind == "AAAA")]
        if found:
            reply.answer.append(dns.rrset.from_text(one.name, 0, "IN", kind, *found))
        self._transport.sendto(reply.to_wire(), addr)  # type: ignore[attr-defined]


@pytest.fixture
async def server() -> AsyncIterator[NameServer]:
    made = NameServer()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: made, local_addr=("127.0.0.1", 0))
    made.port = transport.get_extra_info("sockname")[1]
    yield made
    transport.close()


@pytest.fixture
def fetcher(server: NameServer, make: Make, origin) -> Fetcher:
    """Asks that server over the wire; may reach one port of loopback."""
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port

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
    server: NameServer, fetcher: Fetcher, origin
) -> None:
    server.answers["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    origin.put("/a", f"Location: {origin.url('/b', 'rebind.test')}", status="302 Found")
    origin.put("/b")
    assert await code(fetcher, origin.url("/a", "rebind.test")) == "blocked_address"
    assert [request.path for request in origin.asked] == ["/a"]


@pytest.mark.parametrize(
    "answer",
    [
        [PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], ["::1", PUBLIC], ["fe80::1", PUBLIC],
        ["::ffff:127.0.0.1", PUBLIC], ["64:ff9b::7f00:1"], ["127.0.0.1", "127.0.0.2"],
    ],
)  # fmt: skip
async def test_one_bad_answer_of_many_refuses_the_name(
    server: NameServer, fetcher: Fetcher, origin, canary, answer: list[str]
) -> None:
    server.answers["mixed.test"] = [answer]
    assert await code(fetcher, origin.url("/", "mixed.test")) == "blocked_address"
    assert await code(fetcher, canary.url("/", "mixed.test")) == "blocked_address"


async def test_a_name_is_asked_for_once_a_connection_and_the_answer_is_what_is_reached(
    server: NameServer, fetcher: Fetcher, origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing between the judgement and the socket asks again: there is no second look to fool."""
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    server.answers["once.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    origin.put("/a")
    await fetcher.get(origin.url("/a", "once.test"))
    assert server.asked == ["once.test AAAA", "once.test A"]


def _never(*_: object, **__: object) -> None:
    raise AssertionError("somebody asked the system's resolver")
