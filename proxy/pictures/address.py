"""`/i/<signature>/<name>` on the pages origin: a source picture's URL, signed by us (pure).

The name is a URL in base32, or one of these: `sheet <depth> <URL>` and `font <URL>` for style
sheets and fonts of `http:` sources; `cover <site>`, a line end and `<title>` for a card's picture
that we draw. Base32 without padding and capitals, so that no public blocking list finds `-ad-`,
`/ads/` or a size in it, whatever the publisher called the picture.
"""

import base64
import hashlib
import hmac
from binascii import Error as Base32Error
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from proxy.compiler import urls

LONGEST_URL = 2_000
"""Bytes of a source URL; its name then fits a request line of 4 KB."""
LONGEST_TITLE, LONGEST_SITE = 120, 40
"""Characters of a cover's texts: a cover has no room for more, and chats refuse long addresses."""
PATH = "/i/{signature:[a-z2-7]{26}}/{name:[a-z2-7]{2,3300}}"
START = "/i/"
COVER = "cover "
DEEPEST = 4
"""The levels of `@import` that are followed."""

_MAC_BYTES = 16
_PURPOSE = b"passalong picture 1\0"


@dataclass(frozen=True)
class PictureAddresses:
    """The addresses of what we proxy: `http:` URLs, and those of `hosts` and their subdomains.

    Our pages' policy forbids `http:`. All `keys` verify, the first signs.
    """

    pages_origin: str
    keys: tuple[bytes, ...] = field(repr=False)
    hosts: frozenset[str] = frozenset()

    def of(self, url: str) -> str:
        """The address of a picture for readers: our signed one, or `url` itself."""
        return self._signed(url) if self._ours(url) else url

    @cached_property
    def mark(self) -> str:
        """A signature of these settings, which tells pages rewritten with others apart."""
        settings = "\n".join((self.pages_origin, *sorted(self.hosts)))
        return _signature(settings, self.keys[0])

    def of_sheet(self, url: str, depth: int = 0) -> str:
        """The same for a style sheet `depth` levels of import down; "" beyond DEEPEST."""
        if not self._ours(url):
            return url
        return self._signed(f"sheet {depth} {url}") if depth <= DEEPEST else ""

    def of_font(self, url: str) -> str:
        """The same for a font."""
        return self._signed(f"font {url}") if self._ours(url) else url

    def of_cover(self, title: str, site: str) -> str:
        """The address of the picture that we draw for an article without one."""
        lines = (_short(site, LONGEST_SITE), _short(title, LONGEST_TITLE))
        return self._signed(COVER + "\n".join(lines))

    def source(self, signature: str, name: str) -> str | None:
        """The text that a signed address names; None if none of `keys` signed it."""
        given = signature.encode()
        if not any(hmac.compare_digest(given, _signature(name, k).encode()) for k in self.keys):
            return None
        try:
            return base64.b32decode(name.upper() + "=" * (-len(name) % 8)).decode()
        except (Base32Error, ValueError):
            return None

    def may_stand_in(self, markup: bytes) -> bool:
        """Whether `markup` may have URLs that we proxy: a quick check before searching for them."""
        return b"http:" in markup or any(host.encode() in markup for host in self.hosts)

    def _signed(self, source: str) -> str:
        name = _base32(source.encode())
        return f"{self.pages_origin}{START}{_signature(name, self.keys[0])}/{name}"

    def _ours(self, url: str) -> bool:
        scheme = urls.scheme(url)
        if scheme not in urls.FETCH_SCHEMES or not 0 < len(url.encode()) <= LONGEST_URL:
            return False
        if url.startswith(f"{self.pages_origin}/"):
            return False
        return scheme == "http" or bool(self.hosts and self._listed(urls.host(url)))

    def _listed(self, host: str) -> bool:
        labels = host.split(".")
        return any(".".join(labels[at:]) in self.hosts for at in range(len(labels)))


def host(source: str) -> str:
    """The host of a signed address's source; "" for a cover, which is ours."""
    return "" if source.startswith(COVER) else urlsplit(source.rpartition(" ")[2]).hostname or ""


def _signature(name: str, key: bytes) -> str:
    # Signs the encoded name, not the URL, so that no URL has two valid addresses.
    return _base32(hmac.digest(key, _PURPOSE + name.encode(), hashlib.sha256)[:_MAC_BYTES])


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).rstrip(b"=").decode().lower()
