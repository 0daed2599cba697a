"""The article's title: what the page declares, held against what it shows, without the site."""

import re
from collections import Counter
from html import unescape

from proxy.compiler import tree
from proxy.compiler.facts import linked
from proxy.compiler.facts.linked import Thing, name, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import folded, tidy, unbroken
from proxy.compiler.tree import Document, Element
from proxy.compiler.urls import host

# Titles are on one line, with single spaces: a run would be read from each of its spaces on.
_SPLIT = r" ?[|｜] ?|_| ?:: ?| [»›·•⋆] | ?-- ?"
# No headline is written with these.
_HARD = re.compile(_SPLIT)
_NEVER = re.compile(r"(?!)")
# Nor does a heading go on behind one of these.
_BAR = re.compile(r" [|｜] ")
_PARTS = re.compile(rf"{_SPLIT}| [–—-] | -(?=[^\s-]+$)|-(?=[\u3400-\u9fff]{{2,8}}(?:-|$))")
# What stands between a headline and a site's name.
_TAIL = re.compile(r" ?(?:[|｜_–—»›·•⋆@]|--)| -|- | ?$")
_BEFORE = re.compile(r"(?:[|｜_–—»›·•⋆@:>/]|--|-) $")
# What may also stand between a site's whole name and a headline.
_NAMED = re.compile(r" ?[:/@] | ?\.\.\. ?| \((?:from )?(?=[^()]*\)$)", re.IGNORECASE)
_ENDS = re.compile(rf"(?:{_SPLIT}| [–—-] | -) ?$")
_DAY = re.compile(r" [:|–-] \d{1,2}\.\d{1,2}\.\d{4}(?:,? \d{1,2}[.:]\d\d(?: Uhr)?)?$")
# What sites call the element that holds a headline, where it is no heading.
_HEADLINES = (
    "h1, [class*=headline i], [class*=storytitle i], [class*=story_title i]"
    ", [class*=articletitle i], [class*=article_title i], [id*=article_title i], [id*=headline i]"
)
_READ_AS_LATIN = re.compile(r"[Â-ô][\x80-\xbf]")
# As hosts write them.
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
# A word, or one character of a script that writes no spaces.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
# So many words of two versions of a headline are in both.
ALIKE = 0.5
# A headline has so many words; fewer are as often a section's or a site's name.
FEW = 4
LONGEST = 300
MANY = 2_000
MAX = 500


def title(document: Document, metas: Metas, thing: Thing, address: str) -> str:
    """The article's title without the site's name and the day; `address` is the page's.

    Where Open Graph and the structured data name two headlines, Open Graph's is the one that was
    written for a link card. Two versions of one headline are an old one and the article's own: then
    it is the structured data's, unless that names Open Graph's beside it. And where Open Graph's
    is `<title>` letter by letter, it was written for search engines and not for a card: the one
    `<h1>` that says the same in other words is what a reader calls the article.
    """
    found = _named(document, metas, thing, _sites(metas, thing, address))
    undated = _DAY.sub("", found)
    return (undated if len(_words(undated)) >= FEW else found)[:MAX]


def _named(document: Document, metas: Metas, thing: Thing, sites: frozenset[str]) -> str:
    shown = [h for h in _headings(document) if h not in sites]
    first = tree.first(document, "title")
    named = _ENDS.sub("", tidy(first.text)) if first is not None else ""
    headline = tidy(unescape(text(thing.get("headline"))))
    declared = _declared(metas, named)
    if _is_general(document, declared, named, metas.first("og:site_name")):
        declared = ""
    version = _is_version(headline, declared) and declared not in _further_names(thing)
    headline = headline or tidy(unescape(_further_name(thing, metas)))
    if version or _adds(declared, headline):
        declared = headline
    if declared == named:
        declared = _in_its_own_words(document, declared, sites) or declared
    opening = max((h for h in shown if _opens(h, declared or named)), key=len, default="")
    unsure = opening != headline if opening else not (declared or headline)
    parts = unsure and len(_words(opening)) < FEW and _parts(document, declared or named, sites)
    if parts:
        return max(parts, key=len)
    if opening:
        # What every source says with a bar is written so.
        between = _BAR if opening != headline else _NEVER
        return _without_site(opening, sites, between)
    found = _without_site(declared, sites, _HARD) or headline
    return found or _undeclared(document, named, shown, sites)


