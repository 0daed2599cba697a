"""Who signs the article, as its page shows it: a name behind `By`, or under a byline's class."""

import re
from collections.abc import Iterable, Iterator

from proxy.compiler import tree
from proxy.compiler.facts import names
from proxy.compiler.facts.runs import Run, Runs
from proxy.compiler.tree import Element

# Links to all on a subject.
_SUBJECT = re.compile(r"[/_?](?:category|categories|tags?|topics?|section|search)[/=]")
_SUBJECTS = tree.names("tag category")
_NO_NAMES = ("-by", "prefix", "label")
_NO_ONE = ("description", "role", "job-title", "position")
# hCard's `family-name` and the like.
_LAST = re.compile(r"\b(?:last|sur|family)[-_]?name\b", re.IGNORECASE)
# Where a sentence ends, and no initial.
_SENTENCE = re.compile(r"[^\W\d_]{5}\. ")
_HEADINGS = tree.names("h1 h2 h3 h4 h5 h6")
_MENUS = _HEADINGS | tree.names("a li th label dt")
# Runs that may be a headline's: so many before it, so many behind it, until so many letters of
# paragraphs (what is longer than a line) have gone by.
BEFORE, BEHIND = 8, 25
LINE, PROSE = 120, 400
ABOVE, BELOW = 2, 6
# What may stand between two who wrote it: an office, an address, initials.
BETWEEN = 2
WORDS = 6
MOST = 20


def beside(runs: Runs) -> str:
    """The name behind a label (`By`) in the lines around the headline, "" if there is none."""
    near = runs.near(BEHIND)
    return _first(_labelled(near, k) for k in _around(runs, near))


def lines(runs: Runs) -> Iterator[str]:
    """What stands around the headline, line by line, until the text begins."""
    near = runs.near(BEHIND)
    return (near[k].text for k in _around(runs, near))


def under(runs: Runs) -> str:
    """The name under a byline's class around the headline, else one that a role follows."""
    near = runs.near(BEHIND)
    around = _around(runs, near)
    marked = (_marked(near, k, own=own) for own in (True, False) for k in around)
    return _first(marked) or _first(_with_office(near, k) for k in around)


def anywhere(runs: Runs) -> str:
    """On all of a page, the name behind more than `by`, else under a byline's class."""
    found = runs.all
    marked = ((k, _marked(found, k, own=False)) for k in range(len(found)))
    return strongly(runs) or _first(
        name
        for k, name in marked
        if " " in name or _is_author(found[k]) or _is_authors_name(found[k])
    )


def strongly(runs: Runs) -> str:
    """On all of a page, the name behind more than `by`."""
    found = runs.all
    posts = [k for k, run in enumerate(found) if run.text[:6].casefold() == "posted"]
    # Of several who posted something most are readers.
    talk = set(posts) if len(posts) > 1 else set()
    named = ((k, _labelled(found, k)) for k in range(len(found)) if k not in talk)
    return _first(name for k, name in named if name and not names.is_weak(found[k].text))


def with_others(runs: Runs, first: str) -> str:
    """All whom a page names where it first names one of them beside its headline."""
    near = runs.near(BEHIND)
    for k in _around(runs, near):
        if first in near[k].text.casefold():
            said = names.labelled(near[k].text) or _joined(near, k, apart=False)
            return said if names.is_list(said) or "," not in near[k].text else ""
    return ""


def plainly(runs: Runs) -> str:
    """A full name by itself beside a date, next to the headline, and no link; or in one line."""
    near, title = runs.near(BEHIND), runs.title
    if title is None:
        return ""
    below = range(title + 1, min(len(near) - 2, title + 1 + BELOW))
    beside = (*below, *range(max(0, title - ABOVE), title))
    return _first(near[k].text.rstrip(" |·•") for k in below if _is_plain(near, k)) or _first(
        names.dated(near[k].text) for k in beside
    )


def _is_plain(runs: list[Run], k: int) -> bool:
    text = runs[k].text.rstrip(" |·•")
    beside = (_told(runs[k - 1], runs[k - 2]), _told(runs[k + 1], runs[k + 2]))
    return (
        runs[k].holder.tag not in _MENUS
        and names.is_full(text)
        and text == names.called(text)
        and any(map(names.is_date, beside))
    )


def _told(run: Run, further: Run) -> str:
    """What a run says, or the one beyond a mere dot between."""
    return run.text if len(run.text) > 2 else further.text


def weakly(runs: Runs) -> str:
    """The name behind no more than `by` on all of a page; editors where no author stands."""
    found = runs.all
    weak = (k for k, run in enumerate(found) if names.is_weak(run.text) and _is_prose(run))
    said = ((_labelled(found, k), found[k].text) for k in weak)
    people = (name for name, text in said if names.is_person(name) and _is_sure(name, text))
    return _first(people) or _first(names.edited(run.text) for run in found)


def _is_prose(run: Run) -> bool:
    """Whether a run is no menu's (`By name`, `by state`) and no `by` amid a sentence."""
    goes_on = run.text[0].islower() and _SENTENCE.search(run.text) is not None
    amid = goes_on or (names.is_label(run.text) and run.text.islower())
    return run.holder.tag not in _MENUS and not amid


def _first(found: Iterable[str]) -> str:
    return next(filter(None, found), "")


def _around(runs: Runs, near: list[Run]) -> list[int]:
    """The runs behind the headline, then those before it, backwards."""
    if runs.title is None:
        return []
    behind: list[int] = []
    prose = 0
    for k in range(runs.title + 1, min(len(near), runs.title + BEHIND)):
        behind.append(k)
        size = len(near[k].text)
        prose += size if size > LINE else 0
        if prose > PROSE:
            break
    return behind + list(range(runs.title - 1, max(-1, runs.title - BEFORE), -1))


