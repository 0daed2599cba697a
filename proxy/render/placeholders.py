"""Our parts of a page, drawn once for all articles and filled with what each of them says. Pure.

A part is drawn with placeholders for the article's texts and addresses, and cut where they stand.
So it may put them in, escaped, and look whether there are any; what it makes of them otherwise is
made here as well: the source's name, and the address as a query's value.
"""

import re
from urllib.parse import quote

from markupsafe import escape

from ads import i18n
from ads.clock import DAY
from proxy.frame.head import site, web_address
from proxy.page import Article, Card

Format = tuple[str, ...]
"""Texts and placeholders in turn."""

# Letters and digits: nothing that a part does to a text changes them.
_TITLE, _SAID, _SITE = "Q7fLw2ZsTiTleXk9", "Q7fLw2ZsSaIdXk9", "Q7fLw2ZsSiTeXk9"
_IMAGE, _URL = "http://Q7fLw2ZsImAgeXk9", "http://Q7fLw2ZsUrLXk9"
_QUOTED = quote(_URL, safe="")
_ANY = re.compile(f"({_TITLE}|{_SAID}|{_SITE}|{_IMAGE}|{_URL}|{_QUOTED})")


def of_article(article: Article, *, gone: bool = False) -> Article | None:
    """What stands in for the article: one for each language, and day of an original that is gone.

    None does for one without a name, or without an address that a link may carry.
    """
    if web_address(article.source_url) is None or not site(article):
        return None
    return Article(
        site=_SITE,
        language=i18n.language(article.language),
        source_url=_URL,
        fetched_at=article.fetched_at // DAY * DAY if gone else 0,
    )


def of_card(card: Card) -> Card:
    """What stands in for a link card."""
    return Card(
        title=_TITLE if card.title else "",
        description=_SAID if card.description else "",
        image=_IMAGE if web_address(card.image) else "",
    )


def cut(drawn: str) -> Format:
    """A part that was drawn with placeholders."""
    return tuple(_ANY.split(drawn))


def filled(pattern: Format, article: Article, card: Card | None = None) -> str:
    """The part as if it had been drawn for this article and card."""
    texts = {_SITE: site(article), _URL: article.source_url}
    if _QUOTED in pattern:
        texts[_QUOTED] = quote(article.source_url, safe="")
    if card:
        texts |= {_TITLE: card.title, _SAID: card.description, _IMAGE: card.image}
    return "".join(
        [escape(texts[each]) if place % 2 else each for place, each in enumerate(pattern)]
    )
