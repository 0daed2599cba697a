"""Texts whose paragraphs only single line breaks, or blank lines in the source, separate."""

import re
from itertools import pairwise
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import ends_sentence
from proxy.compiler.tree import Element, Text

# As `weigh` counts: a shorter line is no paragraph but a verse, an address or a step.
PARAGRAPH: Final = 90
# As `weigh` counts: a heading that is as long and ends like a sentence is a paragraph.
PROSE: Final = 120
# A text of paragraphs has at least so many such lines, with at least this share of its weight.
FEW: Final = 3
MOST: Final = 0.75
# No line is longer (characters).
LONGEST: Final = 10_000
WORDS: Final = tree.names(
    """
    a abbr b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike
    strong sub sup time tt u var wbr
    """
)
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff5e]+")
# Chinese and Japanese paragraphs begin with a full-width space.
_BLANK_LINE: Final = re.compile(r"(?=\n[^\S\n]*[\n\u3000])\s+")
_OPENS: Final = re.compile(r"\s*?\n[^\S\n]*[\n\u3000]")


def weigh(text: str) -> int:
    """The length without white space; a Chinese, Japanese or Korean character counts two."""
    packed = "".join(text.split())
    return len(packed) if packed.isascii() else len(packed) + sum(map(len, _CJK.findall(packed)))


def weigh_line(text: str) -> int:
    """As `weigh`, for a text whose only white space is single spaces between words."""
    packed = len(text) - text.count(" ")
    return packed if text.isascii() else packed + sum(map(len, _CJK.findall(text)))


def weigh_links(element: Element) -> int:
    """The weight of the text of the links in an element."""
    return sum(weigh(a.text) for a in tree.elements(element, "a"))


def in_lines(element: Element) -> bool:
    """Whether single line breaks or blank lines separate paragraphs in an element."""
    if element.tag in ("ul", "ol", "table", "code"):
        return False
    found = _lines(element)
    if len(found) < FEW:
        return False
    whole = [weigh(line) for line in found]
    long = [
        w for w, line in zip(whole, found, strict=True) if w >= PARAGRAPH and ends_sentence(line)
    ]
    return len(long) >= FEW and sum(long) >= MOST * sum(whole)


def _lines(element: Element) -> list[str]:
    """The lines of an element: texts between line breaks, block elements and blank lines.

    No lines at all if an element in one of them is longer than a line.
    """
    found = [""]
    for node in element.children:
        if isinstance(node, Text):
            first, *more = _BLANK_LINE.split(node.data)
            found[-1] += first
            found += more
        elif isinstance(node, Element):
            if node.tag not in WORDS:
                found.append("")
            elif len(text := node.text) > LONGEST:
                return []
            else:
                found[-1] += text
    return [line for line in found if line and not line.isspace()]


def is_prose(text: str) -> bool:
    """Whether a text is as long as a paragraph and ends like one, though it be a heading."""
    return len(text) >= PROSE // 2 and weigh(text) >= PROSE and ends_sentence(text)


def opens_paragraph(text: str) -> bool:
    """Whether a text begins with a blank line."""
    return _OPENS.match(text) is not None


def part(body: Element) -> None:
    """Split text nodes at blank lines where these separate paragraphs, to make room for a slot.

    This does not change the markup, which parses as one node again.
    """
    for element in [body, *tree.elements(body)]:
        texts = [n for n in element.children if isinstance(n, Text) and len(n.data) > PARAGRAPH]
        if any(_BLANK_LINE.search(node.data) for node in texts) and in_lines(element):
            for node in texts:
                _part(node)


def _part(node: Text) -> None:
    edges = [0, *(blank.start() for blank in _BLANK_LINE.finditer(node.data)), len(node.data)]
    first, *more = (node.data[start:stop] for start, stop in pairwise(edges))
    for piece in reversed(more):
        node.insert_after(Text(piece))
    node.data = first
