"""The part of a page's checksum that comes from a text at several places (pure).

CRC-32 is linear over GF(2): a text adds its own checksum, multiplied by a power of x that depends
on how many bytes follow, modulo the polynomial (zlib's crc32_combine). A text at many places adds
its checksum times the sum of these powers: one multiplication, however many places there are.
"""

from functools import lru_cache, reduce
from operator import xor
from typing import Final

from isal import isal_zlib

# Bits are reflected (RFC 1952, section 8): the highest one is the polynomial 1.
POLYNOMIAL: Final = 0xEDB88320
_ONE: Final = 1 << 31
KEPT: Final = 1_000
"""Tuples of tails whose multiples are cached, at 1.4 KB each; a template has two."""


def added(crc: int, tails: tuple[int, ...]) -> int:
    """What a text with checksum `crc` adds to the page's; `tails`: how many bytes follow each."""
    if len(tails) == 1:
        return isal_zlib.crc32_combine(crc, 0, tails[0])
    product = 0
    for times in _multiples(tails):
        if crc & 1:
            product ^= times
        crc >>= 1
    return product


@lru_cache(KEPT)
def _multiples(tails: tuple[int, ...]) -> tuple[int, ...]:
    """What each bit of a text's checksum adds to the page's, the lowest bit first."""
    power = reduce(xor, [isal_zlib.crc32_combine(_ONE, 0, tail) for tail in tails], 0)
    found = []
    for _ in range(32):
        found.append(power)
        power = (power >> 1) ^ (POLYNOMIAL if power & 1 else 0)
    return tuple(found[::-1])
