"""Posters and covers: a picture from where it is kept, then the drawing in a thread of its own."""

from collections.abc import Awaitable, Callable

from ads.offload import Lane
from proxy.poster import cover, drawing
from proxy.poster.drawing import Words

Picture = Callable[[str], Awaitable[bytes | None]]
_lane = Lane(2)


class Posters:
    """`picture` finds a picture's bytes by our id or its address; None for what is none."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    async def png(self, words: Words, link: str, image: str) -> bytes:
        """The poster of a share with this link and card picture ("" for none)."""
        data = await self._picture(image) if image else None
        return await _lane.run(drawing.png, words, link, data)


async def covered(title: str, site: str) -> bytes:
    """The picture of a link card that has none, as PNG."""
    return await _lane.run(cover.png, title, site)
