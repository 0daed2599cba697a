"""One gzip member out of parts that were deflated on their own (pure).

Each part is deflated once and ended with a full flush, so that it neither looks back into nor cuts
into its neighbours' bits; parts after each other, an empty last block, one header, and the checksum
combined from the parts' checksums are one valid member (RFC 1951, RFC 1952).
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from isal import isal_zlib

# Magic, deflate, no flags, no time, no hint, unknown system: the same bytes for the same page.
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# A last block with fixed codes and nothing in it.
_LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True)
class Part:
    """A run of bytes as it is, deflated, and its CRC-32."""

    raw: bytes
    deflated: bytes
    crc: int


def part(raw: bytes, *, small: bool = False) -> Part:
    """Deflates one run of bytes for joining: fast, or `small` for what is used many times."""
    if not raw:
        return Part(b"", b"", 0)
    body = _small(raw) if small else _fast(raw)
    return Part(raw, body, isal_zlib.crc32(raw))


def _fast(raw: bytes) -> bytes:
    deflate = isal_zlib.compressobj(isal_zlib.ISAL_DEFAULT_COMPRESSION, wbits=-zlib.MAX_WBITS)
    return deflate.compress(raw) + deflate.flush(isal_zlib.Z_FULL_FLUSH)


def _small(raw: bytes) -> bytes:
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=-zlib.MAX_WBITS)
    return deflate.compress(raw) + deflate.flush(zlib.Z_FULL_FLUSH)


def identity(parts: Iterable[Part]) -> bytes:
    """The parts' own bytes, joined."""
    return b"".join(each.raw for each in parts)


def gzip(parts: Iterable[Part]) -> bytes:
    """The parts as one gzip member."""
    listed = [each for each in parts if each.raw]
    crc = reduce(_combine, listed, 0)
    size = sum(len(each.raw) for each in listed) & 0xFFFFFFFF
    body = b"".join(each.deflated for each in listed)
    return b"".join((_HEADER, body, _LAST_BLOCK, struct.pack("<II", crc, size)))


def _combine(crc: int, after: Part) -> int:
    return isal_zlib.crc32_combine(crc, after.crc, len(after.raw))
