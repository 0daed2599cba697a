"""A source's picture -> pixels for a phone. Runs in a process of its own: see `proxy.pool`."""

from typing import NamedTuple

from ads import picture

BOX = (1280, 16_000)
"""Width for the densest phones (430 points, three pixels each); height for long strips."""


class Shrunk(NamedTuple):
    """A picture as readers get it."""

    data: bytes
    media_type: str


def shrink(data: bytes) -> Shrunk:
    """The first frame, upright, at most 1280 pixels wide, metadata dropped.

    Raises Problem("too_big" | "unsupported_media_type") as `ads.picture` does.
    """
    found = picture.reduced(data, BOX)
    return Shrunk(found.data, found.media_type)
