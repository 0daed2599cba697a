"""Title, author and date: what the page declares, else what it shows."""

import re

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, names, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.tree import Document, Element

_SPACE = re.compile(r"\s+")
_PARTS = re.compile(r"\s+[|–—·»›]\s+|\s+-\s+|_|\s*[|｜]\s*|\s*::\s*|\s+-(?=[^\s-]+$)")
_BY = re.compile(
    r"^(?:by|von|par|por|di|af|av|door|文[|｜／/:：]?|作者[:：]?|撰文[:：]?)\s+", re.IGNORECASE
)
_BYLINES = (
    "[rel=author]",
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "#js_author_name",
    ".byline-name",
    ".author-name",
    ".byline__name",
    ".article-author",
    ".post-author",
    ".byline",
    ".author",
)
# Labels of pages that log in or follow, under a byline's class.
_NOBODY = frozenset({"账号", "作者", "Follow Author", "Author", "编辑"})
_DATES = ("time[itemprop=datePublished]", "[itemprop=datePublished]", "time[pubdate]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_CHINESE = re.compile(r"((?:19|20)\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")


def tidy(value: str) -> str:
    """On one line, single spaces."""
    return _SPACE.sub(" ", value).strip()


def text_of(document: Document, selector: str) -> str:
    """The text of the first match that has some."""
    found = (tidy(element.text) for element in tree.select(document, selector)[:5])
    return next((value for value in found if value), "")


def title(document: Document, metas: Metas, thing: Thing) -> str:
    """The article's title without the site's name."""
    site = metas.first("og:site_name")
    shown = _headings(document, site)
    declared = metas.first("og:title", "twitter:title")
    named = tidy(next((element.text for element in tree.elements(document, "title")), ""))
    whole = declared or named
    if opening := [h for h in shown if whole.lower().startswith(h.lower())]:
        return max(opening, key=len)[:500]
    headline = "" if declared else tidy(text(thing.get("headline")))
    return tidy(headline or _without_site(whole, site) or next(iter(shown), ""))[:500]


def _headings(document: Document, site: str) -> list[str]:
    """The headlines that the page shows."""
    found = tree.select(document, "h1, h2, #activity-name, [itemprop=headline]")[:40]
    shown = (tidy(element.text) for element in found)
    return [value for value in shown if 4 <= len(value) <= 300 and value != site]


def _without_site(whole: str, site: str) -> str:
    """A `<title>` without what follows or precedes the article's own."""
    if site and whole.lower().endswith(site.lower()) and len(whole) > len(site) + 3:
        return whole[: -len(site)].rstrip(" |-–—·_:»")
    parts = [part.strip() for part in _PARTS.split(whole) if part.strip()]
    own = [part for part in parts if len(part) >= max(8, len(whole) * 0.35)]
    return own[0] if own else whole


def author(document: Document, metas: Metas, thing: Thing) -> str:
    """Who wrote it, "" if nobody is named."""
    declared = names(thing.get("author")) or metas.first(
        "author", "article:author", "og:article:author", "dc.creator", "parsely-author", "byl"
    )
    if declared and "http" not in declared and not declared.isdigit():
        return _BY.sub("", tidy(declared))[:200]
    for selector in _BYLINES:
        shown = _BY.sub("", text_of(document, selector))
        if 1 < len(shown) <= 80 and shown not in _NOBODY:
            return shown
    return ""


def published(document: Document, metas: Metas, thing: Thing) -> str:
    """When it came out: RFC 3339 or a date, "" if unknown."""
    declared = (
        text(thing.get("datePublished")),
        metas.first("article:published_time", "og:article:published_time", "datepublished"),
        metas.first("publishdate", "pubdate", "publish_date", "date", "dc.date", "dc.date.issued"),
        metas.first("parsely-pub-date", "sailthru.date", "weibo: article:create_at"),
    )
    shown = (_stamp(e) for selector in _DATES for e in tree.select(document, selector)[:1])
    for value in (*declared, *shown, *map(_stamp, tree.elements(document, "time")[:1])):
        if date := _date(value):
            return date
    return ""


def _stamp(element: Element) -> str:
    return tree.get(element, "datetime") or tree.get(element, "content") or tidy(element.text)


def _date(value: str) -> str:
    if match := _ISO.search(value):
        return _rfc3339(match[0])
    if match := _CHINESE.search(value):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return ""


def _rfc3339(value: str) -> str:
    """With its zone, a moment; without, only the date can be told."""
    date, clock = value[:10], value[11:].replace(" ", "")
    zone = re.search(r"(Z|[+-]\d\d:?\d\d)$", clock)
    if not clock or zone is None:
        return date
    time = clock[: zone.start()]
    offset = zone[1] if zone[1] == "Z" or ":" in zone[1] else f"{zone[1][:3]}:{zone[1][3:]}"
    return f"{date}T{time if time.count(':') == 2 else time + ':00'}{offset}"


def image(document: Document) -> str:
    """The first large picture that the page shows."""
    for link in tree.select(document, "link[rel=image_src]"):
        return tree.get(link, "href")
    return ""