def _undeclared(document: Document, named: str, shown: list[str], sites: frozenset[str]) -> str:
    """The headline of a page that names it in `<title>` at most.

    Older pages call all of a section by one `<title>` of few words; then it is what they show.
    """
    found = _without_site(named, sites, _PARTS)
    if other := _unrelated(document, named):
        return other
    if len(_words(found)) >= FEW or (found != named and found in shown):
        return found
    heads = [e for e in tree.select(document, _HEADLINES)[:20] if _is_line(e)]
    said = [*([] if found else shown), *(tidy(e.text) for e in heads)]
    longer = (h for h in said if len(_words(h)) >= FEW and len(h) <= LONGEST)
    return next(longer, found or next(iter(shown), ""))


def _unrelated(document: Document, named: str) -> str:
    """The one `<h1>` of a page whose `<title>` shares no word with it: that names the site."""
    heads = [tidy(element.text) for element in tree.select(document, "h1")]
    words = _words(heads[0].lower()) if len(heads) == 1 else []
    apart = named and set(words).isdisjoint(_words(named.lower()))
    return heads[0] if len(words) >= FEW and apart and len(heads[0]) <= LONGEST else ""


def _is_line(element: Element) -> bool:
    """Whether an element is called a headline and holds no script and no menu."""
    return not tree.elements(element, "script") and len(tree.elements(element, "a")) < 2


def _parts(document: Document, whole: str, sites: frozenset[str]) -> list[str]:
    """The parts of a title that the page shows by themselves."""
    if len(whole) > MAX:
        return []
    apart = (line for line in _lines(document) if _is_part(line, whole) and not _HARD.search(line))
    return [line for line in apart if not _is_site(line, sites)]


def _lines(document: Document) -> list[str]:
    """What the page shows in headings and, as older pages do, in letters of another size."""
    found = tree.elements(document, "h1", "h2", "h3", "h4", "b", "strong", "font", "span")[:MANY]
    return [tidy(said) for e in found if len(said := e.text) <= LONGEST]


def _is_part(line: str, whole: str) -> bool:
    """Whether a line is all that stands between two separators of a title, or at an end of it."""
    at = whole.casefold().find(line.casefold())
    if at < 0 or len(_words(line)) < FEW:
        return False
    before, after = whole[:at], whole[at + len(line) :]
    return (not before or _BEFORE.search(before) is not None) and _TAIL.match(after) is not None


def _further_name(thing: Thing, metas: Metas) -> str:
    """A recipe's name in the structured data, or what Google Scholar and Dublin Core call it."""
    return linked.title(thing) or metas.first("citation_title", "dc.title")


def _is_general(document: Document, declared: str, named: str, site: str) -> bool:
    """Whether a site shares all its pages by one title, as `<title>` and a heading show."""
    if not declared or (len(_words(declared)) >= FEW and declared != site):
        return False
    if not set(_words(declared.lower())).isdisjoint(_words(named.lower())):
        return False
    whole, heads = folded(named), [tidy(e.text) for e in tree.select(document, "h1")[:9]]
    said = (folded(head) for head in heads if len(_words(head)) >= FEW)
    return declared not in heads and any(head in whole or whole in head for head in said)


def _declared(metas: Metas, named: str) -> str:
    """Open Graph's or Twitter's, unless it is the site's own name on each of its pages.

    Of several of Open Graph's the first may be that, too, from the site's template.
    """
    shared = metas.every("og:title")
    own = (one for one in shared if one != metas.first("og:site_name"))
    declared = tidy(_mended(next(own, metas.first("og:title", "twitter:title"))))
    everywhere = tidy(metas.first("application-name"))
    # A quotation mark within it ended the attribute.
    cut = named.startswith(declared) and named[len(declared) :].lstrip().startswith('"')
    if declared and cut:
        return named
    return "" if named and declared == everywhere != named else declared


def _mended(title: str) -> str:
    """A title that a site escaped twice, or wrote in UTF-8 that was read as Latin-1, as it was."""
    title = unescape(title)
    if _READ_AS_LATIN.search(title) is None:
        return title
    try:
        return title.encode("latin-1").decode()
    except UnicodeError:
        return title


