"""Listening: several workers share a port, a second service does not."""

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


def test_by_default_both_loopback_addresses_are_listened_on() -> None:
    (group,) = listen.sockets("", free_port(), 1)
    families = {each.family for each in group}
    for each in group:
        each.close()
    assert socket.AF_INET in families
    assert (socket.AF_INET6 in families) == listen._usable("::1")
