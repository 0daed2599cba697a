"""A body that the kernel sends by itself arrives whole, whoever takes it and however slowly."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.serving import sealed
from proxy.serving.sealed import SEALED_FROM, Sealed, seal, weight

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


def body(size: int) -> bytes:
    return bytes(number % 251 for number in range(size))


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        yield one, other


def taken(of: socket.socket, size: int) -> bytes:
    said = b""
    while len(said) < size:
        said += of.recv(size - len(said))
    return said


@given(size=st.integers(1, 300_000), room=st.sampled_from([2_048, 8_192, 65_536, 1_000_000]))
@settings(max_examples=50)
def test_what_is_not_taken_at_once_is_the_rest(size: int, room: int) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
        page = Sealed(body(size))
        sent = page.send(one, HEAD)
        assert len(HEAD) <= sent <= len(HEAD) + size
        assert taken(other, sent) + page.rest(sent - len(HEAD)) == HEAD + bytes(page)
        assert bytes(page) == body(size)


def test_a_body_that_is_let_go_still_arrives(line: tuple[socket.socket, socket.socket]) -> None:
    size = 30_000
    page = Sealed(body(size))
    sent = page.send(line[0], HEAD)
    rest = page.rest(sent - len(HEAD))
    del page
    assert taken(line[1], sent) + rest == HEAD + body(size)


def test_to_who_has_gone_nothing_is_sent(line: tuple[socket.socket, socket.socket]) -> None:
    line[1].close()
    assert Sealed(body(30_000)).send(line[0], HEAD) == 0


def test_a_file_is_given_back_with_its_body() -> None:
    before = Sealed.files, Sealed.held
    page = seal(body(SEALED_FROM))
    assert isinstance(page, Sealed)
    assert (Sealed.files, Sealed.held) == (before[0] + 1, before[1] + weight(page))
    assert weight(page) > len(page)
    del page
    assert (Sealed.files, Sealed.held) == before


def test_few_bytes_are_as_well_copied() -> None:
    assert seal(body(SEALED_FROM - 1)) == body(SEALED_FROM - 1)


def test_connections_are_left_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "FILES_PART", 10**9)
    assert seal(body(SEALED_FROM)) == body(SEALED_FROM)
