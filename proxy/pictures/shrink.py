"""A source's picture -> one for phones. Runs in a separate process: see `proxy.pool`."""

from typing import NamedTuple

from ads import picture

BOX = (1280, 16_000)
"""Pixels: wide enough for the densest phones (430 points of three pixels), and high for strips."""


class Shrunk(NamedTuple):
    """A picture (or sheet, or font) as readers get it."""

    data: bytes
    media_type: str


def shrink(data: bytes) -> Shrunk:
    """The first frame, upright, at most 1280 pixels wide, metadata dropped.

    Raises Problem("too_big" | "unsupported_media_type") as `ads.picture` does.
    """
    found = picture.reduced(data, BOX)
    return Shrunk(found.data, found.media_type)
