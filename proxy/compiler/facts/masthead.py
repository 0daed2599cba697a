"""Finds the site's name in the page's head, and removes it from a headline."""

import re

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, name
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import folded, tidy, words
from proxy.compiler.tree import Document
from proxy.compiler.urls import host

# Titles have single spaces only: a run of spaces would be searched again from each of them.
_SPLIT = r" ?[|｜] ?|_| ?:: ?| [»›·•⋆] | ?-- ?"
# Separators that no headline contains.
HARD = re.compile(_SPLIT)
# Separators behind which no heading continues.
BAR = re.compile(r" [|｜] ")
PARTS = re.compile(rf"{_SPLIT}| [–—-] | -(?=[^\s-]+$)|-(?=[\u3400-\u9fff]{{2,8}}(?:-|$))")
# Separators between a headline and a site's name.
TAIL = re.compile(r" ?(?:[|｜_–—»›·•⋆@]|--)| -|- | ?$")
BEFORE = re.compile(r"(?:[|｜_–—»›·•⋆@:>/]|--|-) $")
# Separators that count only between a headline and a site's whole name.
_NAMED = re.compile(r" ?[:/@] | ?\.\.\. ?| \((?:from )?(?=[^()]*\)$)", re.IGNORECASE)
ENDS = re.compile(rf"(?:{_SPLIT}| [–—-] | -) ?$")
# Umlauts as hosts spell them.
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
MAX = 500
LINKS = 100


def home(document: Document, address: str) -> str:
    """The site's name: what a link to its first page says, if `<title>` ends with it."""
    first = tree.first(document, "title")
    named = tidy(first.text) if first is not None else ""
    root = f"{address.partition('://')[0]}://{host(address)}"
    links = tree.elements(document, "a")[:LINKS]
    said = (tidy(a.text) for a in links if tree.get(a, "href").removesuffix("/") in ("", root))
    return next((s for s in said if s and named.endswith(s) and ENDS.search(named[: -len(s)])), "")


def sites(document: Document, metas: Metas, thing: Thing, address: str) -> frozenset[str]:
    """The site's names, as they may be in a title."""
    labels = host(address).removeprefix("www.")
    declared = (metas.first("og:site_name"), metas.first("application-name"))
    longest = max(labels.split(".")[:-1], key=len, default="")
    said = (*declared, name(thing.get("publisher")), home(document, address))
    found = (*said, labels, labels.rpartition(".")[0], longest)
    return frozenset(filter(None, map(tidy, found)))


def without_site(whole: str, sites: frozenset[str], between: re.Pattern[str]) -> str:
    """A title without the site's name before or after the article's title."""
    for site in sites:
        if whole.lower().endswith(site.lower()) and len(whole) > len(site) + 3:
            rest = whole[: -len(site)]
            if ENDS.search(rest):
                return rest.rstrip(" |-–—·•_:»")
    whole = _unnamed(whole, sites)
    parts = [part.strip() for part in between.split(whole) if words(part)]
    own = [part for part in parts if len(part) >= max(8, len(whole) * 0.35)]
    best = min(own, key=lambda part: is_site(part, sites)) if own else whole
    return _unnamed(best, sites)


def _unnamed(whole: str, sites: frozenset[str]) -> str:
    """A title without the site's whole name at either end: `Harvest News: Baskets`."""
    if len(whole) > MAX:
        return whole
    known = {folded(site) for site in sites if len(folded(site)) > 3}
    for between in _NAMED.finditer(whole):
        before, after = whole[: between.start()], whole[between.end() :]
        if after and folded(before) in known:
            return after
        if before and folded(after) in known:
            return before
        if between[0] == " : " and _names_site(after, sites):
            return before
    return whole


def is_site(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title begins with the site's name, or the name with it."""
    first = folded(part.split()[0])
    begins = len(first) > 2 and any(folded(site).startswith(first) for site in sites)
    return begins or _names_site(part, sites)


def _names_site(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title begins or ends with the site's whole name."""
    letters = folded(part.casefold().translate(_UMLAUTS))
    names = (folded(site.casefold().translate(_UMLAUTS)) for site in sites)
    return any(len(n) > 3 and (letters.startswith(n) or letters.endswith(n)) for n in names)
