"""Readers are codes, never names: four characters of the random part of their hop id. Pure."""

from collections.abc import Iterable, Sequence

CODE = slice(2, 6)


def codes(hops: Iterable[str]) -> dict[str, str]:
    """Hop id -> the code it is shown by: four characters, more where two look alike."""
    names = list(dict.fromkeys(hops))
    return {hop: hop[CODE.start : _length(hop, names)] for hop in names}


def _length(hop: str, names: Sequence[str]) -> int:
    length = CODE.stop
    while length < len(hop) and _alike(hop, names, length):
        length += 1
    return length


def _alike(hop: str, names: Sequence[str], length: int) -> bool:
    shown = hop[CODE.start : length]
    return any(other != hop and other[CODE.start : length] == shown for other in names)
