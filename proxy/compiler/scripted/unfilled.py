"""Elements that frameworks show, and values that they fill in, when their script has run.

Alpine, Vue and AngularJS hide elements with a cloak until they know whether a condition holds, AMP
those that a tap opens: menus, dialogs, search results. Without a script all of them would show
around an article. Places for values have double braces.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from proxy.compiler import tree
from proxy.compiler.tree import Document, Element, Text

_CLOAK: Final = "-cloak"
_CONDITIONS: Final = {"x": ("x-show",), "v": ("v-show", "v-if"), "ng": ("ng-show", "ng-if")}
# AMP's layout system: `amp-sidebar`, `amp-lightbox`, `amp-consent`; never an article.
_CLOSED: Final = "body [layout=nodisplay]"
_COVERED: Final = ", ".join(
    f"[{each}{_CLOAK}][{condition}], [{each}{_CLOAK}] [{condition}]"
    for each, conditions in _CONDITIONS.items()
    for condition in conditions
)
_ASKED: Final = [condition for conditions in _CONDITIONS.values() for condition in conditions]
# At first nothing is open, loaded or chosen: such a condition is false, its negation is true.
_HOLDS: Final = re.compile(r"\s*(?:!|true\s*$)")
_PLACE: Final = re.compile(r"\{\{[^{}]*+\}\}")


def close(document: Document) -> list[Element]:
    """Remove what a tap would open; return cloaked elements whose condition is false at first.

    Call it before the page is cleaned of directives.
    """
    found = tree.select(document, f"{_CLOSED}, {_COVERED}")
    closed = {each for each in found if tree.matches(each, _CLOSED)}
    tree.remove(closed)
    return [each for each in found if each not in closed and _waits(each)]


def _waits(element: Element) -> bool:
    return not any(
        _HOLDS.match(tree.get(element, name)) for name in _ASKED if name in element.attrs
    )


def drop(covered: Sequence[Element], article: Element) -> None:
    """Remove covered elements, except for those in the article or around it."""
    if covered:
        kept = {article, *tree.ancestors(article), *tree.elements(article)}
        tree.remove(each for each in covered if each not in kept)


def empty(page_body: Element, article: Element) -> None:
    """Remove places for values outside the article."""
    for text in _unfilled(page_body, article) if "{{" in page_body.text else ():
        text.data = _PLACE.sub("", text.data)


def _unfilled(page_body: Element, article: Element) -> Iterator[Text]:
    inside = set(tree.texts(article))
    for text in tree.texts(page_body):
        if "{{" in text.data and text not in inside and not _is_sheet(text):
            yield text


def _is_sheet(text: Text) -> bool:
    # Without the braces between them, `<` and `/style` would end the style sheet.
    above = tree.parent(text)
    return above is not None and above.tag == "style"
