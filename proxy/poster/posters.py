"""Posters and covers, drawn in threads."""

from ads.tasks import Lane
from proxy.poster import cover, drawing
from proxy.poster.drawing import Words

_lane = Lane(2)


async def poster(words: Words, link: str, picture: bytes | None) -> bytes:
    """The poster of a share with this link, as PNG."""
    return await _lane.run(drawing.png, words, link, picture)


async def covered(title: str, site: str) -> bytes:
    """The picture of a link card that has none, as PNG."""
    return await _lane.run(cover.png, title, site)
