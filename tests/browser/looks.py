"""How a page's blocks look in a browser without scripts: their order, width and style."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from playwright.async_api import Page, Route

PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_BLOCKS = (Path(__file__).parent / "looks.js").read_text()


@dataclass(frozen=True)
class Looks:
    """Width and style of blocks by their text, in order; `mode` says whether it is quirks mode."""

    blocks: dict[str, tuple[int, str]]
    mode: str
    wide: int


async def looks(
    tab: Page,
    url: str,
    page: bytes,
    charset: str,
    sheets: Mapping[str, str] = MappingProxyType({}),
) -> Looks:
    """Open `page` as if from `url`; pictures are one pixel, style sheets are given by path."""

    async def answer(route: Route) -> None:
        kind, path = route.request.resource_type, urlsplit(route.request.url).path
        if route.request.url == url:
            await route.fulfill(body=page, content_type=f"text/html; charset={charset}")
        elif kind == "image":
            await route.fulfill(body=PICTURE, content_type="image/gif")
        elif path in sheets:
            await route.fulfill(body=sheets[path], content_type="text/css")
        else:
            await route.abort()

    await tab.route("**/*", answer)
    await tab.goto(url)
    seen = await tab.evaluate(_BLOCKS)
    await tab.unroute_all()
    blocks = {text: (width, style) for text, width, style in seen["found"]}
    return Looks(blocks, seen["mode"], seen["wide"])
