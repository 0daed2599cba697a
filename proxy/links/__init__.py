"""A pasted link -> Link: parsed as WHATWG says, with a key that identifies the article (pure).

`spellings` has the tables: what is known of sites and of what others add to links.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

import ada_url

from proxy.compiler.urls import MAX_URL
from proxy.errors import SourceProblem
from proxy.links.spellings import (
    AMP_CACHE,
    AMP_VIEWER,
    BY_HOST,
    LEADING_ON,
    LEADING_ON_ALIKE,
    MAX_LEADING_ON,
    MOBILE,
    SESSION,
    SHORT_VIDEO,
    TRACKING,
    TRACKING_PREFIXES,
    WECHAT_HOST,
    WECHAT_KEEPS,
    WHENCE,
)

SAMPLES = r"/sample/([a-z]+(?:\.png)?)"
"""Paths on our own origin that are articles all the same (`proxy.sample`)."""
_UNRESERVED = re.compile(r"%(2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")
# Characters in a value that form parsers read alike, escaped or not (WHATWG URL).
_IN_VALUE = re.compile(r"%(2[147-9A]|2C|2F|3[ADF]|40)")
_AMPERSAND = re.compile(r"\A(?:amp;)++")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link to fetch (`url`); links with the same `key` are the same article."""

    url: str
    key: str


def parse(text: str, own_hosts: frozenset[str] = frozenset()) -> Link:
    """One absolute http(s) URL, by WHATWG's parser, without tracking parameters and fragment.

    `own_hosts` are our pages' `host[:port]`, without a default port. Raises
    SourceProblem("bad_url") for anything else, for userinfo, and for a link to our own pages.
    """
    url = undotted(_named(_unwrapped(_led_on(absolute(text)))))
    if own_page(url, own_hosts):
        raise SourceProblem("bad_url", "This is a branded page already; paste the original's link.")
    kept = "&".join(p for p in _pairs(url.search) if _meaningful(url, p))
    # The setter strips one leading "?", and a query may begin with more.
    url.search = f"?{kept}" if kept else ""
    url.hash = ""
    return Link(url.href, _key(url))


def absolute(text: str, base: str | None = None) -> ada_url.URL:
    """`text` by WHATWG's parser, relative to `base` if given.

    Raises SourceProblem("bad_url") if it is no http(s) URL, has userinfo or is longer than MAX_URL,
    SourceProblem("unreachable") if its host is a name that DNS does not allow.
    """
    try:
        url = ada_url.URL(text, base=base) if len(text) <= MAX_URL else None
    except ValueError:  # of which UnicodeEncodeError, for lone surrogates, is a subclass
        url = None
    if url is None or url.protocol not in ("http:", "https:"):
        raise SourceProblem("bad_url", "This is not one complete link that begins with http(s)://")
    if url.username or url.password:
        raise SourceProblem("bad_url", "A link with a user name in it cannot be published.")
    if not _resolvable(url.hostname):
        raise SourceProblem("unreachable", f"No site is named {url.hostname[:80]!r}.")
    return url


def undotted(url: ada_url.URL) -> ada_url.URL:
    """`url` without the root's dot after its host, which the lists of hosts do not have."""
    if url.hostname.endswith("."):
        url.hostname = url.hostname.removesuffix(".")
    return url


def _resolvable(name: str) -> bool:
    """Whether DNS allows the name: labels of 1-63 octets, 253 in all; WHATWG allows more."""
    labels = name.removesuffix(".").split(".")
    return len(name) <= 254 and all(0 < len(label) <= 63 for label in labels)


def own_page(url: ada_url.URL, own_hosts: frozenset[str]) -> bool:
    """Whether `url` (undotted) is one of `own_hosts`, `host[:port]`; samples are articles."""
    return url.host in own_hosts and not re.fullmatch(SAMPLES, url.pathname)


def _led_on(url: ada_url.URL) -> ada_url.URL:
    """The target of a redirect page (LEADING_ON); `url` itself if it is none or names no target."""
    for _ in range(MAX_LEADING_ON):
        where = url.hostname + url.pathname
        alike = (names for pattern, names in LEADING_ON_ALIKE if pattern.fullmatch(where))
        names = next(alike, LEADING_ON.get(where, ""))
        given = dict(parse_qsl(url.search.removeprefix("?")))
        target = next((given[name] for name in names.split() if name in given), "")
        if not re.match(r"https?://", target, re.IGNORECASE):
            break
        url = absolute(target)
    return url


def _named(url: ada_url.URL) -> ada_url.URL:
    """The same page at its site's main host, without session ids."""
    video = SHORT_VIDEO.fullmatch(url.pathname) if url.hostname == "youtu.be" else None
    if video:
        rest = url.search.replace("?", "&", 1)
        return absolute(f"https://www.youtube.com/watch?v={video[1]}{rest}")
    if SESSION.search(url.pathname):
        url.pathname = SESSION.sub("", url.pathname)
    if url.hostname == WECHAT_HOST and url.pathname == "/s/":
        url.pathname = "/s"
    for pattern, name in MOBILE:
        if match := pattern.fullmatch(url.hostname):
            url.hostname = match.expand(name)
            break
    return url


def _unwrapped(url: ada_url.URL) -> ada_url.URL:
    """The page that a link to Google's or Bing's AMP viewer, or to the AMP cache, shows."""
    viewer = re.fullmatch(r"(www\.)?(google\.[a-z.]{2,6}|bing\.com)", url.hostname)
    cache = url.hostname.endswith(".cdn.ampproject.org")
    pattern = AMP_VIEWER if viewer else AMP_CACHE
    match = pattern.fullmatch(url.pathname) if viewer or cache else None
    if not match:
        return url
    return absolute(f"http{'s' if match[1] else ''}://{match[2]}{url.search}")


def _pairs(search: str) -> list[str]:
    """The query's parameters; `amp;` before a name is removed: the link was copied from markup."""
    pairs = (_AMPERSAND.sub("", pair) for pair in search.removeprefix("?").split("&"))
    return [pair for pair in pairs if pair]


def _meaningful(url: ada_url.URL, pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    host = url.hostname
    if host == WECHAT_HOST and url.pathname.startswith("/s/"):
        return False
    if host == WECHAT_HOST and url.pathname == "/s" and "__biz=" in url.search:
        # A link from a search has no __biz, and needs its signature instead.
        return name in WECHAT_KEEPS
    if name == "from" and value.lower() in WHENCE:
        return False
    if name in TRACKING or name.startswith(TRACKING_PREFIXES):
        return False
    return not any(
        name in names and (host == site or host.endswith("." + site))
        for site, names in BY_HOST.items()
    )


def _key(url: ada_url.URL) -> str:
    """The key: neither scheme, order of parameters nor needless escapes make another article."""
    pairs = sorted(_pairs(url.search), key=lambda pair: pair.partition("=")[0])
    return url.host + _plain(url.pathname) + "?" * bool(pairs) + "&".join(map(_same_pair, pairs))


def _same_pair(pair: str) -> str:
    name, mark, value = _plain(pair).partition("=")
    return name + mark + _IN_VALUE.sub(lambda m: chr(int(m[1], 16)), value)


def _plain(text: str) -> str:
    """RFC 3986, section 6.2.2: unreserved characters unescaped, other escapes in upper case."""
    text = _UNRESERVED.sub(lambda m: chr(int(m[1], 16)), text)
    return _ESCAPE.sub(lambda m: m[0].upper(), text)
