"""Proxied style sheets and fonts of `http:` sources, which our pages' policy forbids.

A sheet is cleaned like those in a page, so it cannot cover a slot either; the URLs in it are
proxied, too. A font is passed on unchanged: browsers sanitise fonts.
"""

import codecs
import re
from contextlib import suppress

from ads.errors import Problem
from proxy.compiler import labels
from proxy.compiler.clean import css
from proxy.compiler.urls import Base
from proxy.pictures.shrink import Shrunk
from proxy.source import Source

_FONTS = {
    b"wOF2": "font/woff2",
    b"wOFF": "font/woff",
    b"OTTO": "font/otf",
    b"\0\1\0\0": "font/ttf",
    b"true": "font/ttf",
}
_CHARSET = re.compile(rb'@charset "([A-Za-z0-9_:.-]{1,40})";')


def cleaned(text: str, url: str) -> str:
    """The text of a sheet at `url`, harmless and with absolute URLs. Raises SourceProblem."""
    return css.sheet(text, Base(url))


def font(data: bytes) -> Shrunk:
    """A font, unchanged. Raises Problem if `data` is none."""
    kind = _FONTS.get(data[:4])
    if kind is None:
        raise Problem("unsupported_media_type", "This is no font.")
    return Shrunk(data, kind)


def decoded(source: Source) -> str:
    """A sheet's text, decoded by BOM, header or `@charset`, else as UTF-8, else as GB 18030."""
    for name in (*labels.codec(_named(source)), "utf-8"):
        with suppress(UnicodeError):
            return source.body.decode(name).removeprefix("\ufeff")
    return source.body.decode("gb18030", "replace")


def _named(source: Source) -> str:
    if source.body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    header = re.search(r"charset=[\"']?([\w:.-]+)", source.content_type, re.IGNORECASE)
    rule = _CHARSET.match(source.body)
    return header[1] if header else rule[1].decode() if rule else "utf-8"
