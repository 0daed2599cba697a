"""Resolves addresses as browsers do (WHATWG, by ada); decides which of them may stay in a page."""

import re
from typing import Final

from ada_url import URL, join_url

from proxy.errors import SourceProblem

# What a link may open: a page, a phone call, a message. All other schemes are refused.
LINK_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "sms"})
FETCH_SCHEMES: Final = frozenset({"http", "https"})
# Pictures in data: addresses; in an `<img>` even SVG runs no script.
_DATA_PICTURE = re.compile(
    r"data:image/(?:png|gif|jpe?g|webp|avif|bmp|x-icon|svg\+xml)[;,]", re.IGNORECASE
)
# In style sheets: fonts and pictures in data: addresses, parts of the page.
_STYLE = re.compile(r"#|data:(?:image/|font/|application/(?:x-)?font)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
# Browsers ignore these in an address: "java\nscript:" is a scheme to them.
_INSIDE: Final = str.maketrans("", "", "\t\n\r")
_AROUND: Final = "".join(map(chr, range(0x21)))
MAX_URL: Final = 8_192  # characters; servers take no more, WeChat's longest are about 1,000
# Characters of all addresses of one page: each relative address grows by the base's length.
MAX_ADDRESSES: Final = 8 * 1024 * 1024
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/")
# Characters that need no escape, and escapes.
_RUN: Final = (
    "[A-Za-z0-9_~!$&()*+,;=:@.{0}-]*+(?:%[0-9A-Fa-f]{{2}}[A-Za-z0-9_~!$&()*+,;=:@.{0}-]*+)*+"
)
# Addresses in the form that WHATWG's parser would return: most are, and need no parsing.
_WRITTEN = re.compile(
    r"(https?://(?!xn--|\d)(?:[a-z0-9-]++\.)++(?!xn--)[a-z]{2,}+(?=/))?"
    rf"(?:/(?!\.|%2[Ee]){_RUN.format('')})++(?:\?{_RUN.format('/?')})?(?:#{_RUN.format('/?')})?"
)


class Base:
    """The address against which a page's relative addresses are resolved.

    Every method raises SourceProblem("too_big") when the page's addresses exceed MAX_ADDRESSES.
    """

    def __init__(self, page: str, declared: str = "") -> None:
        self.page = page.split("#")[0]
        self._left = MAX_ADDRESSES
        joined = _join(page, declared.strip()) if declared.strip() else ""
        self.url = joined if scheme(joined) in FETCH_SCHEMES else page
        self._origin = found[0].rstrip("/") if (found := _ORIGIN.match(self.url)) else ""
        self._scheme = self._origin.partition("//")[0]

    def link(self, text: str) -> str:
        """A link's address: absolute, or `#part` of this page; "" if it may not stay."""
        url = self._as_written(text)
        if not url:
            text = clean(text)
            url = text if text.startswith("#") else self._absolute(text, LINK_SCHEMES)
        if "#" not in url:
            return url
        before, _, part = url.partition("#")
        return "#" + part if before == self.page else url

    def fetched(self, text: str) -> str:
        """The absolute address of a picture, style sheet or video; "" if it may not stay."""
        return self._as_written(text) or self._absolute(clean(text), FETCH_SCHEMES)

    def picture(self, text: str) -> str:
        """As `fetched`, but data: pictures may stay, too."""
        return self._fetched_or(text, _DATA_PICTURE)

    def style(self, text: str) -> str:
        """As `picture`, for style sheets: data: fonts and `#part` may stay, too."""
        return self._fetched_or(text, _STYLE)

    def _fetched_or(self, text: str, stays: re.Pattern[str]) -> str:
        if found := self._as_written(text):
            return found
        text = clean(text)
        return text if stays.match(text) else self._absolute(text, FETCH_SCHEMES)

    def _absolute(self, text: str, schemes: frozenset[str]) -> str:
        if not text or len(text) > MAX_URL:
            return ""
        url = _join(self.url, text)
        self.weigh(len(url))
        return url if scheme(url) in schemes else ""

    def _as_written(self, text: str) -> str:
        """The absolute address if `_WRITTEN` can tell it, "" if it must be parsed."""
        if text[:2] == "//":
            text = self._scheme + text
        written = _WRITTEN.fullmatch(text)
        if written is None or len(text) > MAX_URL:
            return ""
        if written[1]:
            return text
        # The address has no origin of its own, not even one without a scheme ("//host/").
        url = self._origin and self._origin + text
        self.weigh(len(url))
        return url

    def weigh(self, length: int) -> None:
        """Count characters towards MAX_ADDRESSES. Raises SourceProblem("too_big")."""
        self._left -= length
        if self._left < 0:
            raise SourceProblem("too_big", "its addresses alone are more than a page may be")


def clean(text: str) -> str:
    """The address without the characters that browsers ignore."""
    text = text.strip(_AROUND)
    # A data: picture has tens of thousands of characters, and `translate` looks at each.
    inside = "\t" in text or "\n" in text or "\r" in text
    return text.translate(_INSIDE) if inside else text


def scheme(url: str) -> str:
    """The scheme of an address in lower case, "" if it has none."""
    match = _SCHEME.match(url)
    return match[0].lower() if match else ""


def host(url: str) -> str:
    """The host name in an address, "" if it has none."""
    try:
        return URL(url).hostname
    except ValueError:
        return ""


def _join(base: str, text: str) -> str:
    try:
        return str(join_url(base, text))
    except ValueError:
        return ""
