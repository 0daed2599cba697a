"""Who wrote the article: what the page declares, else the byline that it shows."""

import re
from collections.abc import Iterator

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, names
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import tidy
from proxy.compiler.tree import Document, Element

_METAS = (
    *("author", "article:author", "og:article:author", "citation_author", "dc.creator"),
    *("dcterms.creator", "parsely-author", "sailthru.author", "byl", "article:author_name"),
)
# WordPress says it for Slack and Twitter in the reader's language.
_LABELLED = re.compile(r"^(?:written|verfasst|écrit|escrit|scritto|geschreven|作者)", re.IGNORECASE)
_BY = re.compile(
    r"^(?:view all posts by|posted by|written by|by|von|par|por|di|af|av|door|author)\b[\s:]*"
    r"|^(?:文|作者|撰文|记者|責任編輯|责任编辑|责编|編輯|编辑)\s*[:：|｜／/]\s*",
    re.IGNORECASE,
)
# The author's name by itself, then elements that hold it among other words.
_NAMES = (
    "[itemprop=author] [itemprop=name]",
    "#js_author_name",
    ".byline .fn",
    ".author .fn",
    ".byline [rel=author]",
    ".byline a[href*='/author']",
    ".author a[href*='/author']",
    "[rel=author]",
    "[itemprop=author]",
)
_BYLINES = (
    ".byline-name",
    ".author-name",
    ".byline__name",
    "[class*=author__name]",
    "[class*=author-name]",
    "[class*=authorname i]",
    "[class*=author-info__name]",
    "[class*=author-info] a",
    ".article-author",
    ".article__author",
    ".post-author",
    ".entry-author",
    ".top-author",
    ".byline",
    ".author",
    "#author_baidu",
)
# What follows a name in a byline: a date, a role, an agency.
_AFTER = re.compile(
    r"\s+\S+@\S+|\s+(?:[|–—@·•]|-)\s.*$|\s*[|｜].*$|,?\s+\d.*$"
    r"|,?\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|june?|july?|aug"
    r"|sept?|oct|nov|dec)[a-z]*\.?\s+\d).*$",
    re.IGNORECASE,
)
# Labels of pages that log in or follow, under a byline's class.
_NOBODY = frozenset({"账号", "作者", "follow author", "author", "编辑", "admin", "redaktion"})
_SAID = re.compile(r"^[(（]?\s*(?:作者|撰文|文|记者)\s*[:：|｜]\s*([^()（）]{2,24})[)）]?$")
_EDITED = re.compile(
    r"^[(（\[]?\s*(?:责编|责任编辑|編輯|编辑)\s*[:：]\s*([^()（）\]]{2,24})[)）\]]?$"
)
# A site's path where a name should stand, an address to write to, a role behind a dash.
_ADDRESS = re.compile(r"\w\.\w+/")
_ROLE = re.compile(r"\s+[-–—|]\s.*$|(?:^|\s+)\S+@\S+")
# As Google Scholar has its authors.
_SURNAME_FIRST = re.compile(r"^([^,]+),\s*([^,]+)$")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+\d"
# One word alone is as often a menu's ("By Invitation"), unless a comma goes on after it.
_ENGLISH = re.compile(
    r"^(?:[Ww]ritten\s+)?[Bb]y[:\s]+"
    rf"([A-Z]\w+(?=,)|[A-Z][\w.'’-]*(?:\s(?!{_MONTH})[A-Z][\w.'’-]*){{1,3}})"
    rf"(?:\s*,|\s*$|\s*[•·⋅|–—/]|\s+(?:at|on|in)\s|\s+\d|\s+{_MONTH})"
)
# An address that leads to all that an author wrote; its link's text is a name.
_AUTHORS = "a[href*='/author/'], a[href*='/authors/'], a[href*='/contributor/']"
_NAME = re.compile(r"[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){1,3}")
_LETTERS = re.compile(r"[\W_]+")
MAX = 200
LONGEST = 80
MAX_LINES = 4_000


def author(document: Document, metas: Metas, thing: Thing, site: str) -> str:
    """Who wrote it, several joined by commas, "" if nobody is named; `site` is the site's name.

    A site that names itself as the author is believed only if its page names nobody.
    """
    house = ""
    for declared in _declared(metas, thing):
        said = _person(declared, site)
        if said and not _is_house(said, site):
            return said[:MAX]
        house = house or said
    return _shown(document, site) or house[:MAX]


