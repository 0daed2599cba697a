"""Forms, which no reader could fill in: their fields go, and would leave labels of nothing."""

from collections.abc import Iterator
from typing import Final

from proxy.compiler import tree
from proxy.compiler.scripted.unlazy import waits_for_script
from proxy.compiler.tree import Document, Element

_UNASKED: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
_UNSEEN: Final = ("script", "style", "noscript", "select", "textarea")
# What holds more letters than these, or more of the page, holds an article as well: ASP.NET's do.
LETTERS: Final = 2_000
OF_PAGE: Final = 0.5


def drop(document: Document) -> None:
    """Take forms away, but for those that hold much else, or pictures that wait for a script."""
    asking = [form for form in _outermost(document) if _asks(form)]
    few = min(LETTERS, OF_PAGE * _letters(document)) if asking else 0
    tree.remove(form for form in asking if _letters(form) < few and not _waits(form))


def _outermost(document: Document) -> Iterator[Element]:
    """Forms that stand in no other, as hundreds may that are not nested well."""
    inner: set[Element] = set()
    for form in tree.elements(document, "form"):
        if form not in inner:
            inner.update(tree.elements(form, "form"))
            yield form


def _asks(form: Element) -> bool:
    """Whether a form has a field that a reader could fill in."""
    fields = tree.elements(form, "input", "select", "textarea")
    return any(tree.get(field, "type").lower() not in _UNASKED for field in fields)


def _waits(form: Element) -> bool:
    return any(map(waits_for_script, tree.elements(form, "img")))


def _letters(node: Document | Element) -> int:
    return len(node.text) - sum(len(each.text) for each in tree.elements(node, *_UNSEEN))
