"""Which variant of an ad a reader sees: by their hop id, the same on every visit. Pure."""

from collections.abc import Sequence

from ads.ad import Ad


def pick(hop: str, weights: Sequence[tuple[str, int]]) -> str:
    """The variant id for this hop; "" if there is none (contract, section 4).

    `weights` are (id, weight) in the order of the ad: the hash falls into one of them, counted
    along in order.
    """
    total = sum(weight for _, weight in weights)
    rest = fnv1a32(hop.encode()) % total if total else 0
    for variant, weight in weights:
        if rest < weight:
            return variant
        rest -= weight
    return ""


def fnv1a32(data: bytes) -> int:
    """The 32-bit Fowler-Noll-Vo 1a hash."""
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def weights(ad: Ad) -> list[tuple[str, int]]:
    """The (id, weight) pairs that `pick` wants."""
    return [(variant.id, variant.weight) for variant in ad.variants]
