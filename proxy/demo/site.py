"""A publisher on loopback: three articles of our own and their pictures."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from socket import socket

from aiohttp import web

_FOLDER = Path(__file__).parent / "site"
ARTICLES = ("oolong", "thermometer", "houses")
PICTURES = ("hills", "thermometer", "houses")


def serve(listening: socket) -> None:
    """Answers on this socket until the process is ended."""
    asyncio.run(_serve(listening))


async def _serve(listening: socket) -> None:
    app = web.Application()
    app.add_routes([web.get("/{name}", _answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    await asyncio.Event().wait()


async def _answer(request: web.Request) -> web.Response:
    return answer(request.match_info["name"])


def answer(
    name: str, article: Callable[[str], str] | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An article, as `article` writes it, or a picture by its file's name. Raises HTTPNotFound."""
    if name in ARTICLES:
        return web.Response(text=(article or page)(name), content_type="text/html", headers=headers)
    stem = name.removesuffix(".png")
    if stem == name or stem not in PICTURES:
        raise web.HTTPNotFound
    return web.Response(body=picture(stem), content_type="image/png", headers=headers)


@cache
def page(name: str) -> str:
    """An article with its sheet inside: readers' pages load no sheet by plain http."""
    sheet = (_FOLDER / "page.css").read_text(encoding="utf-8")
    text = (_FOLDER / f"{name}.html").read_text(encoding="utf-8")
    return text.replace("/* page.css */", sheet)


@cache
def picture(name: str) -> bytes:
    """A picture of the articles, or of the ad, as a PNG."""
    return (_FOLDER / f"{name}.png").read_bytes()
