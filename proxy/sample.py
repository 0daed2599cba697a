"""The sample articles that an empty console offers: our own words, served and read without a fetch.

They are the demonstration's, at `/sample/NAME` of the console's origin. To everything else they are
articles like any: compiled, kept, asked for again.
"""

import re
from urllib.parse import urlsplit

from aiohttp import web

from ads.clock import Clock
from proxy.demo import site
from proxy.fetch import HTML, Accept, Fetcher, NotModified, Validators
from proxy.links import SAMPLES
from proxy.source import Source

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",  # readers' pages show the pictures
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "public, max-age=3600",
}


class Samples:
    """A fetcher that knows the samples of this console by heart and hands on all else."""

    def __init__(self, fetcher: Fetcher, console_origin: str, now: Clock) -> None:
        self._fetcher = fetcher
        self._origin = console_origin
        self._now = now

    async def get(
        self, url: str, *, accept: Accept = HTML, validators: Validators | None = None
    ) -> Source | NotModified:
        """The sample, or the fetcher's own answer; raises what that raises."""
        name = named(url, self._origin)
        if name not in site.ARTICLES:
            return await self._fetcher.get(url, accept=accept, validators=validators)
        return Source(url, page(name).encode(), "text/html; charset=utf-8", fetched_at=self._now())

    async def picture(self, url: str) -> bytes:
        """The bytes of a sample's picture, or of what the fetcher finds; raises what it does."""
        stem = named(url, self._origin).removesuffix(".png")
        if stem in site.PICTURES:
            return site.picture(stem)
        return await self._fetcher.picture(url)


def named(url: str, console_origin: str) -> str:
    """What of `/sample/` an address of the console names, "" if it is another."""
    parts = urlsplit(url)
    ours = f"{parts.scheme}://{parts.netloc}" == console_origin
    found = re.fullmatch(SAMPLES, parts.path) if ours else None
    return found[1] if found else ""


def page(name: str) -> str:
    """A sample's HTML. Raises KeyError for what is none."""
    return re.sub(r'"/(\w+\.png)"', r'"/sample/\1"', site.page(name))


def routes() -> list[web.RouteDef]:
    """GET /sample/{name} on the console's origin: an article, or a picture of one."""
    return [web.get("/sample/{name}", _answer)]


async def _answer(request: web.Request) -> web.Response:
    return site.answer(request.match_info["name"], page, _HEADERS)
