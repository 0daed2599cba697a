"""A name server on loopback whose answers a test sets."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Says = Callable[[str, str], list[str] | None]
"""Name and type of a record -> the records' contents; None for an unknown name."""


class Silence(Exception):
    """Raised by a `Says` to send no answer at all."""


class NameServer(socketserver.UDPServer):
    """Answers by `says`; `asked` has `NAME TYPE` of each query."""

    def __init__(self, says: Says) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.port = int(self.server_address[1])
        self.says = says
        self.asked: list[str] = []

    def resolver(self) -> dns.asyncresolver.Resolver:
        """A resolver that asks only this server."""
        made = dns.asyncresolver.Resolver(configure=False)
        made.nameservers, made.port = ["127.0.0.1"], self.port
        return made


class _Answering(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, connection = self.request
        query = dns.message.from_wire(data)
        [one] = query.question
        name, kind = one.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(one.rdtype)
        self.server.asked.append(f"{name} {kind}")
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        try:
            found = self.server.says(name, kind)
        except Silence:
            return
        if found is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif found:
            answer.answer.append(dns.rrset.from_text(one.name, 0, "IN", kind, *found))
        connection.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server(says: Says) -> Iterator[NameServer]:
    """A name server, in a thread of its own."""
    with NameServer(says) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)
