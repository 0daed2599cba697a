"""Where an article's text begins in its body: below title, byline, date and buttons."""

import re
from itertools import takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.blocks.furniture import ends_sentence, is_byline, is_dated
from proxy.compiler.extent.seen import LABEL, Seen
from proxy.compiler.facts.visible import same_title
from proxy.compiler.tree import Element

# As `weigh` counts: the longest line about the article.
SHORT = 120
# At most so much text and one paragraph come before title and byline: a summary may.
SUMMARY = 250
HEAD_BLOCKS = 14
# The width of an author's face at most (pixels).
FACE = 80
# A date with its time; "4 min.", which reads like a sentence, may follow.
_STAMP: Final = re.compile(r"\b(?:19|20)\d\d\D{1,5}\d{1,2}:\d\d")
# Dashes after a dateline, behind which the text's first line continues.
_DASHES: Final = ("\u2013", "\u2014", "\u2015")


def start(seen: Seen, title: str) -> int:
    """The index of the text's first block, below the last block of its head."""
    head = _head(seen, title)
    first = head + len(list(takewhile(lambda block: _skipped(seen, block), seen.found[head:])))
    return min(first if any(seen.running[first:]) else head, len(seen.found) - 1)


def _head(seen: Seen, title: str) -> int:
    """One past the last block that says title, byline or date."""
    head = _title(seen, title)
    passed, spoken = 0, 0
    for index, block in enumerate(seen.found[head:HEAD_BLOCKS], head):
        chapter = block.kind == "heading" and spoken
        if not chapter and _told(block, title):
            head = index + 1
        else:
            spoken += ends_sentence(block.text) and not block.text.endswith((":", "\uff1a"))
        passed += seen.mass[index]
        if passed > SUMMARY or spoken > 1:
            break
    return head


def _title(seen: Seen, title: str) -> int:
    """One past the title's heading, which notes no longer than a summary may precede."""
    passed = 0
    for index, block in enumerate(seen.found[:HEAD_BLOCKS]):
        if block.kind == "heading" and same_title(block.text, title):
            return index + 1
        passed += seen.mass[index]
        if passed > SUMMARY:
            break
    return 0


def _told(block: Block, title: str) -> bool:
    """Whether a block is the title, a byline or a date."""
    if same_title(block.text, title):
        return True
    if block.kind == "media" or block.weight > SHORT or block.text.rstrip().endswith(_DASHES):
        return False
    if ends_sentence(block.text):
        return block.weight < LABEL and _STAMP.search(block.text) is not None
    element = block.element
    return is_dated(block.text) or (element is not None and is_byline(element))


def _skipped(seen: Seen, block: Block) -> bool:
    """Whether a block only comes between byline and text: buttons, a picture with its caption."""
    captioned = block.kind == "media" and bool(block.text)
    return captioned or seen.furniture(block) or seen.captions(block)


def label(block: Block) -> bool:
    """Whether a block is a few words but no sentence."""
    return block.weight < LABEL and not ends_sentence(block.text)


def icons(block: Block) -> bool:
    """Whether all pictures of a block are icons or faces, too small to be an article's."""
    first = block.first
    if block.kind != "media" or not isinstance(first, Element):
        return False
    own = tree.elements(first, "img") or [first]
    widths = [tree.number(tree.get(picture, "width")) for picture in own]
    return all(width is not None and width <= FACE for width in widths)
