"""Text and date: what the page declares, else what it shows."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import chain

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.tree import Document, Element

_NO_LETTERS = re.compile(r"[\W_]+")
_DATES = ("time[itemprop=datePublished]", "[itemprop=datePublished]", "time[pubdate]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_ENGLISH = re.compile(
    rf"\b(?:{_MONTH}\s+{_DAY},?|{_DAY}\s+{_MONTH},?)\s+((?:19|20)\d\d)\b", re.IGNORECASE
)
# What a template writes where no date was set.
_UNSET = ("0001", "1969-12-31", "1970-01-01")
_LATER = re.compile(r"updated|modified|reviewed|©|更新", re.IGNORECASE)
LINE = 80
_CHINESE = re.compile(r"((?:19|20)\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")


def tidy(value: str) -> str:
    """On one line, single spaces."""
    return " ".join(value.split())


def same_title(text: str, title: str) -> bool:
    """Whether a block says the title again, or most of it; quotes and joiners may differ."""
    if len(text) > 2 * len(title) + 100:
        return False
    packed, whole = _letters(text), _letters(title)
    return len(packed) >= 6 and packed == whole[: len(packed)] and len(packed) >= len(whole) * 0.6


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def text_of(document: Document, selector: str) -> str:
    """The text of the first match that has some."""
    found = (tidy(element.text) for element in tree.select(document, selector)[:5])
    return next((value for value in found if value), "")


def published(document: Document, metas: Metas, thing: Thing) -> str:
    """When it came out: RFC 3339 or a date, "" if unknown."""
    declared = (
        text(thing.get("datePublished")),
        metas.first("article:published_time", "og:article:published_time", "datepublished"),
        metas.first("publishdate", "pubdate", "publish_date", "date", "dc.date", "dc.date.issued"),
        metas.first("parsely-pub-date", "sailthru.date", "weibo: article:create_at"),
    )
    shown = (_stamp(e) for selector in _DATES for e in tree.select(document, selector)[:1])
    last = (_stamp(e) for e in tree.elements(document, "time")[:1])
    for value in chain(declared, shown, last):
        if date := _date(value):
            return date
    return ""


def _stamp(element: Element) -> str:
    return tree.get(element, "datetime") or tree.get(element, "content") or tidy(element.text)


def _date(value: str) -> str:
    """The moment or day in a text, "" if there is none, or none that a calendar has."""
    said = _written(value)
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return ""
    return said


def _written(value: str) -> str:
    if match := _ISO.search(value):
        return "" if match[0].startswith(_UNSET) else _rfc3339(match[0])
    if match := _CHINESE.search(value):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    if match := _ENGLISH.search(value):
        month = _MONTHS.index((match[1] or match[4]).lower()) + 1
        return f"{match[5]}-{month:02}-{int(match[2] or match[3]):02}"
    return ""


def day(lines: Iterable[str]) -> str:
    """The first day that a line names for itself, and not for a change, "" if none does."""
    short = (line for line in lines if len(line) <= LINE and not _LATER.search(line))
    return next(filter(None, map(_date, short)), "")


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
    """The picture that the page names for itself, by link or microdata."""
    for named in tree.select(
        document, "link[rel=image_src], [itemprop=image], [itemprop=thumbnailUrl]"
    ):
        for name in ("href", "content", "data-src", "src"):
            if address := tree.get(named, name):
                return address
    return ""


def said(document: Document, name: str) -> list[object]:
    """What microdata and RDFa say under a name of schema.org, as JSON-LD would."""
    found = tree.select(
        document, f"[itemprop~='{name}'], [property='{name}'], [property='schema:{name}']"
    )[:20]
    return [{name: tree.get(e, "content") or tree.get(e, "href") or e.text} for e in found]
