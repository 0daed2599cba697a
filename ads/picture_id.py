"""A picture's id: a hash of its bytes and its size in pixels, so that HTML can name both (a leaf).

24 hexadecimal digits of the SHA-256, then 3 for the width and 3 for the height. No `300x250` in
it: public blocking lists hide addresses with sizes.
"""

import hashlib
import re

PATTERN = "^[0-9a-f]{30}$"

_id = re.compile(PATTERN)


def make(data: bytes, width: int, height: int) -> str:
    """The id of these bytes; sides below 4096 pixels."""
    return f"{hashlib.sha256(data).hexdigest()[:24]}{width:03x}{height:03x}"


def valid(text: str) -> bool:
    """Whether it has the form of an id."""
    return bool(_id.fullmatch(text))


def size(picture: str) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) for what is no id."""
    if not valid(picture):
        return 0, 0
    return int(picture[24:27], 16), int(picture[27:], 16)
