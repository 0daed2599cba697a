"""What a share adds to a page, drawn and deflated once for all shares that are alike. Pure.

Shares of an article with the same ad and sharer differ in their id and their ticket alone. So each
of our parts is drawn with marks in their place, cut there, and the pieces are deflated: a new share
is then a matter of joining. What a share's id changes otherwise (it is inside a QR code's picture)
is drawn for each share.
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

# Letters and digits: no escaping of ours changes them, and nobody writes them by chance.
_SHARE, _TICKET, _OTHER = "Q7fLw2ZsShAreXk9", "Q7fLw2ZsTiCketXk9", "Q7fLw2ZsOtHerXk9"
_MARKS: Mapping[str, Mark] = {_SHARE: "share", _TICKET: "ticket"}
_ANY_MARK = re.compile(f"({_SHARE}|{_TICKET})")

# A few KB each, beside what memory is set for pages; most pages of an hour carry few ads.
KEPT = 500
LONG = 4_000
"""Bytes; what is longer is ours and the same on all pages."""


@dataclass(frozen=True)
class Origins:
    """Both origins as `scheme://host[:port]`, and whether pages hand cards to WeChat's app."""

    console: str
    pages: str
    wechat: bool = False


@lru_cache(KEPT)
def head(card: Card, article: Article, advertiser: str, dark: bool) -> Pieces:
    """The style sheet and the link card."""
    return (_deflated(style_tags(dark=dark)), *_cut(card_tags(card, article, advertiser)))


def sharer_line(article: Article, sharer: str, advertiser: str, *, gone: bool) -> Pieces:
    """Who passed it along."""
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
    """The longest of our parts, deflated, which all pages have: two style sheets, two scripts."""
    sheets = (style_tags(dark=False), style_tags(dark=True))
    texts = (*sheets, frame.script(), frame.script(wechat=True))
    return tuple([_deflated(text).deflated for text in texts])


def ad_slot(
    ad: Ad, place: Placement, language: str, share: str, channel: str, pages_origin: str
) -> tuple[Pieces, bool]:
    """One slot of a live page, and whether it is that of all shares but for the marks."""
    alike = _slot(ad, place, language, channel, pages_origin)
    if alike is not None:
        return alike, True
    drawn = _slot_html(ad, place, language, share, channel, pages_origin)
    return (splice.part(drawn),), False


def gap_of(place: Placement) -> Gap:
    """A sticky slot stands last in the body, where no transformed ancestor moves it."""
    return "tail" if place == "sticky" else place


@lru_cache(KEPT)
def _slot(
    ad: Ad, place: Placement, language: str, channel: str, pages_origin: str
) -> Pieces | None:
    """The slot with a mark for the share; None if the share is in it in another form as well."""
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
