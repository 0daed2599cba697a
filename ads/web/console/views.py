"""The console's templates and static files: one jinja2 environment a language, always escaped."""

import gzip
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ads import i18n, text
from ads.clock import Clock
from ads.web.console import words

_WEB = Path(__file__).parents[1]
_STATIC = "console.css mark.svg icon-192.png icon-512.png".split()
_BUILT = "console.js chart.js spread.js".split()
_SHELVES = "marks.html fields.html adparts.html".split()
"""Macros that every template has at hand, in the order in which they need each other."""


@dataclass(frozen=True)
class Asset:
    """A static file, kept in memory: its address changes with its content."""

    url: str
    body: bytes
    packed: bytes
    media_type: str


def assets() -> dict[str, Asset]:
    """The static files that are built; `ops/build` makes the scripts."""
    files = [_WEB / "static" / name for name in (*_STATIC, *(f"dist/{name}" for name in _BUILT))]
    return {f.name: _asset(f.name, f.read_bytes()) for f in files if f.exists()}


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    version = sha256(body).hexdigest()[:12]
    return Asset(f"/static/{version}/{name}", body, gzip.compress(body, mtime=0), media_type)


class Views:
    """Renders pages of the console.

    `shown_at` gives the address from which a picture of another site is shown.
    """

    def __init__(
        self,
        *,
        console_origin: str,
        pages_origin: str,
        now: Clock,
        shown_at: Callable[[str], str] = str,
    ) -> None:
        self.assets = assets()
        self.now = now
        common = {
            "asset": self._address,
            "console_origin": console_origin,
            "pages_origin": pages_origin,
            "shown_at": shown_at,
        }
        self._environments = {each: _environment(each, common) for each in i18n.LANGUAGES}

    def render(self, template: str, locale: str, time_zone: str, values: Mapping[str, Any]) -> str:
        """The page as text."""
        page = self._environments[locale].get_template(template)
        return page.render({**self._times(locale, time_zone), **values})

    def _address(self, name: str) -> str:
        """Where the static file is, "" if it was not built."""
        return self.assets[name].url if name in self.assets else ""

    def _times(self, locale: str, time_zone: str) -> dict[str, Callable[[int], str]]:
        """Times as a visitor reads them."""
        now = self.now()
        return {
            "moment": lambda at: words.moment(at, locale, time_zone, now),
            "moment_of": lambda at: words.moment_of(at, locale, time_zone, now),
            "after": lambda seconds: words.moment_of(now + 1000 * seconds, locale, time_zone, now),
            "day": lambda at: words.day(at, locale, time_zone, now),
        }


def _environment(locale: str, common: Mapping[str, Any]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Installed by the i18n extension; its stub does not know it.
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(partial(i18n.gettext, locale), partial(i18n.ngettext, locale), newstyle=True)
    environment.globals |= {**common, **_words(locale)}
    for name in _SHELVES:
        found = vars(environment.get_template(name).module)
        environment.globals |= {n: macro for n, macro in found.items() if not n.startswith("_")}
    return environment


def _words(locale: str) -> dict[str, Any]:
    """What every page of a language says alike."""
    return {
        "lang": "zh-Hans" if locale == "zh" else "en",
        "locale": locale,
        # Between two sentences: a Chinese full stop is as wide as a letter.
        "gap": "" if locale == "zh" else " ",
        "colon": "：" if locale == "zh" else ": ",
        "number": lambda n: words.number(n, locale),
        "share_of": lambda part, whole: words.share(part, whole, locale),
        "percent": lambda value: words.rate(value, locale),
        "chance": lambda value: words.chance(value, locale),
        "factor": lambda value: words.factor(value, locale),
        "duration": lambda ms: words.duration(ms, locale),
        "browser": lambda agent: words.browser(agent, locale),
        "address": words.address,
        "initials": text.initials,
        # As a chat shows it: in the article's language, whatever the console's is.
        "ad_inside": lambda language: i18n.gettext(language, "Ad inside"),
    }


def static_route(views: Views) -> web.RouteDef:
    """GET /static/{version}/{name}: immutable, compressed when asked for."""

    async def serve(request: web.Request) -> web.Response:
        asset = views.assets.get(request.match_info["name"])
        if asset is None or request.path != asset.url:
            raise web.HTTPNotFound
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        } | ({"Content-Encoding": "gzip"} if packed else {})
        body = asset.packed if packed else asset.body
        return web.Response(body=body, headers=headers, content_type=asset.media_type)

    return web.get("/static/{version}/{name}", serve)
