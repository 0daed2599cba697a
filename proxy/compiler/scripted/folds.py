"""Folded parts of an article, which a script opens when a reader taps."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.lines import weigh, weigh_links
from proxy.compiler.tree import Element

# Panels that a heading opens (WAI-ARIA Authoring Practices, accordion and tabs).
_PANELS: Final = "[role=region][aria-labelledby], [role=tabpanel][aria-labelledby]"
# Buttons that open something (WAI-ARIA 1.2, `aria-expanded`), which may also be a menu.
_CLOSED: Final = "[aria-expanded=false][aria-controls]"
# Texts that have this attribute themselves: a style sheet cuts them short.
_SHORT: Final = ", ".join(f"{tag}[aria-expanded=false]" for tag in ("div", "section", "aside"))
_ANSWER: Final = re.compile(
    r"(?:accordion|faq|toggle)[\w-]{0,30}(?:content|body|panel|answer)", re.IGNORECASE
)
_CALLED: Final = "[class*=accordion i], [class*=faq i], [class*=toggle i]"
# As `weigh` counts: a shorter text is a button's label.
LITTLE = 60
# At most so many folds are looked at. They may be nested: their texts together are at most NESTED
# times as long as the article's.
MOST = 300
NESTED = 4
# The classes by which Bootstrap's scripts open these: `in` in version 3, `show` since.
_OPENED: Final = {"collapse": ("in", "show"), "tab-pane": ("in", "show", "active")}
OPEN: Final = "display:block!important;height:auto!important;max-height:none!important"
"""The style of an open part, which overrides style sheets."""


def panels(article: Element) -> list[Element]:
    """The panels that their own heading opens, found by their role."""
    return tree.select(article, _PANELS)


def folds(article: Element) -> list[Element]:
    """The texts that wait for a tap: those that closed buttons control, answers by their class."""
    found, left = [], NESTED * len(article.text)
    short = tree.select(article, _SHORT)
    for each in islice(dict.fromkeys(chain(_controlled(article), _called(article), short)), MOST):
        text = each.text
        left -= len(text)
        if left < 0:
            break
        if _runs(each, text):
            found.append(each)
    return found


def _controlled(article: Element) -> Iterator[Element]:
    buttons = tree.select(article, _CLOSED)[:MOST]
    ids = {name for each in buttons for name in tree.get(each, "aria-controls").split()}
    if ids:
        yield from (each for each in tree.select(article, "[id]") if tree.get(each, "id") in ids)


def _called(article: Element) -> Iterator[Element]:
    called = tree.select(article, _CALLED)[:MOST]
    return (each for each in called if _ANSWER.search(tree.get(each, "class")))


def _runs(element: Element, text: str) -> bool:
    """Whether a fold is a text, neither a button's label nor a menu."""
    weight = weigh(text)
    return weight >= LITTLE and 2 * weigh_links(element) < weight


def open_collapsed(article: Element) -> None:
    """Give an article's folded parts the classes with which Bootstrap opens them."""
    for element in tree.select(article, ", ".join(f".{name}" for name in _OPENED)):
        names = tree.get(element, "class").split()
        more = chain.from_iterable(_OPENED.get(name, ()) for name in names)
        tree.put(element, "class", " ".join(dict.fromkeys([*names, *more])))
