"""What a page says of itself: the article's facts, its link card, and the publisher's signals.

Read from `meta` elements, JSON-LD (`linked`) and what the page shows (`visible`).

title    `headline`: the best of several `wording`s, without the site's name (`masthead`)
author   `byline`: declared, or the `signature` among the `runs` of text, recognised by `names`
others   `dates`, `site`, `language`
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from ads.text import REFUSED
from proxy.compiler import tree
from proxy.compiler.facts import (
    byline,
    dates,
    headline,
    language,
    linked,
    runs,
    signature,
    site,
    visible,
)
from proxy.compiler.facts.meta import Metas
from proxy.compiler.scripted import wechat
from proxy.compiler.tree import Document
from proxy.compiler.urls import Base, host
from proxy.page import Article, Card
from proxy.rights import META_NAMES, Signals, from_headers, from_meta, from_structured
from proxy.source import Source

_UNREADABLE = re.compile(f"[{REFUSED}]")
_IMAGES = "og:image:secure_url og:image og:image:url twitter:image twitter:image:src".split()
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
# Placeholders that templates name for an article without a picture, avatars beside comments, and
# formats that no chat shows (SVG, icons).
_BLANK = re.compile(
    r"(?:^|[/_-])(?:blank|spacer|placeholder|no[_-]?im(?:g|age)|default-user-image"
    r"|apple-touch-icon|favicon)(?:[@_-]\d+(?:x\d+)?)?\.\w{3,4}(?:$|\?)|\.(?:svgz?|ico)(?:$|\?)"
    r"|//[\w.]*gravatar\.com/",
    re.IGNORECASE,
)
_LONGEST = {"title": 500, "site": 200, "author": 200}
"""The most characters of each field; `headline` and `byline` cut earlier, between words."""

# Where WeChat's pages say whose they are: those of today, and of 2018.
_ACCOUNT = "#js_name, #post-user"

_RECIPE = "[itemprop~=recipeIngredient], [itemprop~=ingredients], [itemprop~=recipeInstructions]"

LONGEST_SAID = 500
LINE = 6  # letters that identify an element
LINES = 200  # a recipe has fewer


@dataclass(frozen=True)
class Facts:
    """All that is read before the page is cleaned. `canonical` is on the same site, or "".

    `lines` are a recipe's, folded.
    """

    article: Article
    card: Card
    signals: Signals
    canonical: str
    says_article: bool = False
    lines: tuple[str, ...] = ()


def read(document: Document, source: Source, base: Base) -> Facts:
    """The facts of a page."""
    metas = Metas(document)
    data = linked.blocks(document)
    thing = linked.article(data)
    article = _article(document, source, base, metas, thing)
    if wechat.is_wechat(source.url, document):
        article = _of_wechat(document, article, source.body)
    article = _legible(article)
    return Facts(
        article=article,
        card=_card(article, metas, thing),
        signals=signals(document, metas, data) | from_headers(source.headers),
        canonical=_canonical(document, base),
        says_article=linked.says_article(thing) or metas.first("og:type").lower() == "article",
        lines=_lines(document, data),
    )


def _lines(document: Document, data: list[object]) -> tuple[str, ...]:
    """A recipe's folded lines, without those too short to identify an element."""
    said = linked.recipe(data) or [e.text for e in tree.select(document, _RECIPE)[:LINES]]
    folded = (visible.folded(visible.unmarked(line)) for line in said)
    return tuple(line for line in folded if len(line) >= LINE)


def _article(
    document: Document, source: Source, base: Base, metas: Metas, thing: linked.Thing
) -> Article:
    tongue = language.of(document, metas, thing)
    title = headline.title(document, metas, thing, source.url)
    called = site.name(document, metas, thing, source.url, title)
    shown = runs.Runs(document, title)
    return Article(
        title=title,
        site=called,
        author=byline.author(document, metas, thing, called, shown),
        published=dates.published(document, metas, thing, tongue)
        or dates.day(signature.lines(shown), tongue)
        or dates.labelled(document, tongue),
        image=_image(document, base, metas, thing),
        language=tongue,
        source_url=source.url,
        fetched_at=source.fetched_at,
    )


def _legible(article: Article) -> Article:
    """The article without control and bidi characters in fields that our own lines show."""
    mended = {
        name: _UNREADABLE.sub("", getattr(article, name))[:most] for name, most in _LONGEST.items()
    }
    return msgspec.structs.replace(article, **mended)


def _of_wechat(document: Document, article: Article, page: bytes) -> Article:
    script = wechat.data(document)
    account = wechat.field(script, "nick_name") or visible.text_of(document, _ACCOUNT)
    title = article.title or wechat.field(script, "title")
    title = title.split("\n")[0].split("\\n")[0].strip()
    return msgspec.structs.replace(
        article,
        title=title,
        site=account or article.site,
        author=article.author or account,
        published=wechat.published(page) or article.published,
    )


def _image(document: Document, base: Base, metas: Metas, thing: linked.Thing) -> str:
    named = (*map(metas.first, _IMAGES), linked.image(thing.get("image")))
    declared = list(filter(None, map(base.fetched, named)))
    addresses = declared or [base.fetched(visible.image(document))]
    return next((address for address in addresses if not is_blank(address)), "")


def is_blank(address: str) -> bool:
    """Whether an address is of a placeholder, or of a picture that no chat shows."""
    return _BLANK.search(address) is not None or urlsplit(address).path in ("", "/")


def _card(article: Article, metas: Metas, thing: linked.Thing) -> Card:
    descriptions = (*map(metas.first, _DESCRIPTIONS), linked.text(thing.get("description")))
    described = filter(None, (_telling(visible.unmarked(one), article) for one in descriptions))
    return Card(
        title=article.title,
        description=_shortened(next(described, "")),
        image=article.image,
    )


def _telling(text: str, article: Article) -> str:
    """A description, "" if it only repeats the title or the site's name."""
    again = ("", visible.folded(article.title), visible.folded(article.site))
    return "" if visible.folded(text) in again else text


def _shortened(text: str) -> str:
    """As much of a description as a card has room for, cut between words."""
    text = _UNREADABLE.sub("", text)
    part = text[:LONGEST_SAID]
    return text if part == text else f"{part.rpartition(' ')[0] or part}…"


def signals(document: Document, metas: Metas, data: list[object]) -> Signals:
    """What the page itself says about being copied and shown."""
    found = from_structured([*data, *visible.microdata(document, "isAccessibleForFree")])
    for name in META_NAMES:
        for content in metas.every(name):
            found |= from_meta(name, content)
    return found


def _canonical(document: Document, base: Base) -> str:
    link = tree.first(document, "link[rel~=canonical i]")
    url = base.fetched(tree.get(link, "href")) if link is not None else ""
    own, declared = (host(address).removeprefix("www.") for address in (base.page, url))
    return url if declared == own else ""