def _adds(whole: str, headline: str) -> bool:
    """Whether a title is a headline and what a site writes around it: a kicker, its own name.

    A headline of which the title goes on amid a sentence was cut for a limit of letters, one that
    a subtitle follows for want of place.
    """
    if len(_words(headline)) < FEW or folded(headline) == folded(whole):
        return False
    rest = whole[len(headline) :].lstrip() if whole.startswith(headline) else ""
    cut = rest[:1].isalnum() or rest.startswith(":")
    return not cut and folded(headline) in folded(whole)


def _is_version(headline: str, other: str) -> bool:
    """Whether two headlines say the same in other words; one within the other is the same."""
    left, right = folded(headline), folded(other)
    if not left or not right or left in right or right in left:
        return False
    words, others = Counter(_words(headline.lower())), Counter(_words(other.lower()))
    return 2 * (words & others).total() >= ALIKE * (words.total() + others.total())


def _in_its_own_words(document: Document, declared: str, sites: frozenset[str]) -> str:
    """The one `<h1>` of a page, where it is another version of the declared headline."""
    heads = [said for e in tree.select(document, "h1") if (said := tidy(e.text)) not in sites]
    said = heads[0] if len(heads) == 1 and len(heads[0]) <= LONGEST else ""
    return said if len(_words(said)) >= FEW and _is_version(said, declared) else ""


def _further_names(thing: Thing) -> set[str]:
    return {tidy(unescape(text(thing.get(key)))) for key in ("name", "alternativeHeadline")}


def _words(said: str) -> list[str]:
    return _WORD.findall(unbroken(said))


def _headings(document: Document) -> list[str]:
    """The headlines that the page shows."""
    found = tree.select(document, "h1, h2, #activity-name, [itemprop=headline]")[:40]
    shown = (tidy(element.text) for element in found)
    return [value for value in shown if 4 <= len(value) <= 300]


def _opens(headline: str, whole: str) -> bool:
    """Whether `whole` is the headline, or goes on with nothing but a site's name."""
    size = len(headline)
    rest = whole[size:]
    if whole[:size].lower() != headline.lower():
        return False
    if rest.lstrip().startswith(":"):
        # A subtitle, unless few words follow a whole headline.
        return len(_words(headline)) >= FEW > len(_words(rest))
    return _TAIL.match(rest) is not None


def _sites(metas: Metas, thing: Thing, address: str) -> frozenset[str]:
    """What the site is called, as it may stand in a title."""
    labels = host(address).removeprefix("www.")
    declared = (metas.first("og:site_name"), metas.first("application-name"))
    longest = max(labels.split(".")[:-1], key=len, default="")
    found = (*declared, name(thing.get("publisher")), labels, labels.rpartition(".")[0], longest)
    return frozenset(filter(None, map(tidy, found)))


def _without_site(whole: str, sites: frozenset[str], between: re.Pattern[str]) -> str:
    """A title without what follows or precedes the article's own."""
    for site in sites:
        if whole.lower().endswith(site.lower()) and len(whole) > len(site) + 3:
            rest = whole[: -len(site)]
            if not rest[-1:].isalnum() and _ENDS.search(rest):
                return rest.rstrip(" |-–—·•_:»")
    whole = _unnamed(whole, sites)
    parts = [part.strip() for part in between.split(whole) if _words(part)]
    own = [part for part in parts if len(part) >= max(8, len(whole) * 0.35)]
    best = min(own, key=lambda part: _is_site(part, sites)) if own else whole
    return _unnamed(best, sites)


def _unnamed(whole: str, sites: frozenset[str]) -> str:
    """A title without the site's whole name at either end: `Harvest News: Baskets`."""
    if len(whole) > MAX:
        return whole
    known = {folded(site) for site in sites if len(folded(site)) > 3}
    for between in _NAMED.finditer(whole):
        before, after = whole[: between.start()], whole[between.end() :]
        if before and after and folded(before) in known:
            return after
        if before and folded(after) in known:
            return before
        if between[0] == " : " and _names_site(after, sites):
            return before
    return whole


def _is_site(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title begins with the site's name, or the name with it."""
    first = folded(part.split()[0])
    begins = len(first) > 2 and any(folded(site).startswith(first) for site in sites)
    return begins or _names_site(part, sites)


def _names_site(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title begins or ends with the site's whole name."""
    letters = folded(part.casefold().translate(_UMLAUTS))
    names = (folded(site.casefold().translate(_UMLAUTS)) for site in sites)
    return any(len(n) > 3 and (letters.startswith(n) or letters.endswith(n)) for n in names)
