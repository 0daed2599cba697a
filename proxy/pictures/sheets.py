"""Style sheets and fonts of `http:` sources by way of us: the policy of our pages keeps them out.

A sheet is cleaned as those in a page are, so it cannot cover a slot either; what it imports or
names is carried the same way. A font is handed on as it is, if it is one: browsers sanitise fonts.
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
    """The text of a sheet at `url`, harmless, its addresses absolute. Raises SourceProblem."""
    return css.sheet(text, Base(url))


def font(data: bytes) -> Shrunk:
    """A font as it is. Raises Problem for what is none."""
    kind = _FONTS.get(data[:4])
    if kind is None:
        raise Problem("unsupported_media_type", "This is no font.")
    return Shrunk(data, kind)


def decoded(source: Source) -> str:
    """A sheet's text: by mark, header, `@charset`, else UTF-8, else the Chinese of old sites."""
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
