"""The name in a signed address -> the answer: a picture, a sheet, a font or a cover."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from proxy.pictures import markup, sheets
from proxy.pictures.address import COVER, PictureAddresses
from proxy.pictures.shrink import Shrunk
from proxy.source import Source


@dataclass(frozen=True)
class Maker:
    """Fetches pictures and parts of pages; `_shrink` and `_clean` run in separate processes.

    `_cover` draws a picture with a title and a site's name.
    """

    _picture: Callable[[str], Awaitable[bytes]]
    _part: Callable[[str], Awaitable[Source]]
    _shrink: Callable[[bytes], Awaitable[Shrunk]]
    _clean: Callable[[str, str], Awaitable[str]]
    _cover: Callable[[str, str], Awaitable[bytes]]
    _addresses: PictureAddresses

    async def make(self, named: str) -> Shrunk:
        """Make what a name (see `proxy.pictures.address`) stands for. Raises Problem."""
        kind, space, rest = named.partition(" ")
        if not space:
            return await self._shrink(await self._picture(named))
        if kind == COVER.strip():
            site, _, title = rest.partition("\n")
            return Shrunk(await self._cover(title, site), "image/png")
        if kind == "font":
            return sheets.font((await self._part(rest)).body)
        depth, _, url = rest.partition(" ")
        source = await self._part(url)
        text = await self._clean(sheets.decoded(source), source.url)
        text = markup.sheet(text, self._addresses, int(depth))
        return Shrunk(text.encode(), "text/css")
