"""Finds the lines that a page declares as its recipe's: ingredients and instructions.

Sites put these beside the text, in a column or a box of their own.
"""

from collections.abc import Sequence
from itertools import takewhile

from proxy.compiler import tree
from proxy.compiler.facts.visible import folded
from proxy.compiler.tree import Element

# An element holds the whole recipe if it has this share of the lines in the elements around it.
MOST = 0.9


def alone(element: Element, body: Element, lines: Sequence[str]) -> bool:
    """Whether one of the lines is in an element and nowhere else in the body."""
    said = folded(element.text) if lines else ""
    told = [line for line in lines if line in said]
    whole = folded(body.text) if told else ""
    return any(said.count(line) == whole.count(line) for line in told)


def widened(body: Element, lines: Sequence[str]) -> Element:
    """The body, or the nearest element around it that holds nearly all lines on the page."""
    column = takewhile(lambda element: element.tag != "body", (body, *tree.ancestors(body)))
    held = {element: _held(element, lines) for element in column}
    most = MOST * max(held.values(), default=0)
    return next((element for element in held if held[element] >= most), body)


def _held(element: Element, lines: Sequence[str]) -> int:
    said = folded(element.text) if lines else ""
    return sum(line in said for line in lines)
