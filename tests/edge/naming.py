"""A name server on loopback and a service that asks it: publishers with names of their own."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from tests.service import Service

NAMES = Path(__file__).parent / "names"
ADDRESS = "127.0.0.2"


class NameServer(socketserver.UDPServer):
    """Every name is at ADDRESS; `texts` are the TXT records of some."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.port = int(self.server_address[1])
        self.texts: dict[str, str] = {}
        self.asked: list[str] = []


class Answering(socketserver.BaseRequestHandler):
    """One question."""

    server: NameServer

    def handle(self) -> None:
        data, connection = self.request
        query = dns.message.from_wire(data)
        [one] = query.question
        name, kind = one.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(one.rdtype)
        self.server.asked.append(f"{name} {kind}")
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if kind == "A":
            answer.answer.append(dns.rrset.from_text(one.name, 1, "IN", "A", ADDRESS))
        elif kind == "TXT" and name in self.server.texts:
            quoted = f'"{self.server.texts[name]}"'
            answer.answer.append(dns.rrset.from_text(one.name, 1, "IN", "TXT", quoted))
        connection.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server() -> Iterator[NameServer]:
    with NameServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)


class NamingService(Service):
    """A service whose system knows that name server alone."""

    def __init__(self, data_dir: Path, names: NameServer, **settings: Any) -> None:
        super().__init__(data_dir, **settings)
        self._names = names

    @property
    def environment(self) -> dict[str, str]:
        more = {"PYTHONPATH": str(NAMES), "NAMES_PORT": str(self._names.port)}
        return super().environment | more
