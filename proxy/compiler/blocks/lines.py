"""How long a text is as people see it, and whether it reads like a paragraph."""

import re
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import ends_sentence
from proxy.compiler.tree import Element

# As `weigh` counts: a heading that is as long and ends like a sentence is a paragraph.
PROSE: Final = 120
WORDS: Final = tree.names(
    """
    a abbr b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike
    strong sub sup time tt u var wbr
    """
)
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff5e]+")


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


def is_prose(text: str) -> bool:
    """Whether a text is as long as a paragraph and ends like one, though it be a heading."""
    return len(text) >= PROSE // 2 and weigh(text) >= PROSE and ends_sentence(text)
