"""Places for adverts that no script fills: empty bands in a text, hundreds of pixels high."""

import re
from itertools import islice
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import ADVERT, class_and_id
from proxy.compiler.tree import Element

_CALLED: Final = "[class*=ad i], [id*=ad i], [class*=mpu i], [id*=mpu i]"
_ADVERT: Final = re.compile(
    r"(?:^|[\s_-])(?:ads?(?:slot|unit|box|container|wrapper|holder|space|bygoogle)?"
    r"|advert\w{0,12}|mpu\d*)(?:$|[\s_-])",
    re.IGNORECASE,
)
# The only text that such a place may have.
_LABEL: Final = re.compile(rf"(?:\W*(?:{ADVERT}))*\W*", re.IGNORECASE)
_PICTURES: Final = "img, picture, svg, video, audio, canvas, iframe, object, math"
_PAINTED: Final = "[style*='url(']"
# The element itself stays: in a grid its neighbour would move into its column.
_FLAT: Final = (
    "height:0!important;min-height:0!important;margin:0!important;padding:0!important"
    ";border:0!important;overflow:hidden"
)
# How many elements are looked at.
MOST: Final = 300


def close(page_body: Element) -> None:
    """Give no height to elements named as adverts that hold nothing, or no more than the label."""
    named = (each for each in tree.select(page_body, _CALLED) if _ADVERT.search(class_and_id(each)))
    for each in islice(named, MOST):
        if each.parent is not None and _is_blank(each):
            tree.remove(tree.children(each))
            tree.style(each, _FLAT)


def _is_blank(element: Element) -> bool:
    if tree.matches(element, f"{_PICTURES}, {_PAINTED}") or _LABEL.fullmatch(element.text) is None:
        return False
    return tree.first(element, f"{_PICTURES}, {_PAINTED}, input, button") is None
