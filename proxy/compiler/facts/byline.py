"""The article's author: whom the page declares, else the byline that it shows."""

import re
from collections.abc import Iterator

from proxy.compiler import tree
from proxy.compiler.facts import runs, signature
from proxy.compiler.facts.linked import Thing, names
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.names import CJK, bare, is_full, people
from proxy.compiler.facts.visible import folded, tidy, unmarked
from proxy.compiler.tree import Document

_METAS = """
    citation_author author article:author og:article:author dc.creator dcterms.creator
    parsely-author sailthru.author byl article:author_name shareaholic:article_author_name
""".split()
# WordPress says it for Slack and Twitter in the reader's language.
_LABELLED = re.compile(r"^(?:written|verfasst|écrit|escrit|scritto|geschreven|作者)", re.IGNORECASE)
_BY = re.compile(
    r"^(?:view all posts by|posted by|written by|by|von|par|por|di|af|av|door|author)\b[\s:]*"
    r"|^(?:文|作者|撰文|记者|責任編輯|责任编辑|责编|編輯|编辑)\s*[:：|｜／/]\s*",
    re.IGNORECASE,
)
# A site's path instead of a name; a role after a dash, an e-mail address, a handle.
_ADDRESS = re.compile(r"\w\.\w+/")
_ROLE = re.compile(r" [-–—|] .*$|(?:^| )\S+@\S+| @\w+| [Ff]or [Tt]he [A-Z].*$")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+){0,3}\.[a-z]{2,3}", re.IGNORECASE)
_BRACKETS = re.compile(r"[(<]((?:https?://|www\.)[^()<>\s]*)[)>]$")
# Google Scholar's form of authors.
_SURNAME_FIRST = re.compile(r"^([^,]+),\s*+([^,]+)$")
# The site's administrator, and what templates write where nobody is named.
_NOBODY = re.compile(
    r"(?:\w+ )?(?:admin(?:istrator)?|webmaster)|undefined|null|none|unknown|author|name|user|root"
    r"|guest|гость|anonymous|publisher|(?:no|unknown) author|copyright .*",
    re.IGNORECASE,
)
_STAFF = re.compile(r"^(?:the|team)\s|[\s,](?:team|admin|ltd|inc|llc|gmbh|co)\.?$", re.IGNORECASE)
# Agencies, whose reporters newspapers often name as well, and the editors.
_NO_ONES = ("editor", "editors", "associatedpress", "ap", "reuters", "afp", "dpa", "新华社")
_FIRM = re.compile(r"\s(?:ltd|inc|llc|gmbh|e\. ?v)\.?$", re.IGNORECASE)
MAX = 200
# How many characters of a declared author are read.
LONGEST = 2_000


def author(document: Document, metas: Metas, thing: Thing, site: str, shown: runs.Runs) -> str:
    """The authors, joined by commas, "" if nobody is named; `site` is the site's name.

    A site's own name counts only if its page names no person. A declared author whom the page
    never shows counts only if it shows no other beside the headline. A single word, which is as
    often a login as a name, counts only if the page shows no full name.
    """
    site = site[:MAX]
    persons = [_person(declared, site) for declared in _declared(metas, thing) if declared]
    person = next((name for name in persons if name and not _is_house(name, site)), "")
    if person:
        return (_instead(document, shown, person) or person)[:MAX]
    found: list[str] = []
    # Where an author is declared, a name far from the headline is another article's author. In an
    # encyclopedia the headline may be a person's name, who is not the author.
    signatures = _signatures(document, shown, far=not any(persons))
    for name in (name for name in signatures if name not in ("", shown.headline)):
        if not _is_house(name, site):
            return _beside_site(name, site)[:MAX]
        found.append(name)
    # An agency is more informative than the site's own name.
    rest = sorted(filter(None, [*persons, *found]), key=lambda name: _is_site(name, site))
    house = next(iter(rest), "")
    return (
        signature.plainly(shown) or house or signature.weakly(shown) or _in_microdata(document)
    )[:MAX]


def _instead(document: Document, shown: runs.Runs, person: str) -> str:
    """The author beside the headline, if the page shows the declared person nowhere; or ""."""
    if person.isascii() and " " not in person:
        return _in_full(document, shown, person)
    first = next(iter(people(person.casefold())), "")
    if any(first in run.text.casefold() for run in shown.near(signature.BEHIND)):
        return _with_others(shown, first, person)
    other = signature.beside(shown)
    return "" if any(first in run.text.casefold() for run in shown) else other


