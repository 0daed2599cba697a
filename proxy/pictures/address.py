"""`/i/<signature>/<name>` on the pages origin: which source's picture, and that we said so (pure).

Style sheets and fonts of `http:` sources have such addresses too: `sheet <depth> <address>` and
`font <address>` stand in the name then; `cover <site>` and, in a line of its own, `<title>` where
we draw a card's picture ourselves. The name is in base32 without a sign or a capital in it: no
public blocking list finds `-ad-`, `/ads/` or a size there, whatever the publisher called it.
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
"""Of a source picture, in characters: its name then fits a request line of 4 KB."""
LONGEST_TITLE, LONGEST_SITE = 120, 40
"""Of a cover, in letters: no more has room, and the address stays one that chats take."""
PATH = "/i/{signature:[a-z2-7]{26}}/{name:[a-z2-7]{2,3300}}"
START = "/i/"
COVER = "cover "
DEEPEST = 4
"""So many sheets import one another."""

_MAC_BYTES = 16
_PURPOSE = b"passalong picture 1\0"


@dataclass(frozen=True)
class PictureAddresses:
    """Whose pictures come by way of us: those of `http:`, and those of `hosts` and all below them.

    The policy of our pages keeps `http:` out. All `keys` verify, the first signs.
    """

    pages_origin: str
    keys: tuple[bytes, ...] = field(repr=False)
    hosts: frozenset[str] = frozenset()

    def of(self, url: str) -> str:
        """Where a reader finds the picture: our signed address, or `url` itself."""
        return self._signed(url) if self._ours(url) else url

    @cached_property
    def mark(self) -> str:
        """What tells these settings from others, and nothing else of them."""
        said = "\n".join((self.pages_origin, *sorted(self.hosts)))
        return _signature(said, self.keys[0])

    def of_sheet(self, url: str, depth: int = 0) -> str:
        """The same for a style sheet that `depth` sheets have led to; "" past the DEEPEST."""
        if not self._ours(url):
            return url
        return self._signed(f"sheet {depth} {url}") if depth <= DEEPEST else ""

    def of_font(self, url: str) -> str:
        """The same for a font."""
        return self._signed(f"font {url}") if self._ours(url) else url

    def of_cover(self, title: str, site: str) -> str:
        """Where the picture is that we draw for an article without one."""
        said = (_short(site, LONGEST_SITE), _short(title, LONGEST_TITLE))
        return self._signed(COVER + "\n".join(said))

    def source(self, signature: str, name: str) -> str | None:
        """What a signed address names; None if none of `keys` signed it."""
        given = signature.encode()
        if not any(hmac.compare_digest(given, _signature(name, k).encode()) for k in self.keys):
            return None
        try:
            return base64.b32decode(name.upper() + "=" * (-len(name) % 8)).decode()
        except (Base32Error, ValueError):
            return None

    def may_stand_in(self, markup: bytes) -> bool:
        """Whether it is worth looking for our pictures; far faster than looking."""
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
    """Whose the source of a signed address is; "" of a cover, which is ours."""
    return "" if source.startswith(COVER) else urlsplit(source.rpartition(" ")[2]).hostname or ""


def _signature(name: str, key: bytes) -> str:
    # Over the name, not the address in it: one address has one name, so nobody can make two.
    return _base32(hmac.digest(key, _PURPOSE + name.encode(), hashlib.sha256)[:_MAC_BYTES])


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).rstrip(b"=").decode().lower()
