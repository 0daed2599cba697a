"""The article's title: what the page declares, compared with what it shows, without the site."""

import re
from html import unescape

from proxy.compiler import tree
from proxy.compiler.facts import linked, masthead, wording
from proxy.compiler.facts.linked import Thing, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import folded, tidy, words
from proxy.compiler.tree import Document

_DAY = re.compile(r" [:|–-] \d{1,2}\.\d{1,2}\.\d{4}(?:,? \d{1,2}[.:]\d\d(?: Uhr)?)?$")
# Headings, and classes and ids of headlines that are no heading elements.
_HEADLINES = (
    "h1, [class*=headline i], [class*=storytitle i], [class*=story_title i]"
    ", [class*=articletitle i], [class*=article_title i], [id*=article_title i], [id*=headline i]"
)
LONGEST = 300
MANY = 2_000
MAX = 500


def title(document: Document, metas: Metas, thing: Thing, address: str) -> str:
    """The article's title without the site's name and the day; `address` is the page's.

    - Open Graph's and the structured data's titles differ: Open Graph's, written for a link card.
    - They are two versions of one headline: the structured data's, since the other is outdated;
      but not if the structured data names Open Graph's as well.
    - Open Graph's equals `<title>`, so it was written for search engines: the only `<h1>`, if that
      says the same in other words.
    - No newspaper's article: the only `<h1>` also if it shares fewer words, differs in punctuation
      only, or is the beginning of the title. Newspapers write titles for cards with care.
    """
    found = _named(document, metas, thing, masthead.sites(document, metas, thing, address))
    return _DAY.sub("", found)[:MAX]


def _named(document: Document, metas: Metas, thing: Thing, sites: frozenset[str]) -> str:
    shown = [h for h in _headings(document) if h not in sites]
    first = tree.first(document, "title")
    named = masthead.ENDS.sub("", tidy(first.text)) if first is not None else ""
    headline = tidy(unescape(unescape(text(thing.get("headline")))))
    declared = _declared(metas, named)
    if _is_general(document, declared, named, metas.first("og:site_name")):
        declared = ""
    others = {tidy(unescape(text(thing.get(key)))) for key in ("name", "alternativeHeadline")}
    version = wording.is_version(headline, declared) and declared not in others
    further = linked.title(thing) or metas.first("citation_title", "dc.title")
    headline = headline or tidy(unescape(further))
    if version or wording.adds(declared, headline):
        declared = headline
    declared = _as_shown(document, thing, declared, named, sites)
    whole = declared or named
    opening = max((h for h in shown if _opens(h, whole)), key=len, default="")
    if len(words(opening)) < wording.FEW and (parts := _parts(document, whole, sites)):
        return max(parts, key=len)
    if opening:
        return masthead.without_site(opening, sites, masthead.BAR)
    found = masthead.without_site(declared, sites, masthead.HARD) or headline
    return found or _undeclared(document, named, shown, sites)


def _undeclared(document: Document, named: str, shown: list[str], sites: frozenset[str]) -> str:
    """The headline of a page that declares it in `<title>`, if anywhere.

    Older pages of a section share one `<title>` of few words; then it is the headline they show.
    """
    found = masthead.without_site(named, sites, masthead.PARTS)
    if len(words(found)) >= wording.FEW or found in shown:
        return found
    heads = (tidy(e.text) for e in tree.select(document, _HEADLINES)[:20])
    longer = (h for h in heads if len(words(h)) >= wording.FEW and len(h) <= LONGEST)
    return next(longer, found or next(iter(shown), ""))


def _parts(document: Document, whole: str, sites: frozenset[str]) -> list[str]:
    """The parts of a title that the page also shows alone."""
    if len(whole) > MAX:
        return []
    apart = (line for line in _lines(document) if _is_part(line, whole))
    return [line for line in apart if not masthead.is_site(line, sites)]


def _lines(document: Document) -> list[str]:
    """The lines that the page shows in headings or, on older pages, in bold or another size."""
    found = tree.elements(document, "h1", "h2", "h3", "h4", "b", "strong", "font", "span")[:MANY]
    return [tidy(text) for e in found if len(text := e.text) <= LONGEST]


def _is_part(line: str, whole: str) -> bool:
    """Whether a line is one of the parts into which separators divide a title."""
    at = whole.casefold().find(line.casefold())
    if at < 0 or len(words(line)) < wording.FEW:
        return False
    before, after = whole[:at], whole[at + len(line) :]
    alone = not before or masthead.BEFORE.search(before) is not None
    return alone and masthead.TAIL.match(after) is not None


def _is_general(document: Document, declared: str, named: str, site: str) -> bool:
    """Whether a site declares one title for all pages: `<title>` and a heading agree on another."""
    if not declared or (len(words(declared)) >= wording.FEW and declared != site):
        return False
    whole, heads = folded(named), [tidy(e.text) for e in tree.select(document, "h1")[:9]]
    folds = (folded(head) for head in heads if len(words(head)) >= wording.FEW)
    return declared not in heads and any(head in whole or whole in head for head in folds)


def _declared(metas: Metas, named: str) -> str:
    """Open Graph's or Twitter's title, unless it is the site's name, the same on every page.

    Of several Open Graph titles, the first may be the site's name, from its template.
    """
    shared = metas.every("og:title")
    own = (one for one in shared if one != metas.first("og:site_name"))
    declared = tidy(unescape(next(own, metas.first("og:title", "twitter:title"))))
    everywhere = tidy(metas.first("application-name"))
    # A quotation mark in the title ended the attribute.
    cut = named.startswith(declared) and named[len(declared) :].lstrip().startswith('"')
    if declared and cut:
        return named
    return "" if declared == everywhere != named else declared


def _as_shown(
    document: Document, thing: Thing, declared: str, named: str, sites: frozenset[str]
) -> str:
    """The page's only `<h1>` instead of the declared title, if it is a version of that."""
    heads = {head for e in tree.select(document, "h1") if (head := tidy(e.text)) not in sites}
    head = heads.pop() if len(heads) == 1 else declared
    shouted = head.isupper() and not declared.isupper()
    if head == declared or shouted or len(words(head)) < wording.FEW or len(head) > LONGEST:
        return declared
    return head if _is_meant(document, thing, head, declared, named, sites) else declared


def _is_meant(
    document: Document, thing: Thing, head: str, declared: str, named: str, sites: frozenset[str]
) -> bool:
    """Whether the only `<h1>`, `head`, is the headline for which a title was declared."""
    bare = masthead.without_site(declared, sites, masthead.PARTS)
    if any(tidy(e.text) == bare for e in tree.select(document, "h2")[:9]):
        return False
    news = linked.is_news(thing)
    version = wording.is_version(head, declared, wording.ALIKE if news else wording.NEARLY)
    if declared == named and version:
        return True
    own = masthead.without_site(declared, sites, masthead.HARD)
    return not news and (wording.goes_on(head, declared) or folded(head) == folded(own))


def _headings(document: Document) -> list[str]:
    """The headlines that the page shows."""
    found = tree.select(document, "h1, h2, #activity-name, [itemprop=headline]")[:40]
    shown = (tidy(element.text) for element in found)
    return [value for value in shown if 4 <= len(value) <= 300]


def _opens(headline: str, whole: str) -> bool:
    """Whether `whole` is the headline, or the headline and a site's name."""
    size = len(headline)
    begins = whole[:size].lower() == headline.lower()
    return begins and masthead.TAIL.match(whole[size:]) is not None
