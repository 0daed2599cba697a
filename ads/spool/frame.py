"""A record in a segment: checksum, length, sequence number, payload (pure)."""

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

_CRC = struct.Struct("<I")
_HEAD = struct.Struct("<II")  # payload length, sequence number
_FRAME = struct.Struct("<III")  # the two together
HEADER_BYTES = _FRAME.size
MAX_PAYLOAD = 16 * 1024
MAX_FRAME = HEADER_BYTES + MAX_PAYLOAD
RESYNC_BYTES = 4 * MAX_FRAME

# A change of format changes the seed: an old record is then unreadable, never misread.
_SEED = zlib.crc32(b"passalong spool 2")


class Scan(NamedTuple):
    """The whole records (sequence, payload), the bytes they take, whether a bad one follows."""

    records: list[tuple[int, bytes]]
    used: int
    bad: bool


def pack(after: int, payloads: Sequence[bytes]) -> bytes:
    """The frames of `payloads`, numbered from `after` + 1. Raises ValueError over MAX_PAYLOAD."""
    parts: list[bytes] = []
    for sequence, payload in enumerate(payloads, after + 1):
        if len(payload) > MAX_PAYLOAD:
            raise ValueError(f"a record of {len(payload)} bytes")
        body = _HEAD.pack(len(payload), sequence) + payload
        parts += (_CRC.pack(zlib.crc32(body, _SEED)), body)
    return b"".join(parts)


def scan(data: bytes, *, final: bool) -> Scan:
    """The whole records at the start of `data`.

    `final` says that the segment ends with `data`: a record cut off is then bad, else it is only
    the edge of the window and `used` says where to read on.
    """
    records: list[tuple[int, bytes]] = []
    view, at, size = memoryview(data), 0, len(data)
    while at + HEADER_BYTES <= size:
        crc, length, sequence = _FRAME.unpack_from(data, at)
        end = at + HEADER_BYTES + length
        if length > MAX_PAYLOAD or end > size:
            break
        if zlib.crc32(view[at + _CRC.size : end], _SEED) != crc:
            break
        records.append((sequence, data[at + HEADER_BYTES : end]))
        at = end
    cut = at < size and _end(data, at) > size  # it may be whole beyond the window
    return Scan(records, at, bad=at < size and (final or not cut))


def resync(data: bytes, start: int) -> int | None:
    """Where the next sound record begins, at most RESYNC_BYTES after `start`; None without one."""
    candidates = range(start, min(len(data), start + RESYNC_BYTES))
    view = memoryview(data)
    return next((at for at in candidates if _sound(view, at, _end(data, at))), None)


def _end(data: bytes, at: int) -> int:
    """Where the record at `at` claims to end: past `data` if its header is cut, -1 if too long."""
    if len(data) - at < HEADER_BYTES:
        return len(data) + 1
    length: int = _HEAD.unpack_from(data, at + _CRC.size)[0]
    return at + HEADER_BYTES + length if length <= MAX_PAYLOAD else -1


def _sound(data: memoryview, at: int, end: int) -> bool:
    if not 0 <= end <= len(data):
        return False
    crc: int = _CRC.unpack_from(data, at)[0]
    return zlib.crc32(data[at + _CRC.size : end], _SEED) == crc
