"""What compiling an article yields: prepared bytes with gaps for what a share adds (a leaf)."""

from typing import Literal

import msgspec

Mode = Literal["full", "reader", "excerpt", "card"]
MODES: tuple[Mode, ...] = ("full", "reader", "excerpt", "card")

# In document order: `head` is right after <head>, `sharer` right after <body>, `share` after the
# body (the share block), `tail` right before </body>: the sticky slot, the facts and the script.
Gap = Literal["head", "sharer", "top", "middle", "end", "share", "tail"]


class Article(msgspec.Struct, frozen=True):
    """Facts of an article; "" is unknown. `published` is RFC 3339 or a date; `fetched_at` in ms."""

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

    `segments` has one more element than `gaps`; the page is segment, gap, segment, gap, …, segment,
    in UTF-8. A slot that could not be placed has no gap and its reason in `skipped`. `dark` says
    that the page follows the reader's dark theme, so our parts may too. `canonical` is the source's
    own name for itself, "" if it has none or names another site. `gone_since` (ms) is when the
    source first said that the article is no more; 0 while it stands. `until` (ms) is when its
    publisher wants it gone (unavailable_after), 0 for never.
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

    `url` is the address that the page was served from; `checked_at` (ms) when the source last
    confirmed it; `version` changes with the content. `closed` says why none of it may be shown any
    more: `vanished` for longer than the operator keeps it, or `refused_by_publisher`; "": it may.
    `compiler` is the edition of the code that made it, "" before that was kept.
    """

    page: Page
    version: str
    url: str
    checked_at: int
    etag: str = ""
    last_modified: str = ""
    closed: str = ""
    compiler: str = ""
