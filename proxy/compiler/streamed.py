"""What a page streams behind its end, for a script to put in its place (React 18, Next.js).

`<template id="B:1">` stands for what was not ready, with a stand-in behind it up to the comment
`/$`; `<template id="P:2">` for a part. What is for them comes later as `<div hidden id="S:1">`.
"""

from collections.abc import Iterator
from itertools import islice

from proxy.compiler import tree
from proxy.compiler.tree import Comment, Document, Element, Node

# The functions of React's that move it: a page without them streams nothing.
_MOVES = ("$RC(", "$RS(")
_PARTS = "div[hidden][id^='S:']"
# No page streams so many parts, nor into such a depth: each is looked at with all around its place.
MOST = 1_000
DEEP = 1_000
# How a stand-in's comments begin and end, one within another.
_OPEN, _CLOSE = ("$", "$?", "$!", "$~"), "/$"


def streams(document: Document, text: str) -> bool:
    """Whether the page has what came later, and says that it is to be moved."""
    return tree.first(document, _PARTS) is not None and any(move in text for move in _MOVES)


def settle(document: Document) -> None:
    """Put what came later where it belongs."""
    places = {tree.get(e, "id"): e for e in tree.elements(document, "template")}
    for part in tree.select(document, _PARTS)[:MOST]:
        number = tree.get(part, "id").removeprefix("S:")
        place = places.get(f"P:{number}") or places.get(f"B:{number}")
        if place is None or place.parent is None or not _apart(place, part):
            continue
        if tree.get(place, "id").startswith("B:"):
            tree.remove(list(_stand_in(place)))
        place.replace_with(*tree.children(part))
        part.extract()


def _apart(place: Element, part: Element) -> bool:
    """Whether a place is in the page's shallow part, and not in what is to be put there."""
    around = list(islice(tree.ancestors(place), DEEP))
    return len(around) < DEEP and part not in around


def _stand_in(place: Element) -> Iterator[Node]:
    """What is shown until the place is filled."""
    depth = 0
    node = place.next_sibling
    while node is not None:
        if isinstance(node, Comment):
            if node.data == _CLOSE and depth == 0:
                return
            depth += (node.data in _OPEN) - (node.data == _CLOSE)
        yield node
        node = node.next_sibling
