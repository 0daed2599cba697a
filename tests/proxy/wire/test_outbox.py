"""What an outlet sends arrives whole and in order, past the transport or not."""

import asyncio
import socket
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.serving.sealed import Body, Sealed
from proxy.wire.outbox import Outlet, Parts

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


def body(number: int, size: int) -> Body:
    data = bytes((number + at) % 251 for at in range(size))
    return Sealed(data) if number % 3 else data


async def sent(answers: list[Parts], taken: int, room: int) -> bytes:
    """What comes of them, if so many bytes are read behind each one."""
    one, other = socket.socketpair()
    other.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=one)
    outlet, said = Outlet(transport), b""
    with other:
        for answer in answers:
            outlet.send(answer)
            with suppress(BlockingIOError):
                said += other.recv(taken)
        reader, writer = await asyncio.open_connection(sock=other)
        transport.write_eof()
        said += await reader.read(-1)
        writer.close()
    outlet.close()
    return said


@given(
    sizes=st.lists(st.integers(1, 120_000), min_size=1, max_size=6),
    taken=st.integers(1, 300_000),
    room=st.sampled_from([2_048, 32_768, 262_144]),
)
@settings(max_examples=60)
def test_answers_come_one_behind_the_other(sizes: list[int], taken: int, room: int) -> None:
    answers = [(HEAD, body(number, size)) for number, size in enumerate(sizes)]
    said = asyncio.run(sent(answers, taken, room))
    assert said == b"".join(head + bytes(each) for head, each in answers)
