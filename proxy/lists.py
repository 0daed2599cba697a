"""The operator's lists: how much of which site may be published (pure).

A list has lines of `CEILING HOST[/PATH] NOTE…`. The ceiling is none, card, excerpt or full; the
host covers its subdomains, the path covers all that begins with it; the note tells by what right,
or who asked. Of the entries that cover an address, the one with the longest host, then the longest
path, decides.
"""

import posixpath
import re
from collections.abc import Iterable
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

import msgspec

from proxy.compiler import urls
from proxy.rights import OptOut

Allowed = Literal["none", "card", "excerpt", "full"]
ALLOWED: tuple[Allowed, ...] = ("none", "card", "excerpt", "full")
NOTE_MAX = 300
# A port is taken and left out, for an entry covers them all; a query would cover nothing.
_SITE = re.compile(r"(?:https?://)?([^/\s:@?#]+)(?::[0-9]+)?(/[^\s?#]*)?", re.IGNORECASE)


class Entry(msgspec.Struct, frozen=True):
    """One line; `law`: the law is the reason; `at` (ms): when it was entered, 0 in a file."""

    allowed: Allowed
    host: str
    path: str = "/"
    note: str = ""
    law: bool = False
    at: int = 0

    @property
    def site(self) -> str:
        """Host and path, as the entry is named."""
        return self.host + self.path

    @property
    def ceiling(self) -> OptOut:
        """What the entry sets as a signal: "" (no ceiling), `excerpt`, `card` or `none`."""
        return "" if self.allowed == "full" else cast(OptOut, self.allowed)

    def fits(self, url: str) -> bool:
        """Whether the entry's host and path cover this address."""
        host = urls.host(url)
        below = host == self.host or host.endswith(f".{self.host}")
        return below and _served(urlsplit(url).path).startswith(_served(self.path))


def _served(path: str) -> str:
    """A path as servers read it: //a, /./a and /b%2f../a are /a to most of them."""
    plain = posixpath.normpath("/" + unquote(path).lstrip("/"))
    return plain + "/" * (path.endswith("/") and plain != "/")


def entry(allowed: str, site: str, note: str = "", *, law: bool = False, at: int = 0) -> Entry:
    """An entry from words. Raises ValueError."""
    found = _SITE.fullmatch(site)
    host = urls.host(f"http://{found[1]}/").removesuffix(".") if found else ""
    if allowed not in ALLOWED:
        raise ValueError(f"{allowed!r} is none of {', '.join(ALLOWED)}")
    if not found or not re.fullmatch(r"[a-z0-9.-]+", host):
        raise ValueError(f"{site!r} is no host or host/path (without ? and #)")
    return Entry(allowed, host, found[2] or "/", note[:NOTE_MAX], law, at)


def parse(text: str) -> tuple[Entry, ...]:
    """A file's entries; `#` begins a comment line. Raises ValueError naming the line."""
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        words = line.split(None, 2)
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 2:
            raise ValueError(f"line {number}: `CEILING HOST[/PATH] NOTE` is wanted")
        try:
            found.append(entry(words[0].lower(), words[1], words[2].strip() if words[2:] else ""))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
    return tuple(found)


def speaking(entries: Iterable[Entry], url: str) -> Entry | None:
    """The entry that decides for this address; of two for the same site, the stricter."""
    fitting = [each for each in entries if each.fits(url)]
    return max(fitting, key=_closeness, default=None)


def _closeness(each: Entry) -> tuple[int, int, int]:
    return len(each.host), len(each.path), -ALLOWED.index(each.allowed)
