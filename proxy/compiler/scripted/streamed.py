"""Parts that a page streams after its end, and a script puts in place (React 18, Next.js).

`<template id="B:1">` is the place of a part that was not ready, followed by a fallback up to the
comment `/$`; `<template id="P:2">` is a place without a fallback. The parts come later, as
`<div hidden id="S:1">`.
"""

from itertools import islice

from proxy.compiler import tree
from proxy.compiler.tree import Comment, Document, Element, Node

_PARTS = "div[hidden][id^='S:']"
# React's script is not looked for: some archives of pages drop scripts.
_PLACES = "template[id^='B:'], template[id^='P:']"
# No page streams so many parts, nor so deep: for each, all elements around its place are visited.
MOST = 1_000
DEEP = 1_000
# Comments that begin and end a fallback; they may be nested.
_OPEN, _CLOSE = ("$", "$?", "$!", "$~"), "/$"


def settle(document: Document) -> bool:
    """Put the parts that came later into their places; False if there is nothing to put."""
    parts = tree.select(document, _PARTS)[:MOST]
    places = {tree.get(e, "id"): e for e in tree.select(document, _PLACES)} if parts else {}
    for part in parts:
        number = tree.get(part, "id").removeprefix("S:")
        place = places.get(f"P:{number}") or places.get(f"B:{number}")
        if place is None or place.parent is None or not _apart(place, part):
            continue
        if tree.get(place, "id").startswith("B:"):
            tree.remove(_fallback(place))
        place.replace_with(*tree.children(part))
        part.extract()
    return bool(places)


def _apart(place: Element, part: Element) -> bool:
    """Whether a place is not too deep, and not inside the part that belongs there."""
    around = list(islice(tree.ancestors(place), DEEP))
    return len(around) < DEEP and part not in around


def _fallback(place: Element) -> list[Node]:
    """The nodes shown until the place is filled; none if no comment ends them."""
    found: list[Node] = []
    depth = 0
    node = place.next_sibling
    while node is not None:
        if isinstance(node, Comment):
            if node.data == _CLOSE and depth == 0:
                return found
            depth += (node.data in _OPEN) - (node.data == _CLOSE)
        found.append(node)
        node = node.next_sibling
    return []
