"""What a branded page says in its head: our style first, then its link card. Pure."""

import re
from functools import cache

from markupsafe import Markup

from ads import i18n
from ads.markup import join, tag
from proxy.frame import style
from proxy.page import Article, Card

SITE_MAX = 40
ITEMS = {"twitter:title": "name", "description": "description", "twitter:image": "image"}
"""What QQ calls them, which reads no other card (mqq.data.setShareInfo)."""


def head(card: Card, article: Article, *, advertiser: str = "", dark: bool = False) -> str:
    """The style sheet and the card's tags, to stand first in <head>.

    `advertiser` is "" where no ad stands in the page; `dark` is the Page's. No `og:url` and no
    canonical: both would make chat apps share a link without the reader's hop (DESIGN, section 5).
    """
    return style_tags(dark=dark) + card_tags(card, article, advertiser)


# Not Markup: what both are added to is HTML already and must not be escaped by them.
@cache
def style_tags(*, dark: bool) -> str:
    """What stands first, of every page: the encoding, and our style sheet."""
    sheet = Markup(style.sheet(dark=dark))  # noqa: S704 - our own files
    return str(join(tag("meta", charset="utf-8"), tag("style", sheet)))


def card_tags(card: Card, article: Article, advertiser: str) -> str:
    """Open Graph and Twitter tags. The description says that an ad is inside; look, section 3."""
    image = web_address(card.image) or ""
    said = described(card.description, advertiser, article.language)
    tags = (
        ("property", "og:title", card.title),
        ("property", "og:description", said),
        ("property", "og:image", image),
        ("property", "og:type", "article"),
        ("property", "og:site_name", named(site(article), advertiser, article.language)),
        ("name", "description", said),
        ("name", "twitter:card", "summary_large_image" if image else "summary"),
        ("name", "twitter:title", card.title),
        ("name", "twitter:description", said),
        ("name", "twitter:image", image),
    )
    every = [
        tag("meta", **{kind: name}, content=text, itemprop=ITEMS.get(name))
        for kind, name, text in tags
        if text
    ]
    return str(join(*every))


def described(description: str, advertiser: str, language: str) -> str:
    """A card's description with the ad announced before it."""
    if not advertiser:
        return description
    inside = i18n.gettext(language, "Ad inside")
    return " · ".join(part for part in (inside, advertiser, description) if part)


def named(site_name: str, advertiser: str, language: str) -> str:
    """A card's site name with the label and whose ad it is: chats that cut the rest show it.

    A site's name is cut before it, so that none is long enough to push the label out.
    """
    if not advertiser:
        return site_name
    if len(site_name) > SITE_MAX:
        site_name = f"{site_name[: SITE_MAX - 1].rstrip()}…"
    return " · ".join(filter(None, (site_name, i18n.gettext(language, "Ad"), advertiser)))


def site(article: Article) -> str:
    """The source's name, else its host."""
    host = re.match(r"https?://(?:www\.)?([^/?#:]+)", article.source_url)
    return article.site or (host[1] if host else "")


def web_address(url: str) -> str | None:
    """The address if a link or picture may carry it: http(s) only, whatever else it holds."""
    return url if re.match(r"https?://", url, re.IGNORECASE) else None
