"""The rules of a page's own style sheets for a few elements, by simple selectors."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from proxy.compiler import tree
from proxy.compiler.tree import Element

# A compound selector of a tag, classes and ids only.
_COMPOUND = re.compile(r"(?=[a-z.#])([a-z][a-z0-9-]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_PART = re.compile(r"[.#][\w-]+")
_NAME = re.compile(r"[.#]?[\w-]+")
# Rules for print, which no screen applies.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PRINT = re.compile(r"@media\s+print\s*\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")
# A rule's selectors and declarations are searched within so many characters.
NEAR = 2_000
# How many pairs of an element and a selector are checked.
MOST_CHECKS = 20_000

Selector = list[re.Match[str]]
# Elements by tag, `.class` and `#id`.
Named = dict[str, list[Element]]


class Rule(NamedTuple):
    """A rule, and those of the given elements that it applies to.

    `said`: the declaration found; `force`: how many classes and ids the selector has; `always`: no
    condition such as a media query applies.
    """

    elements: set[Element]
    said: re.Match[str]
    declarations: str
    force: int
    always: bool


class Sheets:
    """The style sheets in a page."""

    def __init__(self, root: Element) -> None:
        self._texts = [sheet.text for sheet in tree.elements(root, "style")]
        self._names = _Names()

    @cached_property
    def _plain(self) -> list[str]:
        return [_PRINT.sub("", _COMMENT.sub(" ", text)) for text in self._texts]

    def taken(self, takes: re.Pattern[str]) -> set[str]:
        """The names in selectors of rules with `takes`: a quick test, since few pages have any."""
        return set().union(*(_before(text, takes) for text in self._texts))

    def called(self, names: set[str], elements: Iterable[Element]) -> Iterator[Element]:
        """The elements that have one of these names as a class or an id."""
        classes, ids = ({name[1:] for name in names if name[0] == kind} for kind in ".#")
        for each in elements:
            own = tree.get(each, "class").split()
            if not classes.isdisjoint(own) or tree.get(each, "id") in ids:
                yield each

    def named(self, elements: Iterable[Element]) -> Named:
        """These elements by name."""
        named: Named = {}
        for element in dict.fromkeys(elements):
            for name in self._names[element]:
                named.setdefault(name, []).append(element)
        return named

    def rules(self, named: Named, says: re.Pattern[str]) -> Iterator[Rule]:
        """The rules for these elements with `says` in their declarations, in order."""
        checks = 0
        for text in self._plain:
            for selector, said, declarations, always in _rules(text, says):
                candidates = named.get(_name(selector[-1]), ())
                checks += len(candidates)
                if checks > MOST_CHECKS:
                    return
                if found := {e for e in candidates if _is(e, selector, self._names)}:
                    yield Rule(found, said, declarations, _force(selector), always)


class _Names(dict[Element, frozenset[str]]):
    """An element's tag, `.class`es and `#id`, found once: it may have thousands of classes."""

    def __missing__(self, element: Element) -> frozenset[str]:
        named = [f".{name}" for name in tree.get(element, "class").split()]
        own = self[element] = frozenset([*named, f"#{tree.get(element, 'id')}", element.tag])
        return own


def _before(sheet: str, takes: re.Pattern[str]) -> set[str]:
    found: set[str] = set()
    for taking in takes.finditer(sheet):
        near = max(0, taking.start() - NEAR)
        brace = sheet.rfind("{", near, taking.start())
        if brace >= 0:
            rule = max(near, 1 + sheet.rfind("{", near, brace), 1 + sheet.rfind("}", near, brace))
            found.update(_NAME.findall(sheet, rule, brace))
    return found


def _rules(
    sheet: str, says: re.Pattern[str]
) -> Iterator[tuple[Selector, re.Match[str], str, bool]]:
    """Selectors with the match of `says`, the declarations, and whether no condition applies.

    A selector is a list of compounds, from the outermost ancestor to the element itself.
    """
    depth = 0
    for part in sheet.split("}"):
        depth += part.count("{")
        head, _, declarations = part.rpartition("{")
        if said := says.search(declarations):
            for selector in head.rpartition("{")[2].split(","):
                named = [m for word in selector.split() if (m := _COMPOUND.fullmatch(word))]
                if named and len(named) == len(selector.split()):
                    yield named, said, declarations, depth == 1
        depth = max(0, depth - 1)


def _name(compound: re.Match[str]) -> str:
    """One of the names in a simple selector."""
    parts = _PART.search(compound[2])
    return parts[0] if parts else compound[1].lower()


def _force(selector: Selector) -> int:
    """How many classes and ids a selector has: a reset of mere tags must not count."""
    return sum(len(_PART.findall(compound[2])) for compound in selector)


def _is(element: Element, selector: Selector, names: _Names) -> bool:
    """Whether a selector matches the element and its ancestors."""
    *around, own = selector
    if not _called(element, own, names):
        return False
    above = tree.ancestors(element)
    return all(any(_called(e, each, names) for e in above) for each in reversed(around))


def _called(element: Element, compound: re.Match[str], names: _Names) -> bool:
    tag = (compound[1] or element.tag).lower()
    return tag == element.tag and names[element].issuperset(_PART.findall(compound[2]))
