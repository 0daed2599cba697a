"""What frameworks show or fill in when their script has run: around an article it would stand open.

Alpine, Vue and AngularJS hide what has a cloak until they know whether its condition holds, AMP
what a tap opens: menus, dialogs, results of a search. Places for their values have double braces.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from proxy.compiler import tree
from proxy.compiler.tree import Document, Element, Text

_CLOAK: Final = "-cloak"
# AMP (layout system): what opens by a tap, `amp-sidebar` and `amp-lightbox` above all.
_CLOSED: Final = "nodisplay"
_CONDITIONS: Final = {"x": ("x-show",), "v": ("v-show", "v-if"), "ng": ("ng-show", "ng-if")}
_COVERED: Final = f"[layout={_CLOSED}], " + ", ".join(
    f"[{each}{_CLOAK}][{condition}], [{each}{_CLOAK}] [{condition}]"
    for each, conditions in _CONDITIONS.items()
    for condition in conditions
)
_ASKED: Final = [condition for conditions in _CONDITIONS.values() for condition in conditions]
# At first nothing is open, loaded or chosen: what asks for that is not shown, its opposite is.
_HOLDS: Final = re.compile(r"\s*(?:!|true\s*$)")
_PLACE: Final = re.compile(r"\{\{[^{}]*+\}\}")


def covered(document: Document, text: str) -> list[Element]:
    """What waits below a cloak for a condition that does not hold at first.

    `text` is the page's markup. To be asked before the page is clean, which leaves no directive.
    """
    if _CLOAK not in text and _CLOSED not in text:
        return []
    return [*filter(_waits, tree.select(document, _COVERED))]


def _waits(element: Element) -> bool:
    return not any(
        _HOLDS.match(tree.get(element, name)) for name in _ASKED if name in element.attrs
    )


def drop(covered: Iterable[Element], page_body: Element, article: Element) -> None:
    """Take away what is covered or unfilled, but for what is in the article or around it."""
    around = {article, *tree.ancestors(article)}
    tree.remove(e for e in covered if e not in around and not tree.within(e, article))
    if "{{" in page_body.text:
        for text in _unfilled(page_body, article):
            text.data = _PLACE.sub("", text.data)


def _unfilled(page_body: Element, article: Element) -> Iterator[Text]:
    for text in tree.texts(page_body):
        if "{{" in text.data and not tree.within(text, article) and not _is_sheet(text):
            yield text


def _is_sheet(text: Text) -> bool:
    # Without what stands between, `<` and `/style` would end it.
    above = tree.parent(text)
    return above is not None and above.tag == "style"
