"""Hop ids: a reader's place in a share's tree, its depth readable from the id itself (pure).

An id is 12 base64url digits: two of depth, most significant first, and ten random ones
(contract, section 6). Counts by depth therefore never move, and no cycle can form.
"""

import re

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MAX_DEPTH = 1023

_DIGIT = {letter: value for value, letter in enumerate(ALPHABET)}
FORM = r"(?!AA)[A-P][A-Za-z0-9_-]{11}"
"""A reader's id: sixteen times 64 depths, of which the first is the sharer's link."""
_FORM = re.compile(FORM)


def depth(hop: str) -> int:
    """Forwards between the sharer's link (`""`, depth 0) and this hop.

    Raises KeyError for an id that does not start with two base64url digits.
    """
    return _DIGIT[hop[0]] * 64 + _DIGIT[hop[1]] if hop else 0


def valid(hop: str) -> bool:
    """Whether this is the id of a reader: well formed, depth 1 to 1023."""
    return bool(_FORM.fullmatch(hop))


def fits(n: str, p: str) -> bool:
    """Whether hop `n` can be a child of `p`: one deeper, or both at the cap."""
    return depth(n) == min(depth(p) + 1, MAX_DEPTH)


def prefix(level: int) -> str:
    """The two digits that an id of depth `level` (1 to 1023) starts with."""
    return ALPHABET[level // 64] + ALPHABET[level % 64]
