"""An article's date of publication: what the page declares, else what it shows."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import chain

from babel import Locale, UnknownLocaleError

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import tidy
from proxy.compiler.tree import Document, Element

_SHOWN = ("time[itemprop=datePublished]", "[itemprop=datePublished]", "time[pubdate]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
# ISO 8601's basic form, to be written in the extended one.
_BASIC = re.compile(r"^((?:19|20)\d\d)(0\d|1[0-2])([0-3]\d)(?=T|$)")
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")
_YEAR = r"((?:19|20)\d\d)\b"
_DAY = r"(0?[1-9]|[12]\d|3[01])"
# With dots, nobody writes the month first.
_DOTTED = re.compile(rf"\b{_DAY}\. ?(0?[1-9]|1[0-2])\. ?{_YEAR}")
_SLASHED = re.compile(rf"\b{_DAY}\s?[/|-]\s?(0?[1-9]|1[0-2])\s?[/|-]\s?{_YEAR}")
# Only Americans write a day above 12 second.
_MONTH_FIRST = re.compile(rf"\b(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/{_YEAR}")
# Classes of dates.
_DATES = ":is([class*=date i], [class*=published i], [class*=time i]):not([class*=comment i])"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_NTH = rf"{_DAY}(?:st|nd|rd|th)?"
_ENGLISH = re.compile(rf"\b(?:{_MONTH}\s+{_NTH},?|{_NTH}\s+{_MONTH},?)\s+{_YEAR}", re.IGNORECASE)
_NAMED = re.compile(
    rf"\b{_DAY}(?:\.|º|er)? (?:de )?([^\W\d_]{{3,12}})\.?,? (?:de |del )?{_YEAR}", re.IGNORECASE
)
# Values that templates write where no date was set.
_UNSET = ("0001", "1969-12-31", "1970-01-01")
_LATER = re.compile(
    r"updated|modified|edited|reviewed|©|更新|aktualisiert|geändert|mis à jour|modifié|actualizad"
    r"|atualizad|aggiornat|bijgewerkt|oppdatert|uppdaterad|opdateret|zaktualizowan|обновлен",
    re.IGNORECASE,
)
# An older date beside a headline is a birthday.
OLDEST = "1991"
LINE = 80
MANY = 50
MONTHS = 12


def published(document: Document, metas: Metas, thing: Thing, language: str) -> str:
    """The publication date: RFC 3339 or a day, "" if unknown; `language`: the page's BCP 47 tag."""
    declared = (
        text(thing.get("datePublished")),
        metas.first("article:published_time", "og:article:published_time", "datepublished"),
        metas.first("publishdate", "pubdate", "publish_date", "date", "dc.date", "dc.date.issued"),
        metas.first("parsely-pub-date", "sailthru.date", "weibo: article:create_at"),
        metas.first("publish-date", "date_published", "article:published"),
        metas.first("originalpublicationdate", "citation_publication_date", "dcterms.created"),
    )
    shown = (e for selector in _SHOWN for e in tree.select(document, selector)[:1])
    stamps = (_stamp(e, language) for e in chain(shown, tree.select(document, "time")[:1]))
    return next(filter(None, chain((_date(each, language) for each in declared), stamps)), "")


def labelled(document: Document, language: str) -> str:
    """The only day that a page shows under a class of dates, "" if it shows several."""
    lines = [tidy(e.text) for e in tree.select(document, _DATES)[:MANY] if len(e.text) <= 2 * LINE]
    days = {day([line], language)[:10] for line in lines} - {""}
    return days.pop() if len(days) == 1 else ""


def day(lines: Iterable[str], language: str) -> str:
    """The first day that a line names, but not as one of a change, "" if none does."""
    short = (line for line in lines if len(line) <= LINE and not _LATER.search(line))
    days = (_date(line, language, shown=True) for line in short)
    return next((day for day in days if day > OLDEST), "")


def _stamp(element: Element, language: str) -> str:
    stamp = tree.get(element, "datetime") or tree.get(element, "content")
    return _date(stamp, language) or _date(tidy(element.text), language, shown=True)


def _date(value: str, language: str, *, shown: bool = False) -> str:
    """The time or day in a text, "" if there is none or it is in no calendar."""
    stamp = _written(value, language) or (_slashed(value, language) if shown else "")
    try:
        datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    return "" if stamp.startswith(_UNSET) else stamp


def _written(value: str, language: str) -> str:
    if match := _ISO.search(_BASIC.sub(r"\1-\2-\3", value)):
        return _rfc3339(match[0])
    if match := _DOTTED.search(value):
        return _of(match[3], match[2], match[1])
    if match := _YEAR_FIRST.search(value):
        return _of(match[1], match[2], match[3])
    if match := _ENGLISH.search(value):
        month = _MONTHS.index((match[1] or match[4]).lower()) + 1
        return _of(match[5], month, match[2] or match[3])
    if match := _MONTH_FIRST.search(value):
        return _of(match[3], match[1], match[2])
    match = _NAMED.search(value)
    month = _months(language.partition("-")[0]).get(match[2].casefold(), 0) if match else 0
    return _of(match[3], month, match[1]) if match and month else ""


def _slashed(value: str, language: str) -> str:
    """A date with slashes, day first, as all but Americans write it; `en` may be a template's."""
    match = _SLASHED.search(value)
    if match is None or (language in ("", "en", "en-US") and int(match[1]) <= MONTHS):
        return ""
    return _of(match[3], match[2], match[1])


def _of(year: str, month: str | int, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


@lru_cache(maxsize=64)
def _months(language: str) -> Mapping[str, int]:
    """CLDR's names of the months, long and short, in lower case, and their numbers."""
    try:
        months = Locale(language).months
    except (UnknownLocaleError, ValueError):
        return {}
    named = chain.from_iterable(
        kind[width].items() for kind in months.values() for width in ("wide", "abbreviated")
    )
    return {name.casefold().rstrip("."): number for number, name in named}


def _rfc3339(value: str) -> str:
    """A time with its zone; only the day if it has none."""
    date, clock = value[:10], value[11:].replace(" ", "")
    zone = re.search(r"(Z|[+-]\d\d:?\d\d)$", clock)
    if zone is None:
        return date
    time = clock[: zone.start()]
    offset = zone[1] if zone[1] == "Z" or ":" in zone[1] else f"{zone[1][:3]}:{zone[1][3:]}"
    return f"{date}T{time if time.count(':') == 2 else time + ':00'}{offset}"
