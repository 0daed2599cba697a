"""The parts that a share adds to a page, drawn and deflated once for all similar shares. Pure.

Shares of an article with the same ad and sharer differ only in id and ticket. So each part is drawn
with marks in place of these, cut at the marks, and the pieces are deflated; a new share only joins
pieces. A part that has the id in another form (inside a QR code's picture) is drawn for each share.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from ads import slot
from ads.ad import Ad
from ads.ad.shape import Placement
from proxy import frame
from proxy.frame.head import card_tags, style_tags
from proxy.page import Article, Card, Gap, Mode
from proxy.render import splice
from proxy.render.splice import Part

Mark = Literal["share", "ticket"]
Pieces = tuple[Part | Mark, ...]

# Letters and digits only, which no escaping changes, and which no text contains by chance.
_SHARE, _TICKET, _OTHER = "Q7fLw2ZsShAreXk9", "Q7fLw2ZsTiCketXk9", "Q7fLw2ZsOtHerXk9"
_MARKS: Mapping[str, Mark] = {_SHARE: "share", _TICKET: "ticket"}
_ANY_MARK = re.compile(f"({_SHARE}|{_TICKET})")

# A few KB each, not counted in HOT_MB; most pages of an hour carry few ads.
KEPT = 500
LONG = 4_000
"""Characters; longer texts are our sheets and scripts, the same on all pages."""


@dataclass(frozen=True)
class Origins:
    """Both origins as `scheme://host[:port]`; `wechat`: pages give their card to WeChat's app."""

    console: str
    pages: str
    wechat: bool = False


@lru_cache(KEPT)
def head(card: Card, article: Article, advertiser: str, dark: bool) -> Pieces:
    """The style sheet and the link card."""
    return (_deflated(style_tags(dark=dark)), *_cut(card_tags(card, article, advertiser)))


def sharer_line(article: Article, sharer: str, advertiser: str, *, gone: bool) -> Pieces:
    """The line that says who passed the article along."""
    return _cut(frame.sharer_line(article, sharer=sharer, advertiser=advertiser, gone=gone))


@lru_cache(KEPT)
def share_block(article: Article, advertiser: str, origins: Origins) -> Pieces:
    """The block after the body."""
    text = frame.share_block(
        article,
        share=_SHARE,
        pages_origin=origins.pages,
        console_origin=origins.console,
        advertiser=advertiser,
    )
    return _cut(text)


@lru_cache(KEPT)
def facts(mode: Mode, ad: Ad | None, slots: Sequence[Placement], origins: Origins) -> Pieces:
    """The facts, and the script that reads them."""
    text = frame.facts(
        share=_SHARE, mode=mode, ticket=_TICKET, pages_origin=origins.pages, ad=ad, slots=slots
    )
    return _cut(text, frame.script(wechat=origins.wechat))


@cache
def common() -> tuple[bytes, ...]:
    """Our longest parts, deflated: two style sheets and two scripts; every page has one of each."""
    sheets = (style_tags(dark=False), style_tags(dark=True))
    texts = (*sheets, frame.script(), frame.script(wechat=True))
    return tuple([_deflated(text).deflated for text in texts])


def ad_slot(
    ad: Ad, place: Placement, language: str, share: str, channel: str, pages_origin: str
) -> tuple[Pieces, bool]:
    """One slot of a live page, and whether it fits all similar shares."""
    alike = _slot(ad, place, language, channel, pages_origin)
    if alike is not None:
        return alike, True
    drawn = _slot_html(ad, place, language, share, channel, pages_origin)
    return (splice.part(drawn),), False


def gap_of(place: Placement) -> Gap:
    """A slot's gap; a sticky one is last in the body, where no transformed ancestor moves it."""
    return "tail" if place == "sticky" else place


@lru_cache(KEPT)
def _slot(
    ad: Ad, place: Placement, language: str, channel: str, pages_origin: str
) -> Pieces | None:
    """The slot with marks for the share's id; None if it has the id in another form, too."""
    marked, other = (
        _slot_html(ad, place, language, share, channel, pages_origin).decode()
        for share in (_SHARE, _OTHER)
    )
    return _cut(marked) if marked == other.replace(_OTHER, _SHARE) else None


def _slot_html(
    ad: Ad, place: Placement, language: str, share: str, channel: str, pages_origin: str
) -> bytes:
    text = slot.html(
        ad, place, language=language, share=share, channel=channel, pages_origin=pages_origin
    )
    return text.encode()


def _cut(*texts: str) -> Pieces:
    return tuple(
        _MARKS.get(piece) or _deflated(piece)
        for text in texts
        for piece in _ANY_MARK.split(text)
        if piece
    )


@lru_cache(KEPT)
def _deflated(text: str) -> Part:
    return splice.part(text.encode(), small=len(text) > LONG)