def _labelled(runs: list[Run], k: int) -> str:
    text = runs[k].text
    if names.is_label(text):
        # An avatar's initials may stand between.
        initials = k + 2 < len(runs) and len(runs[k + 1].text) < 3 and runs[k + 1].text.isascii()
        said = _joined(runs, k + 1 + initials) if k + 1 < len(runs) else ""
        named = said if all(len(one.split()) <= WORDS for one in said.split(", ")) else ""
    else:
        said = names.labelled(text)
        unsure = said and names.is_weak(text) and runs[k].signed is None
        named = "" if unsure and not _is_sure(said, text) else said
    return "" if named and k and names.of_others(runs[k - 1].text) else named


def _is_sure(name: str, text: str) -> bool:
    """Whether it is more than one word, which is as often a menu's: `By Invitation`."""
    return " " in name or not name.isascii() or f"{name}," in text or names.is_date(text)


def _marked(runs: list[Run], k: int, *, own: bool) -> str:
    """The first name under a byline's class; `own`: that of the element which holds it."""
    run = runs[k]
    if run.signed is None or (own and not _is_own(run)) or _describes(run):
        return ""
    before = runs[k - 1] if k else run
    further = before is not run and before.signed == run.signed and _called(before) != ""
    if further or (names.of_others(before.text) and not _is_author(run)):
        return ""
    name = _joined(runs, k)
    sure = own and _is_authors_name(run) and len(name.split()) < WORDS
    return name if sure or all(map(names.is_person, name.split(", "))) else ""


def _describes(run: Run) -> bool:
    """Whether a class says that what a writer is or does follows: `author-description`."""
    return run.signed is not None and tree.get(run.signed, "class").lower().endswith(_NO_ONE)


def _with_office(runs: list[Run], k: int) -> str:
    name, _, office = runs[k].text.partition(" | ")
    office = office or (runs[k + 1].text if k + 1 < len(runs) else "")
    alone = " " in name and name == names.called(name) and names.is_person(name)
    return name if alone and len(name.split()) < WORDS - 1 and names.is_office(office) else ""


def _is_own(run: Run) -> bool:
    """Whether what is called a byline holds a name and nothing else."""
    if run.signed is None:
        return False
    said = tree.get(run.signed, "class").lower()
    return (run.signed == run.holder or "name" in said) and not said.endswith(_NO_NAMES)


def _is_authors_name(run: Run) -> bool:
    """Whether a class says so much: `author-name`, hCard's `fn`; it may be `mei and the team`."""
    said = tree.get(run.signed, "class").lower() if run.signed is not None else ""
    return ("author" in said and "name" in said) or "fn" in said.split()


def _is_author(run: Run) -> bool:
    """Whether an element is called the author, and not the author's box or name or date."""
    if run.signed is None:
        return False
    return "author" in f"{tree.get(run.signed, 'itemprop')} {tree.get(run.signed, 'class')}".split()


def _joined(runs: list[Run], k: int, *, apart: bool = True) -> str:
    """The names that begin with a run: a first and a last one, and several with a word between."""
    said, tag = _called(runs[k]), runs[k].holder.tag
    while said and k + 1 < len(runs) and said.count(",") < MOST:
        after = runs[k + 1]
        joined = names.joins(after.text) and k + 2 < len(runs) and runs[k + 2].holder.tag == tag
        if (
            joined
            and not names.is_date(runs[k + 2].text)
            and names.is_person(further := _called(runs[k + 2]))
        ):
            k, said = k + 2, f"{said}, {further}"
        elif _goes_on(said, runs[k], after):
            k, said = k + 1, f"{said} {after.text}"
        elif apart and (another := _another(runs, k)) > k:
            k, said = another, f"{said}, {_called(runs[another])}"
        else:
            break
    several = list(dict.fromkeys(filter(None, said.split(", "))))
    # So many are a menu of all who write.
    return ", ".join(several if len(several) <= MOST else several[:1])


def _another(runs: list[Run], k: int) -> int:
    """The run that names a further person in the same manner, `k` if none does."""
    kind = _kind(runs[k].holder)
    for n in range(k + 1, min(k + 2 + BETWEEN, len(runs))):
        run = runs[n]
        if _kind(run.holder) == kind and run.signed:
            named = names.is_full(said := _called(run)) and not names.is_agency(said)
            return n if named and runs[k].signed else k
        if run.holder.tag in _HEADINGS or len(run.text) > LINE or names.of_others(run.text):
            break
    return k


def _kind(element: Element) -> tuple[str, str]:
    return element.tag, tree.get(element, "class")


def _goes_on(said: str, run: Run, after: Run) -> bool:
    """Whether a last name follows a first one, or others in brackets."""
    text = after.text
    last = said[0].isupper() and " " not in said + text and names.is_person(text)
    last = last or _LAST.search(tree.get(after.holder, "class")) is not None
    goes_on = last or text[0] + text[-1] == "()"
    around = after.signed
    return goes_on and around is not None and tree.within(run.holder, around)


def _called(run: Run) -> str:
    link = run.holder if run.holder.tag == "a" else None
    if link is not None:
        said = f"{tree.get(link, 'rel')} {tree.get(link, 'class')}".split()
        if _SUBJECT.search(tree.get(link, "href")) or not _SUBJECTS.isdisjoint(said):
            return ""
    return names.own(run.text)
