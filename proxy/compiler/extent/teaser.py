"""Recognises pictures that lead to another page: teasers of other articles, icons, badges."""

import re
from itertools import islice

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.tree import Element

# A part of this page, a larger copy of the picture, or more of them.
_HERE = re.compile(r"#|.*(?:\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)|/galler)", re.IGNORECASE)


def leads_on(picture: Block) -> bool:
    """Whether a picture is a link to another page."""
    first = picture.first
    if picture.kind != "media" or not isinstance(first, Element):
        return False
    around = (first, *islice(tree.ancestors(first), 2), *tree.elements(first, "a"))
    addresses = (tree.get(element, "href") for element in around if element.tag == "a")
    return any(address and not _HERE.match(address) for address in addresses)