def _with_others(shown: runs.Runs, first: str, person: str) -> str:
    """All authors of the byline with the declared ones, "" if it names no others."""
    declared, named = people(person.casefold()), people(signature.with_others(shown, first))
    # A declared name, perhaps with a doctor's title, is no further one.
    further = [name for name in named if not name.casefold().endswith((*declared,))]
    return ", ".join(named) if further and all(map(is_full, further)) else ""


def _in_full(document: Document, shown: runs.Runs, word: str) -> str:
    """The full name that a page shows for a declared first name, or instead of a login."""
    beside, under, *rest = _signatures(document, shown, far=True)
    signed = (name for name in (beside, under, *rest) if _letters(word) in _letters(name))
    return next(signed, beside or under)


def _signatures(document: Document, shown: runs.Runs, *, far: bool) -> Iterator[str]:
    yield signature.beside(shown)
    yield signature.under(shown)
    yield signature.anywhere(shown) if far else signature.strongly(shown)
    yield _signed(document)


def _beside_site(name: str, site: str) -> str:
    """A byline's names without the site's own, if full names remain."""
    house = _letters(site.partition(".")[0])
    named = name.split(", ")
    others = [one for one in named if not _letters(one).startswith(house)]
    return ", ".join(others) if others and all(map(is_full, others)) else name


def _is_house(name: str, site: str) -> bool:
    """Whether a name is not a person's but the site's own, an agency's or a company's."""
    firm = _FIRM.search(name) is not None
    return firm or _letters(name) in _NO_ONES or _is_site(name, site)


def _is_site(name: str, site: str) -> bool:
    """Whether a name is the site's own: `VnExpress` of vnexpress.net, or any site's host."""
    letters, house = _letters(_STAFF.sub("", name)), _letters(_STAFF.sub("", site))
    part = len(letters) > 4 and letters in house
    return letters == house or part or _HOST.fullmatch(name) is not None


def _letters(name: str) -> str:
    return folded(name).removeprefix("the")


def _declared(metas: Metas, thing: Thing) -> Iterator[str]:
    yield names(thing.get("author"))
    yield names(thing.get("creator"))
    for key in _METAS:
        several = metas.every(key)
        if key == "citation_author":
            several = [_SURNAME_FIRST.sub(r"\2 \1", one) for one in several]
        yield ", ".join(dict.fromkeys(several))
    for number in "12":
        if _LABELLED.match(metas.first(f"twitter:label{number}")):
            yield metas.first(f"twitter:data{number}")


def _named(text: str) -> bool:
    address = "http" in text or _ADDRESS.search(text) is not None or ": " in text
    return not address and not text.isdigit()


def _apart(declared: str) -> tuple[str, str]:
    """Split `Anna Berg (https://berg.example/)` into name and address."""
    found = _BRACKETS.search(declared)
    return (declared[: found.start()], found[1]) if found else (declared, "")


def _person(declared: str, site: str) -> str:
    """A declared author's names, without roles, and without the site's name beside a person."""
    declared, address = _apart(declared)
    if not _named(declared) or _NOBODY.fullmatch(declared.strip()):
        return ""
    if address and _letters(site) in _letters(address):
        return site
    name = _ROLE.sub("", _BY.sub("", unmarked(declared)[:LONGEST]))
    parts = [bare(part.strip(' "“”')) for part in name.split(",")]
    if _HOST.fullmatch(parts[0]) or _FIRM.search(parts[0]):  # an organisation; then its place
        return parts[0]
    some = [part for part in parts if part and not _NOBODY.fullmatch(part)]
    kept = [part for part in some if len(part.split()) <= 5 or len(parts) == 1]
    people = [part for part in kept if not _is_site(part, site)]
    return ", ".join(dict.fromkeys(people or kept[:1]))


def _in_microdata(document: Document) -> str:
    """A short author that only microdata marks as one, such as initials; or ""."""
    found = tree.select(document, "[itemprop=author]")[:20]
    named = {text for element in found if (text := tidy(element.text))}
    name = named.pop() if len(named) == 1 else ""
    return "" if len(name) > CJK or _NOBODY.fullmatch(name) else name


def _signed(document: Document) -> str:
    """The name below the text at the right, as Vietnamese and older pages sign; or ""."""
    for element in reversed(tree.select(document, "p[style*=right] > strong, p[align=right] > *")):
        name = tidy(element.text)
        above = tree.parent(element)
        alone = above is not None and tidy(above.text) == name
        if alone and 1 < len(name) <= 40 and name.istitle():
            return name
    return ""
