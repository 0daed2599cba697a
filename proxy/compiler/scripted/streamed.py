"""What a page streams behind its end, for a script to put in its place (React 18, Next.js).

`<template id="B:1">` stands for what was not ready, with a stand-in behind it up to the comment
`/$`; `<template id="P:2">` for a part. What is for them comes later as `<div hidden id="S:1">`.
"""

from itertools import islice

from proxy.compiler import tree
from proxy.compiler.tree import Comment, Document, Element, Node

_PARTS = "div[hidden][id^='S:']"
# Its script need not be there: some who keep pages keep none.
_PLACES = "template[id^='B:'], template[id^='P:']"
# No page streams so many parts, nor into such a depth: each is looked at with all around its place.
MOST = 1_000
DEEP = 1_000
# How a stand-in's comments begin and end, one within another.
_OPEN, _CLOSE = ("$", "$?", "$!", "$~"), "/$"


def streams(document: Document) -> bool:
    """Whether the page has what came later, and places for it."""
    return all(tree.first(document, each) is not None for each in (_PARTS, _PLACES))


def settle(document: Document) -> None:
    """Put what came later where it belongs."""
    places = {tree.get(e, "id"): e for e in tree.elements(document, "template")}
    for part in tree.select(document, _PARTS)[:MOST]:
        number = tree.get(part, "id").removeprefix("S:")
        place = places.get(f"P:{number}") or places.get(f"B:{number}")
        if place is None or place.parent is None or not _apart(place, part):
            continue
        if tree.get(place, "id").startswith("B:"):
            tree.remove(_stand_in(place))
        place.replace_with(*tree.children(part))
        part.extract()


def _apart(place: Element, part: Element) -> bool:
    """Whether a place is in the page's shallow part, and not in what is to be put there."""
    around = list(islice(tree.ancestors(place), DEEP))
    return len(around) < DEEP and part not in around


def _stand_in(place: Element) -> list[Node]:
    """What is shown until the place is filled; none where no comment says how far it goes."""
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
