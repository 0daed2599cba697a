"""A downloaded page or file as it came (a leaf)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Media = Literal["html", "pdf", "picture", "audio", "video"]


@dataclass(frozen=True)
class Source:
    """What a link led to.

    `url` is the final address after redirects; `headers` has lower-case names, repeated ones joined
    by ", "; `body` is decoded from its content encoding; `fetched_at` in ms. `media` other than
    `html` has no body and is published as a card. `further` are the article's next pages, if they
    were asked for.
    """

    url: str
    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: int = 0
    media: Media = "html"
    further: tuple["Source", ...] = ()
