"""TXT records asked of a name server of the test's own, on loopback."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from proxy.signals.records import Records


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers what it is told to; silent about names that begin with `silent`."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if name.startswith("silent"):
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name not in self.texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.texts[name]:
            quoted = [
                " ".join(f'"{part}"' for part in text.split("|")) for text in self.texts[name]
            ]
            answer.answer.append(dns.rrset.from_text(name + ".", 60, "IN", "TXT", *quoted))
        self.transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]  # datagrams


@pytest.fixture
async def server() -> AsyncIterator[NameServer]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, ("127.0.0.1", 0))
    yield server
    transport.close()


@pytest.fixture
def records(server: NameServer) -> Records:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.transport.get_extra_info("sockname")[1]  # type: ignore[attr-defined]
    return Records(resolver)


async def test_the_texts_of_a_name_are_told_whole(server: NameServer, records: Records) -> None:
    server.texts = {"example.com": ["v=spf1 -all", "passalong=|none"]}
    assert sorted(await records.texts("example.com") or ()) == ["passalong=none", "v=spf1 -all"]


@pytest.mark.parametrize("name", ["absent.example.com", "empty.example.com"])
async def test_a_name_without_texts_says_nothing(
    server: NameServer, records: Records, name: str
) -> None:
    server.texts = {"empty.example.com": []}
    assert list(await records.texts(name) or ()) == []
    assert await records.texts(name) is not None


async def test_a_silent_name_server_is_given_up(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.signals.records.SECONDS", 0.2)
    assert await records.texts("silent.example.com") is None


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "." * 300, "a..b"])
async def test_a_name_that_is_none_is_nobodys(records: Records, name: str) -> None:
    assert await records.texts(name) is None
