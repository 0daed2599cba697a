"""Recognises pictures that lead to another page: teasers of other articles, icons, badges."""

import re
from itertools import islice

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.tree import Element

# A part of this page, a larger copy of the picture, or more of them.
_HERE = re.compile(r"#|.*(?:\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)|/galler)", re.IGNORECASE)
# As `weigh` counts: a shorter line, such as "Buy it", is no headline.
HEADLINE = 20


def teases(picture: Block, line: Block | None = None) -> bool:
    """Whether a picture and the line below it link to one page."""
    if picture.kind != "media" or line is None or line.kind == "media":
        return False
    if line.kind != "heading" and line.weight < HEADLINE:
        return False
    return not _pages(picture).isdisjoint(_pages(line))


def leads_on(picture: Block) -> bool:
    """Whether a picture is a link to another page."""
    return picture.kind == "media" and bool(_pages(picture))


def _pages(block: Block) -> set[str]:
    """The addresses of other pages to which the links in or around a block lead."""
    first = block.first
    if not isinstance(first, Element):
        return set()
    around = (first, *islice(tree.ancestors(first), 2), *tree.elements(first, "a"))
    addresses = {tree.get(element, "href") for element in around if element.tag == "a"}
    return {address for address in addresses - {""} if not _HERE.match(address)}
