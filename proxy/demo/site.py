"""A publisher on loopback: three articles of our own and their pictures."""

import asyncio
from functools import cache
from pathlib import Path
from socket import socket

from aiohttp import web

from proxy.demo import drawings

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
    name = request.match_info["name"]
    stem, dot, ending = name.partition(".")
    if name in ARTICLES:
        return web.Response(text=page(name), content_type="text/html")
    if dot and ending == "png" and stem in drawings.DRAWINGS:
        return web.Response(body=await asyncio.to_thread(picture, stem), content_type="image/png")
    raise web.HTTPNotFound


@cache
def page(name: str) -> str:
    """An article with its sheet inside: readers' pages load no sheet by plain http."""
    sheet = (_FOLDER / "page.css").read_text(encoding="utf-8")
    text = (_FOLDER / f"{name}.html").read_text(encoding="utf-8")
    return text.replace("/* page.css */", sheet)


@cache
def picture(name: str) -> bytes:
    """A picture of the articles as a PNG. Raises KeyError."""
    return drawings.png(name)
