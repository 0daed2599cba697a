"""Listening: several workers share a port, a second service does not."""

import contextlib
import socket

import pytest

from proxy.run import listen
from tests.service import free_port


def test_workers_share_a_port_that_another_service_cannot_take() -> None:
    port = free_port()
    sets = listen.sockets("127.0.0.1", port, 2)
    try:
        assert {s.getsockname() for group in sets for s in group} == {("127.0.0.1", port)}
        with pytest.raises(listen.PortError, match=str(port)):
            listen.sockets("127.0.0.1", port, 1)
    finally:
        for group in sets:
            for each in group:
                each.close()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("203.0.113.9", "203.0.113.9, port .* --host is an address of this machine"),
        ("no such name", "no such name, port .* --host is an address of this machine"),
    ],
)
def test_where_nobody_can_listen_is_told_with_what_to_give_instead(host: str, said: str) -> None:
    with pytest.raises(listen.PortError, match=said):
        listen.sockets(host, free_port(), 1)


@pytest.mark.parametrize(
    ("host", "heard"),
    [("::", {"127.0.0.1", "::1"}), ("[::1]", {"::1"}), ("127.0.0.1", {"127.0.0.1"})],
)
def test_an_address_is_listened_on_and_two_colons_are_every_one(host: str, heard: set[str]) -> None:
    if not listen._usable("::1"):
        pytest.skip("this machine has no IPv6")
    port = free_port()
    (group,) = listen.sockets(host, port, 1)
    found = set()
    for each in ("127.0.0.1", "::1"):
        with contextlib.suppress(OSError), socket.create_connection((each, port)):
            found.add(each)
    for each in group:
        each.close()
    assert found == heard
