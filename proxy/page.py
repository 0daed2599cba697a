"""The result of compiling an article: bytes with gaps for what a share adds (a leaf)."""

from typing import Literal

import msgspec

Mode = Literal["full", "reader", "excerpt", "card"]
MODES: tuple[Mode, ...] = ("full", "reader", "excerpt", "card")

# In document order: `head` is right after <head>, `sharer` right after <body>, `share` after the
# body (the share block), `tail` right before </body>: the sticky slot, the facts and the script.
Gap = Literal["head", "sharer", "top", "middle", "end", "share", "tail"]

Closed = Literal["", "vanished", "refused_by_publisher"]


class Article(msgspec.Struct, frozen=True):
    """Facts of an article; "": unknown. `published` is RFC 3339 or a date; `fetched_at` in ms."""

    title: str = ""
    site: str = ""
    author: str = ""
    published: str = ""
    image: str = ""
    language: str = ""
    source_url: str = ""
    fetched_at: int = 0


class Card(msgspec.Struct, frozen=True):
    """The link card: what a chat shows of a link. `image` is absolute or ""."""

    title: str = ""
    description: str = ""
    image: str = ""


class Page(msgspec.Struct, frozen=True):
    """A compiled article in one mode, the same for every share of it.

    The page is segment, gap, segment, gap, …, segment in UTF-8, so `segments` has one element more
    than `gaps`. A slot that could not be placed has no gap; `skipped` has the reason. `dark`: the
    page follows the reader's dark theme, so our parts may too. `canonical` is the source's own URL
    for itself, "" if it has none or names another site. `gone_since` (ms): when the source first
    said that the article is gone, 0 while it is there. `until` (ms): when its publisher wants it
    gone (unavailable_after), 0 for never.
    """

    mode: Mode
    mode_reason: str
    article: Article
    card: Card
    segments: tuple[bytes, ...]
    gaps: tuple[Gap, ...]
    skipped: dict[str, str] = {}
    dark: bool = False
    canonical: str = ""
    gone_since: int = 0
    until: int = 0

    def over(self, at: int) -> bool:
        """Whether its publisher wants it gone by `at` (ms)."""
        return 0 < self.until <= at


class Stored(msgspec.Struct, frozen=True):
    """A compiled page with what revalidates it.

    `url` is the URL that served the page; `checked_at` (ms): when the source last confirmed it;
    `version` changes with the content. `closed` says why it may not be shown any more: `vanished`
    (for longer than the operator keeps it) or `refused_by_publisher`; "": it may be shown.
    `compiler` is the edition of the code that made it, "" in records from before this was stored.
    """

    page: Page
    version: str
    url: str
    checked_at: int
    etag: str = ""
    last_modified: str = ""
    closed: Closed = ""
    compiler: str = ""
