"""Readers are shown by codes: four characters of the random part of their hop id. Pure."""

from collections.abc import Iterable, Sequence

CODE = slice(2, 6)


def codes(hops: Iterable[str]) -> dict[str, str]:
    """Hop id -> the code it is shown by: four characters, more where two look alike."""
    names = list(dict.fromkeys(hops))
    return {hop: _code(hop, names) for hop in names}


def _code(hop: str, names: Sequence[str]) -> str:
    ends = range(CODE.stop, len(hop))
    looks = (hop[CODE.start : end] for end in ends)
    alone = (look for look in looks if sum(name.startswith(look, CODE.start) for name in names) < 2)
    return next(alone, hop[CODE.start :])
