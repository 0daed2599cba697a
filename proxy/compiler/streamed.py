"""What a page streams behind its end, for a script to put in its place (React 18, Next.js).

`<template id="B:1">` stands for what was not ready, with a stand-in behind it up to the comment
`/$`; `<template id="P:2">` for a part. What is for them comes later as `<div hidden id="S:1">`.
"""

from collections.abc import Iterator

from proxy.compiler import tree
from proxy.compiler.tree import Comment, Document, Element, Node

# The functions of React's that move it: a page without them streams nothing.
MOVES = ("$RC(", "$RS(")
# How a stand-in's comments begin and end, one within another.
_OPEN, _CLOSE = ("$", "$?", "$!", "$~"), "/$"


def settle(document: Document) -> None:
    """Put what came later where it belongs."""
    places = {tree.get(e, "id"): e for e in tree.elements(document, "template")}
    for part in tree.elements(document, "div"):
        kind, _, number = tree.get(part, "id").partition(":")
        if kind != "S" or "hidden" not in part.attrs:
            continue
        place = places.get(f"P:{number}") or places.get(f"B:{number}")
        if place is None or place.parent is None or tree.within(place, part):
            continue
        if tree.get(place, "id").startswith("B:"):
            tree.remove(list(_stand_in(place)))
        place.replace_with(*tree.children(part))
        part.extract()


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
