"""A compiled page -> the page with our addresses for the pictures that we proxy (pure).

This is done after a page is read from the store, not when it is compiled: the stored page has the
sources' URLs, so keys and PICTURE_HOSTS can change without compiling again. The input is the
compiler's own serialised markup: quotes are double, `<` and `>` in values are escaped.
"""

import html
import re
from collections.abc import Callable
from re import Match

import msgspec

from proxy.compiler.clean.attributes import candidates
from proxy.page import Page
from proxy.pictures.address import PictureAddresses

PICTURES_MAX = 2_000
"""URLs in a page that are rewritten at most: each may become several times as long."""

# A style sheet up to its end, or a tag. Possessive, so that hostile text takes linear time.
_PIECE = re.compile(
    rb"(?P<sheet><style(?:\s[^<>]*+)?>(?:[^<]|<(?![a-z/!]))*+)"
    rb'|<(?P<tag>[a-z][^\s<>"/]*+)(?P<attributes>\s(?:[^<>"]|"[^"]*+")*+)>',
)
_ATTRIBUTE = re.compile(rb'(\s([^\s"=<>]++)=")([^"]*+)"')
# As the compiler (`clean.css`) writes them.
_URL = re.compile(r'url\("([^"\\]*+)"\)')
_IMPORT = re.compile(r'(@import\s*+(?:url\()?)"([^"\\]*+)"', re.IGNORECASE)
_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)(?:[?#]|$)", re.IGNORECASE)
_SINGLE = frozenset(
    {(b"img", b"src"), (b"video", b"poster"), (b"image", b"href"), (b"image", b"xlink:href")}
)
_SETS = frozenset({(b"img", b"srcset"), (b"source", b"srcset")})


def rewritten(page: Page, addresses: PictureAddresses) -> Page:
    """The page with `src`, `srcset`, `poster`, backgrounds and its link card's picture changed."""
    writer = _Writer(addresses)
    segments = tuple(writer.markup(segment) for segment in page.segments)
    image = addresses.of(page.card.image) if page.card.image else ""
    card = msgspec.structs.replace(page.card, image=image)
    return msgspec.structs.replace(page, segments=segments, card=card)


# Any origin and key will do: it only matters whether a URL is rewritten.
_ANYBODY = PictureAddresses("https://pages.invalid", (b"",))


def holds_http(page: Page) -> bool:
    """Whether the page has pictures with `http:` URLs, which readers cannot load in any setting."""
    return rewritten(page, _ANYBODY) != page


def sheet(text: str, addresses: PictureAddresses, depth: int) -> str:
    """A cleaned style sheet, `depth` levels of import down, with its URLs rewritten as well."""
    return _Writer(addresses, depth + 1).css(text)


class _Writer:
    def __init__(self, addresses: PictureAddresses, depth: int = 0) -> None:
        self._addresses = addresses
        self._depth = depth
        self._left = PICTURES_MAX

    def markup(self, markup: bytes) -> bytes:
        if not self._addresses.may_stand_in(markup):
            return markup
        return _PIECE.sub(self._piece, markup)

    def _piece(self, found: Match[bytes]) -> bytes:
        piece = found[0]
        if not self._addresses.may_stand_in(piece):
            return piece
        if found["sheet"]:
            return self.css(piece.decode()).encode()
        start, end = (at - found.start() for at in found.span("attributes"))
        tag = found["tag"]
        if tag == b"link" and b' rel="stylesheet"' in found["attributes"]:
            tag = b"sheet"
        changed = _ATTRIBUTE.sub(lambda each: self._attribute(tag, each), found["attributes"])
        return piece[:start] + changed + piece[end:]

    def _attribute(self, tag: bytes, found: Match[bytes]) -> bytes:
        change = self._change(tag, found[2])
        if change is None:
            return found[0]
        text = html.unescape(found[3].decode())
        changed = change(text)
        if changed == text:
            return found[0]
        return found[1] + html.escape(changed).encode() + b'"'

    def _change(self, tag: bytes, name: bytes) -> Callable[[str], str] | None:
        if (tag, name) in _SINGLE or name == b"background":
            return self._address
        if (tag, name) in _SETS:
            return self._set
        if (tag, name) == (b"sheet", b"href"):
            return self._sheet
        return self.css if name == b"style" else None

    def _address(self, url: str) -> str:
        return self._counted(url, self._addresses.of)

    def _sheet(self, url: str) -> str:
        return self._counted(url, lambda url: self._addresses.of_sheet(url, self._depth))

    def _counted(self, url: str, of: Callable[[str], str]) -> str:
        if self._left <= 0:
            return url
        ours = of(url)
        self._left -= ours != url
        return ours

    def _set(self, value: str) -> str:
        return ", ".join(f"{self._address(url)} {size}".strip() for url, size in candidates(value))

    def css(self, text: str) -> str:
        """A style sheet's or `style` attribute's text with its URLs rewritten."""
        text = _IMPORT.sub(lambda m: f'{m[1]}"{self._sheet(m[2])}"', text)
        return _URL.sub(self._css_address, text)

    def _css_address(self, found: Match[str]) -> str:
        url = found[1]
        font = self._addresses.of_font
        shown = self._counted(url, font) if _FONT.search(url) else self._address(url)
        return f'url("{shown}")'
