"""The sample articles that an empty console offers: our own texts, which need no fetch.

They are served at `/sample/NAME` on the console's origin; the demonstration uses them, too.
Otherwise they are articles like any other: compiled, stored, renewed.
"""

from functools import cache
from pathlib import Path

from aiohttp import web

from ads.clock import Clock
from ads.tally import Tally
from proxy import observe
from proxy.errors import SourceProblem
from proxy.fetch import FetchConfig, Fetcher, NotModified, Validators
from proxy.source import Source

_FOLDER = Path(__file__).parent
ARTICLES = ("oolong", "thermometer", "houses")
PICTURES = ("hills.png", "thermometer.png", "houses.png")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",  # readers' pages show the pictures
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "public, max-age=3600",
}


class Samples(Fetcher):
    """A fetcher that returns this console's samples from disk, and fetches all else."""

    def __init__(self, config: FetchConfig, console_origin: str, now: Clock, tally: Tally) -> None:
        super().__init__(config, now)
        self._origin = console_origin
        self._tally = tally

    async def get(self, url: str, *, validators: Validators | None = None) -> Source | NotModified:
        """The sample, or the fetcher's answer; raises what the fetcher raises."""
        name = self._named(url)
        if name not in ARTICLES:
            with observe.outcome(self._tally, "passalong_fetch_seconds"):
                return await super().get(url, validators=validators)
        return Source(url, page(name).encode(), "text/html; charset=utf-8", fetched_at=self._now())

    async def picture(self, url: str) -> bytes:
        """The bytes of a sample's or another picture; raises what the fetcher raises."""
        name = self._named(url)
        return picture(name) if name in PICTURES else await super().picture(url)

    async def text(self, url: str) -> Source:
        """The fetcher's answer; for this console itself, SourceProblem: it has no such files."""
        if url.startswith(f"{self._origin}/"):
            raise SourceProblem("source_not_found", "The console has no such file.")
        return await super().text(url)

    def _named(self, url: str) -> str:
        return url.partition("?")[0].removeprefix(f"{self._origin}/sample/")


@cache
def page(name: str) -> str:
    """A sample's HTML with its sheet inlined: readers' pages load no sheet by plain http."""
    sheet = (_FOLDER / "page.css").read_text(encoding="utf-8")
    text = (_FOLDER / f"{name}.html").read_text(encoding="utf-8")
    return text.replace("/* page.css */", sheet)


@cache
def picture(name: str) -> bytes:
    """A picture of the articles, or of the demonstration's ad, as a PNG."""
    return (_FOLDER / name).read_bytes()


def routes() -> list[web.RouteDef]:
    """GET /sample/{name} on the console's origin: an article, or a picture of one."""
    return [web.get("/sample/{name}", _answer)]


async def _answer(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name in ARTICLES:
        return web.Response(text=page(name), content_type="text/html", headers=_HEADERS)
    if name in PICTURES:
        return web.Response(body=picture(name), content_type="image/png", headers=_HEADERS)
    raise web.HTTPNotFound