def _is_house(name: str, site: str) -> bool:
    """Whether a name is the site's own: `VnExpress` of vnexpress.net."""
    said, house = _letters(name), _letters(site)
    return said == house or (len(said) > 4 and house.startswith(said))


def _letters(name: str) -> str:
    return _LETTERS.sub("", name).casefold().removeprefix("the")


def _declared(metas: Metas, thing: Thing) -> Iterator[str]:
    yield names(thing.get("author"))
    yield names(thing.get("creator"))
    for key in _METAS:
        several = [one for one in metas.every(key) if _named(one)]
        if key == "citation_author":
            several = [_SURNAME_FIRST.sub(r"\2 \1", one) for one in several]
        yield ", ".join(dict.fromkeys(several))
    for number in "12":
        if _LABELLED.match(metas.first(f"twitter:label{number}")):
            yield metas.first(f"twitter:data{number}")


def _named(text: str) -> bool:
    address = "http" in text or _ADDRESS.search(text) is not None
    return not address and not text.isdigit() and "{{" not in text


def _person(declared: str, site: str) -> str:
    """A declared author's names, without their office, and without the site beside a person."""
    if not _named(declared):
        return ""
    said = _ROLE.sub("", _BY.sub("", tidy(declared)))
    parts = [part.strip(' "“”') for part in said.split(",")]
    kept = [part for part in parts if part and (len(part.split()) <= 5 or len(parts) == 1)]
    people = [part for part in kept if _letters(part) != _letters(site)]
    return ", ".join(dict.fromkeys(people or kept[:1]))


def _shown(document: Document, site: str) -> str:
    for selector in (*_NAMES, *_BYLINES):
        for element in tree.select(document, selector)[:5]:
            name = _AFTER.sub("", _bare(element))
            if 1 < len(name) <= LONGEST and name.casefold() not in {*_NOBODY, site.casefold()}:
                return name
    return _written(document) or _signed(document) or _led_to(document)


def _led_to(document: Document) -> str:
    """The name on the first link to an author's other articles."""
    names = (_BY.sub("", tidy(link.text)) for link in tree.select(document, _AUTHORS)[:10])
    return next((name for name in names if _NAME.fullmatch(name)), "")


def _bare(element: Element) -> str:
    """A byline's text without `By` and without what only screen readers are told."""
    hidden = tree.select(element, ".screen-reader-text, .sr-only, .visually-hidden, time, abbr")
    text = _apart(element)
    for part in hidden:
        text = text.replace(part.text, " ", 1) if part.text else text
    return _BY.sub("", tidy(text)).strip(" ,:|·-–—")


def _apart(element: Element) -> str:
    """Its text up to where another element's begins without a space: the next person, a role."""
    text = ""
    for node in element.descendants:
        if isinstance(node, tree.Text) and node.data:
            joined = text[-1:].isalnum() and node.data[0].isupper()
            if joined and len(_BY.sub("", f"{tidy(text)} ")) > 3:
                break
            text += f" {node.data}" if joined else node.data
    return text


def _written(document: Document) -> str:
    """A byline that no class tells, by its words; editors where no author stands."""
    editors = ""
    for element in tree.elements(document, "p", "div", "span", "td", "address", "em")[:MAX_LINES]:
        # The children's text is looked at by itself.
        if len(tree.child_elements(element)) > 8 or len(element.text) > 4 * LONGEST:
            continue
        line = tidy(element.text)
        if said := _SAID.match(line) or _ENGLISH.match(line):
            return _joined(said[1])
        if edited := _EDITED.match(line):
            editors = editors or _joined(edited[1])
    return editors


def _joined(text: str) -> str:
    return ", ".join(part.strip() for part in text.strip(" ,").split("、"))


def _signed(document: Document) -> str:
    """The name below the text, at the right: how Vietnamese and older pages sign."""
    for element in reversed(tree.select(document, "p[style*=right] > strong, p[align=right] > *")):
        name = tidy(element.text)
        above = tree.parent(element)
        alone = above is not None and tidy(above.text) == name
        if alone and 1 < len(name) <= 40 and len(name.split()) <= 5 and name.istitle():
            return name
    return ""
