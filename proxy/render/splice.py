"""One gzip member out of parts that were deflated on their own (pure).

Each part is deflated once and ended with a full flush, so that it neither looks back into nor cuts
into its neighbours' bits; parts after each other, an empty last block, one header, and the checksum
combined from the parts' checksums are one valid member (RFC 1951, RFC 1952).
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
    """A run of bytes, deflated: its length and CRC-32 as it was, and a digest of that."""

    deflated: bytes
    crc: int
    size: int
    digest: bytes


def part(raw: bytes, *, small: bool = False) -> Part:
    """Deflates one run of bytes for joining: fast, or `small` for what is used many times."""
    if not raw:
        return Part(b"", 0, 0, b"")
    digest = hashlib.blake2b(raw, digest_size=DIGEST_BYTES).digest()
    return Part(_small(raw) if small else _fast(raw), isal_zlib.crc32(raw), len(raw), digest)


def block(raw: bytes) -> bytes:
    """Fewer than 64 KB, an id's few bytes, as they are: in a block that is not compressed."""
    return _STORED.pack(0, len(raw), len(raw) ^ 0xFFFF) + raw


def _fast(raw: bytes) -> bytes:
    # Of what is short the default makes nothing smaller, in four times as long.
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
    """Parts that were deflated, as one gzip member; `crc` and `size` are of all as it was."""
    return b"".join((_HEADER, *deflated, _LAST_BLOCK, _TRAILER.pack(crc, size & 0xFFFFFFFF)))


def identity(member: bytes) -> bytes:
    """What is in a gzip member."""
    return isal_zlib.decompress(member, wbits=16 + zlib.MAX_WBITS)


def _combine(crc: int, after: Part) -> int:
    return isal_zlib.crc32_combine(crc, after.crc, after.size)
