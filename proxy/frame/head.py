"""Our part of a branded page's head: the style sheet first, then the link card. Pure."""

import re
from functools import cache

from markupsafe import Markup

from ads import i18n
from ads.markup import join, tag
from proxy.frame import style
from proxy.page import Article, Card

SITE_MAX = 40
ITEMS = {"twitter:title": "name", "description": "description", "twitter:image": "image"}
"""The `itemprop` of some tags: QQ reads only these (mqq.data.setShareInfo)."""


def head(card: Card, article: Article, *, advertiser: str = "", dark: bool = False) -> str:
    """The style sheet and the card's tags, to stand first in <head>.

    `advertiser` is "" if the page has no ad; `dark` is the Page's. There is no `og:url` and no
    canonical: both would make chat apps share a link without the reader's hop (DESIGN, section 5).
    """
    return style_tags(dark=dark) + card_tags(card, article, advertiser)


# These return str, not Markup, which would escape the HTML that they are joined to.
@cache
def style_tags(*, dark: bool) -> str:
    """The first tags of every page: the encoding, and our style sheet."""
    sheet = Markup(style.sheet(dark=dark))  # noqa: S704 - our own files
    return str(join(tag("meta", charset="utf-8"), tag("style", sheet)))


def card_tags(card: Card, article: Article, advertiser: str) -> str:
    """Open Graph and Twitter tags; the description says that an ad is inside (look, section 3)."""
    image = web_address(card.image) or ""
    description = described(card.description, advertiser, article.language)
    tags = (
        ("property", "og:title", card.title),
        ("property", "og:description", description),
        ("property", "og:image", image),
        ("property", "og:type", "article"),
        ("property", "og:site_name", named(site(article), advertiser, article.language)),
        ("name", "description", description),
        ("name", "twitter:card", "summary_large_image" if image else "summary"),
        ("name", "twitter:title", card.title),
        ("name", "twitter:description", description),
        ("name", "twitter:image", image),
    )
    every = [
        tag("meta", **{kind: name}, content=text, itemprop=ITEMS.get(name))
        for kind, name, text in tags
        if text
    ]
    return str(join(*every))


def described(description: str, advertiser: str, language: str) -> str:
    """A card's description, with the ad announced before it."""
    if not advertiser:
        return description
    inside = i18n.gettext(language, "Ad inside")
    return " · ".join(part for part in (inside, advertiser, description) if part)


def named(site_name: str, advertiser: str, language: str) -> str:
    """A card's site name with the ad's label and advertiser, which chats show that cut the rest.

    A long site name is cut first, so that it does not push the label out.
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
    """`url` if it is http(s), the only schemes for a link or picture; else None."""
    return url if re.match(r"https?://", url, re.IGNORECASE) else None
