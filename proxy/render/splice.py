"""Joins parts that were deflated on their own into one gzip member (pure).

Each part ends with a full flush: it ends on a byte boundary and refers to nothing before it. So a
header, the parts, an empty last block, and the checksum combined from the parts' checksums are one
valid member (RFC 1951, RFC 1952).
"""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from isal import isal_zlib

# Magic, deflate, no flags, no time, no hint, unknown system: the same bytes for the same page.
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# A last block with fixed codes and nothing in it.
_LAST_BLOCK = b"\x03\x00"
# The header of a block that is not compressed: its kind, its length, the length's complement.
_STORED = struct.Struct("<BHH")
_TRAILER = struct.Struct("<II")
DIGEST_BYTES = 12


class Part(NamedTuple):
    """A run of bytes, deflated; `crc` (CRC-32), `size` and `digest` are of the original bytes."""

    deflated: bytes
    crc: int
    size: int
    digest: bytes


def part(raw: bytes, *, small: bool = False) -> Part:
    """Deflate a run of bytes for joining: fast, or `small` for one that is used many times."""
    if not raw:
        return Part(b"", 0, 0, b"")
    digest = hashlib.blake2b(raw, digest_size=DIGEST_BYTES).digest()
    return Part(_small(raw) if small else _fast(raw), isal_zlib.crc32(raw), len(raw), digest)


def block(raw: bytes) -> bytes:
    """Fewer than 64 KB (an id, a ticket) as a block that is not compressed."""
    return _STORED.pack(0, len(raw), len(raw) ^ 0xFFFF) + raw


def _fast(raw: bytes) -> bytes:
    # The default level takes four times as long and makes short texts no smaller.
    deflate = isal_zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    return deflate.compress(raw) + deflate.flush(isal_zlib.Z_FULL_FLUSH)


def _small(raw: bytes) -> bytes:
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=-zlib.MAX_WBITS)
    return deflate.compress(raw) + deflate.flush(zlib.Z_FULL_FLUSH)


def gzip(parts: Sequence[Part]) -> bytes:
    """The parts as one gzip member."""
    crc = reduce(_combine, parts, 0)
    return member([each.deflated for each in parts], crc, sum([each.size for each in parts]))


def member(deflated: Sequence[bytes | memoryview], crc: int, size: int) -> bytes:
    """Deflated parts as one gzip member; `crc` and `size` are of all original bytes together."""
    return b"".join((_HEADER, *deflated, _LAST_BLOCK, _TRAILER.pack(crc, size & 0xFFFFFFFF)))


def identity(member: bytes) -> bytes:
    """The content of a gzip member."""
    return isal_zlib.decompress(member, wbits=16 + zlib.MAX_WBITS)


def _combine(crc: int, after: Part) -> int:
    return isal_zlib.crc32_combine(crc, after.crc, after.size)
