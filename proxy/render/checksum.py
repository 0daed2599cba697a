"""What bytes that stand in a page several times add to its checksum (pure).

CRC-32 is linear over GF(2): bytes add their own checksum, multiplied by a power of x for what comes
after them, modulo the polynomial (zlib's crc32_combine). The same bytes at many places add the
product with the sum of these powers: one multiplication, however many places there are.
"""

from functools import lru_cache, reduce
from operator import xor
from typing import Final

from isal import isal_zlib

# Bits are reflected (RFC 1952, section 8): the highest one is the polynomial 1.
POLYNOMIAL: Final = 0xEDB88320
_ONE: Final = 1 << 31
KEPT: Final = 1_000
"""Pages that many shares have in common, of late: 1.4 KB each."""


def added(crc: int, tails: tuple[int, ...]) -> int:
    """What a text with this checksum adds to the page's; `tails` are bytes after each place."""
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
    """What each bit of a checksum adds, the lowest first."""
    power = reduce(xor, [isal_zlib.crc32_combine(_ONE, 0, tail) for tail in tails], 0)
    found = []
    for _ in range(32):
        found.append(power)
        power = (power >> 1) ^ (POLYNOMIAL if power & 1 else 0)
    return tuple(found[::-1])
