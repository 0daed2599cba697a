"""The author's name that a page shows: after `By`, or in an element with a byline's class."""

import re
from collections.abc import Iterable, Iterator

from proxy.compiler import tree
from proxy.compiler.facts import names
from proxy.compiler.facts.runs import Run, Runs

# Links to all articles on a subject.
_SUBJECT = re.compile(r"[/_?](?:category|categories|tags?|topics?|section|search)[/=]")
_SUBJECTS = tree.names("tag category")
# Classes of last names, such as hCard's `family-name`.
_LAST = re.compile(r"\b(?:last|sur|family)[-_]?name\b", re.IGNORECASE)
# The end of a sentence, not of an initial.
_SENTENCE = re.compile(r"[^\W\d_]{5}\. ")
_MENUS = tree.names("h1 h2 h3 h4 h5 h6 a li th label dt")
# Runs around the headline: at most so many before and behind it, but none beyond PROSE characters
# of paragraphs (runs longer than LINE).
BEFORE, BEHIND = 8, 25
LINE, PROSE = 120, 400
ABOVE, BELOW = 2, 6
WORDS = 4


def beside(runs: Runs) -> str:
    """The name after a label (`By`) in the lines around the headline, "" if there is none."""
    near = runs.near(BEHIND)
    return _first(_labelled(near, k) for k in _around(runs, near))


def lines(runs: Runs) -> Iterator[str]:
    """The lines around the headline, until the text begins."""
    near = runs.near(BEHIND)
    return (near[k].text for k in _around(runs, near))


def under(runs: Runs) -> str:
    """The name in an element with a byline's class, around the headline."""
    near = runs.near(BEHIND)
    around = _around(runs, near)
    return _first(_marked(near, k, own=own) for own in (True, False) for k in around)


def anywhere(runs: Runs) -> str:
    """Anywhere on the page: the name after a label that says more than `by`, else by its class."""
    found = runs.all
    marked = ((k, _marked(found, k, own=False)) for k in range(len(found)))
    return strongly(runs) or _first(
        name
        for k, name in marked
        if " " in name or _is_author(found[k]) or _is_authors_name(found[k])
    )


def strongly(runs: Runs) -> str:
    """Anywhere on the page: the name after a label that says more than `by`."""
    found = runs.all
    named = ((run, _labelled(found, k)) for k, run in enumerate(found))
    return _first(name for run, name in named if not names.is_weak(run.text))


def with_others(runs: Runs, first: str) -> str:
    """All people in the byline beside the headline that names `first` (in lower case)."""
    near = runs.near(BEHIND)
    for k in _around(runs, near):
        if first in near[k].text.casefold():
            return names.labelled(near[k].text) or _joined(near, k)
    return ""


def plainly(runs: Runs) -> str:
    """A full name beside a date next to the headline: alone and no link, or in the date's line."""
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
    alone = runs[k].holder.tag not in _MENUS and names.is_full(text)
    return alone and text == names.called(text) and any(map(names.is_date, beside))


def _told(run: Run, further: Run) -> str:
    """A run's text, or that of the next if the run is a mere separator."""
    return run.text if len(run.text) > 2 else further.text


def weakly(runs: Runs) -> str:
    """Anywhere on the page: the name after a mere `by`, else the editors."""
    found = runs.all
    weak = (k for k, run in enumerate(found) if names.is_weak(run.text) and _is_prose(run))
    people = (_labelled(found, k) for k in weak)
    return _first(filter(names.is_person, people)) or _first(names.edited(r.text) for r in found)


def _is_prose(run: Run) -> bool:
    """Whether a `by` is neither in a menu (`By name`, `by state`) nor amid a sentence."""
    goes_on = run.text[0].islower() and _SENTENCE.search(run.text) is not None
    amid = goes_on or (names.is_label(run.text) and run.text.islower())
    return run.holder.tag not in _MENUS and not amid


def _first(found: Iterable[str]) -> str:
    return next(filter(None, found), "")


def _around(runs: Runs, near: list[Run]) -> list[int]:
    """Indices of the runs behind the headline, then of those before it, backwards."""
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
        # An avatar's initials may come between.
        initials = k + 2 < len(runs) and len(runs[k + 1].text) < 3 and runs[k + 1].text.isascii()
        rest = _joined(runs, k + 1 + initials) if k + 1 < len(runs) else ""
        # A sentence by its length and its lower case.
        many = len(rest.split()) > WORDS and not all(map(names.is_person, rest.split(", ")))
        return "" if many else rest
    return names.labelled(text)


def _marked(runs: list[Run], k: int, *, own: bool) -> str:
    """The name in run `k` if it is the first in a byline element (`own`: with only a name)."""
    run = runs[k]
    if run.signed is None or (own and not _is_own(run)):
        return ""
    before = runs[k - 1] if k else run
    further = before is not run and before.signed == run.signed and _called(before) != ""
    if further or names.of_others(before.text):
        return ""
    name = _joined(runs, k)
    return name if _is_authors_name(run) or all(map(names.is_person, name.split(", "))) else ""


def _is_own(run: Run) -> bool:
    """Whether a byline element holds only a name."""
    if run.signed is None:
        return False
    return run.signed == run.holder or "name" in tree.get(run.signed, "class").lower()


def _is_authors_name(run: Run) -> bool:
    """Whether the class is a name's (`author-name`, hCard's `fn`): any text in it is a name."""
    classes = tree.get(run.signed, "class").lower() if run.signed is not None else ""
    return ("author" in classes and "name" in classes) or "fn" in classes.split()


def _is_author(run: Run) -> bool:
    """Whether the class is the author's, not that of the author's box, name or date."""
    if run.signed is None:
        return False
    return "author" in f"{tree.get(run.signed, 'itemprop')} {tree.get(run.signed, 'class')}".split()


def _joined(runs: list[Run], k: int) -> str:
    """The names that begin in run `k`: first and last names, and several joined by "and"."""
    name, tag = _called(runs[k]), runs[k].holder.tag
    while name and k + 1 < len(runs):
        after = runs[k + 1]
        joined = names.joins(after.text) and k + 2 < len(runs) and runs[k + 2].holder.tag == tag
        if joined and names.is_person(further := _called(runs[k + 2])):
            k, name = k + 2, f"{name}, {further}"
        elif _goes_on(runs[k], after):
            k, name = k + 1, f"{name} {after.text}"
        else:
            break
    return ", ".join(dict.fromkeys(filter(None, name.split(", "))))


def _goes_on(run: Run, after: Run) -> bool:
    """Whether the next run continues a name: a last name, or something in brackets."""
    last = _LAST.search(tree.get(after.holder, "class")) is not None
    around = after.signed if last or after.text[0] + after.text[-1] == "()" else None
    return around is not None and tree.within(run.holder, around)


def _called(run: Run) -> str:
    link = run.holder if run.holder.tag == "a" else None
    if link is not None:
        kinds = f"{tree.get(link, 'rel')} {tree.get(link, 'class')}".split()
        if _SUBJECT.search(tree.get(link, "href")) or not _SUBJECTS.isdisjoint(kinds):
            return ""
    return names.own(run.text)
