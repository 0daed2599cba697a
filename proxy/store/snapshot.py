"""The whole store at one moment, taken as a replica takes it."""

from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from redis.asyncio import Redis
from redis.connection import ConnectionPool
from redis.exceptions import ResponseError

from ads.store.cluster import Cluster, one_of

SECONDS = 600.0
READ_BYTES = 1 << 20
_END_MARK = 40


class SnapshotError(Exception):
    """The store gives no snapshot, or cannot take one in; the message says why."""


async def servers(redis: Redis, url: str) -> list[str]:
    """The URLs of all servers that hold a part of the store at `url`. Raises RedisError."""
    if not isinstance(redis, Cluster):
        return [url]
    return [one_of(url, node.host, node.port) for node in await redis.masters()]


def take(url: str, into: BinaryIO) -> int:
    """Writes the store's snapshot (RDB) to `into`; returns its length in bytes.

    It is asked for as a replica does (SYNC), which needs no access to the store's files, but which
    managed stores often forbid. Raises SnapshotError, RedisError, OSError.
    """
    pool = ConnectionPool.from_url(url, socket_timeout=SECONDS)
    connection: Any = pool.make_connection()  # redis-py's types stop at its edge here
    connection.connect()
    try:
        # Else the store writes the snapshot to its own disk first, and leaves it there.
        connection.send_command("REPLCONF", "capa", "eof")
        with suppress(ResponseError):  # its user may lack the right
            connection.read_response()
        connection.send_command("SYNC")
        with connection._sock.makefile("rb") as stream:  # noqa: SLF001 - what follows is no reply
            return _received(stream, into)
    finally:
        connection.disconnect()


def _received(stream: BinaryIO, into: BinaryIO) -> int:
    while (line := stream.readline()).isspace():
        pass  # the store shows that it is alive while it begins
    if not line:
        raise SnapshotError("the store began no snapshot; its log says why (is its disk full?)")
    if line.startswith(b"$EOF:"):
        return _until(stream, line[5:].strip(), into)
    if line.startswith(b"$"):
        return _exactly(stream, int(line[1:]), into)
    raise SnapshotError(f"the store gives no snapshot: {line.decode(errors='replace').strip()}")


def _exactly(stream: BinaryIO, length: int, into: BinaryIO) -> int:
    left = length
    while left:
        data = stream.read(min(left, READ_BYTES))
        if not data:
            raise SnapshotError("the store ended in the middle of its snapshot")
        into.write(data)
        left -= len(data)
    return length


def _until(stream: BinaryIO, mark: bytes, into: BinaryIO) -> int:
    """Copies up to the store's random mark of 40 bytes, which ends the snapshot."""
    held, length = b"", 0
    while not held.endswith(mark):
        data = stream.read1(READ_BYTES)  # type: ignore[attr-defined]
        if not data:
            raise SnapshotError("the store ended in the middle of its snapshot")
        held += data
        sure = len(held) - _END_MARK
        if sure > 0:
            into.write(held[:sure])
            held, length = held[sure:], length + sure
    return length


def is_snapshot(path: Path) -> bool:
    """Whether a file begins like a snapshot."""
    with path.open("rb") as file:
        return file.read(5) in (b"REDIS", b"VALKE")
