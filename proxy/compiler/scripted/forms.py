"""Removes forms, which nobody could fill in: the cleaner would leave labels without fields."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import class_and_id
from proxy.compiler.scripted.unlazy import waits_for_script
from proxy.compiler.tree import Document, Element, Node

_UNASKED: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
_UNSEEN: Final = ("script", "style", "noscript", "select", "textarea")
_PICTURES: Final = ("img", "picture", "svg", "iframe", "video", "embed", "object")
# A sign-up's own box, which would be empty. Other boxes stay: forms in a row keep their places.
_SIGN_UP: Final = re.compile(
    r"newsletter|subscri|sign-?up|opt-?in|mc_embed|mailchimp|mc4wp", re.IGNORECASE
)
# A form with more characters, or a larger share of the page's, contains the article, as in ASP.NET.
LETTERS: Final = 2_000
OF_PAGE: Final = 0.5
# How many forms' boxes are looked at.
MOST: Final = 20


def drop(document: Document) -> None:
    """Remove forms, except for those with much other text or with lazy-loaded pictures."""
    asking = [form for form in _outermost(document) if _asks(form)]
    few = min(LETTERS, OF_PAGE * _letters(document)) if asking else 0
    going = [
        form
        for form in asking
        if _letters(form) < few and not any(map(waits_for_script, tree.elements(form, "img")))
    ]
    around = [tree.parent(form) for form in islice(going, MOST)]
    tree.remove(going)
    tree.remove(box for each in around if each and (box := _emptied(each)))


def _emptied(element: Element) -> Element | None:
    """The outermost empty box of a sign-up around a removed form, from `element` on; or None."""
    empty = list(takewhile(_is_empty, (element, *tree.ancestors(element))))
    return next((each for each in reversed(empty) if _SIGN_UP.search(class_and_id(each))), None)


def _is_empty(element: Element) -> bool:
    unseen = sum(len(each.text.strip()) for each in tree.elements(element, *_UNSEEN))
    few = len(element.text.strip()) <= unseen
    return few and not tree.elements(element, *_PICTURES)


def _outermost(document: Document) -> Iterator[Element]:
    """The forms that are in no other: badly nested markup may have hundreds of inner ones."""
    inner: set[Element] = set()
    for form in tree.elements(document, "form"):
        if form not in inner:
            inner.update(tree.elements(form, "form"))
            yield form


def _asks(form: Element) -> bool:
    """Whether a form has a field that a reader could fill in."""
    fields = tree.elements(form, "input", "select", "textarea")
    return any(tree.get(field, "type").lower() not in _UNASKED for field in fields)


def _letters(form: Node) -> int:
    return len(form.text) - sum(len(each.text) for each in tree.elements(form, *_UNSEEN))
