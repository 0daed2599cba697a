"""An article that is split over pages: the address of its next page."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from proxy.compiler.urls import Base
from proxy.source import Source

MOST_PAGES = 10
# Links in a page's head or below its text, found by pattern, as the page is not parsed yet. A tag
# has no "<" in it, so that each byte is read once.
_TAG = re.compile(rb"<(?:link|a)(\s[^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"\s(rel|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))", re.IGNORECASE
)
_WORDS = re.compile(
    r"<a(\s[^<>]{0,2000})>\s*(?:<[^<>]{1,200}>\s*){0,2}(?:下一页|下一頁|next page|nächste seite"
    r"|page suivante|página siguiente|次のページ)",
    re.IGNORECASE,
)
# The page's number in an address; without it, an article's addresses are the same.
_NUMBERED = re.compile(
    r"/(?:page|seite|p)?/?(\d{1,2})/?$|[_-](?:p|page)?-?(\d{1,2})(?=(?:\.\w+)?/?$)", re.IGNORECASE
)
_NUMBER = frozenset({"page", "p", "pg", "pagenum", "pageno", "paged", "seite"})


def following(source: Source, page: int) -> str:
    """The address of the article's next page, "" if there is none; `source` is page number `page`.

    Blogs also link the next article as `next`: only an address that differs from this one in
    nothing but the next page's number is the article's.
    """
    base = Base(source.url)
    path, _ = _read(source.url)
    for named in _named(source.body):
        url = base.fetched(unescape(named.decode("latin-1")))
        if url and _read(url) == (path, page + 1):
            return url
    return ""


def _named(body: bytes) -> Iterator[bytes]:
    for tag in _TAG.findall(body):
        said = _attributes(tag)
        if b"next" in said.get(b"rel", b"").lower().split():
            yield said.get(b"href", b"")
    # The words are read as UTF-8; pages in other encodings have only their `rel`.
    for tag in _WORDS.findall(body.decode("utf-8", "ignore")):
        yield _attributes(tag.encode()).get(b"href", b"")


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name.lower(): b"".join(values) for name, *values in _ATTRIBUTE.findall(tag)}


def _read(url: str) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], int]:
    """An address without its page number, and the number; 1 if there is none."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query)
    asked = tuple(pair for pair in pairs if pair[0].lower() not in _NUMBER)
    found = _NUMBERED.search(parts.path)
    numbers = [value for key, value in pairs if key.lower() in _NUMBER and value.isdecimal()]
    numbers += [number for number in (found.groups() if found else ()) if number]
    path = _NUMBERED.sub("", parts.path).rstrip("/")
    return (parts.netloc.removeprefix("www."), path, asked), int((numbers or ["1"])[0][:3])
