"""Makes figures of pictures with captions that only a class tells from paragraphs, for `reader`."""

import re
from itertools import islice, takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import is_caption
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.extent.seen import LABEL
from proxy.compiler.tree import Element, Text

_SAYS: Final = ("p", "div", "span", "em", "small", "cite", "td")
_BOXES: Final = tree.names("p div span section center table")
_INSIDE: Final = tree.names("a tbody tr")
_PICTURES: Final = ("img", "picture", "video")
_ENDS: Final = re.compile(r"[^\W\d_][.!?)”\"]?$")
_BEGINS: Final = re.compile(r"[A-ZÀ-Þ©]")
# As `weigh` counts: what is longer is no caption.
LONGEST: Final = 600
# A caption, or its box, has fewer elements than this. So no text is read often.
SMALL: Final = 60
# How far above a caption the box is that its picture is in.
FAR = 5


def figures(body: Element) -> None:
    """Make a `<figcaption>` of each caption, and a `<figure>` of the box around it."""
    for element in tree.elements(body, *_SAYS):
        if not is_caption(element) or not _is_small(element):
            continue
        if not 0 < weigh(element.text) <= LONGEST:
            continue
        around = list(takewhile(body.__ne__, tree.ancestors(element)))
        inside = any(above.tag == "figure" for above in around)
        box = element if inside else _box(element, around)
        apart = all(above.tag not in ("p", "figcaption") or above == box for above in around)
        if box is not None and apart and not tree.elements(element, *_PICTURES):
            for part in tree.elements(box, "tbody", "tr", "td"):
                part.tag = "div"
            box.tag = "figure"
            element.tag = "figcaption"
    for credit in tree.select(body, "figcaption span, figcaption cite, figcaption small"):
        _part(credit)


def _box(caption: Element, around: list[Element]) -> Element | None:
    """The box of a caption and a picture and of next to nothing else."""
    near = takewhile(_is_small, islice(around, FAR))
    holding = (e for e in near if e.tag not in _INSIDE and tree.elements(e, *_PICTURES))
    box = next(holding, None)
    if box is None or box.tag not in _BOXES or weigh(box.text) - weigh(caption.text) > LABEL:
        return None
    return box


def _part(credit: Element) -> None:
    """Put a space before a credit that only a style sheet set apart from the caption."""
    before = credit.previous_sibling
    if before is not None and _ENDS.search(before.text[-2:]) and _BEGINS.match(credit.text):
        credit.insert_before(Text(" "))


def _is_small(element: Element) -> bool:
    return next(islice(element.iter_elements(None), SMALL, None), None) is None
