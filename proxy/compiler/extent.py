"""From where to where a body's blocks are the article's own.

Before it stand title, byline, date and buttons, after it editors, buttons, comments and what leads
away. Told by class and id, by words, and by whether a block reads like running text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks
from proxy.compiler.closing import closing
from proxy.compiler.facts.visible import same_title
from proxy.compiler.furniture import (
    about,
    byline_named,
    dated,
    ends_text,
    heads_others,
    leads_away,
    offers,
    readers,
    rights,
    sentence,
    signed,
)
from proxy.compiler.seen import LABEL, LINKED, Seen
from proxy.compiler.tree import Element

# As `weigh` counts. A line about the article is at most so long.
SHORT = 120
# Title, byline and buttons stand above this much of the text: a summary may come before them.
SUMMARY = 0.12
SUMMARY_LENGTHS = (250, 450)
HALF = 0.5
HEAD_BLOCKS = 14
# So near to a picture stand its words.
NEXT = 6
# Comments begin after this much of the text.
TALK = 0.4
# Other articles are named below this much of it, and readers speak after so much text.
OTHERS = 0.8
SPOKEN = 1_000
# An author's box holds no more than this.
BOX = 600
# Buttons that stand below a text stand after this much of it.
OFFERS = 0.85
ICON = 60
# Buttons, labels and pictures below a byline hold less of a body than this.
PASSED = 0.3


@dataclass(frozen=True)
class Extent:
    """The blocks of a body that are seen; `found[start:stop]` are the article's own.

    Of these `found[end:stop]` say something about it: sources, notes, who wrote it, where to go on.
    `column` is the element that the paragraphs are children of, if most of them share one, else the
    innermost that holds nearly all of the running text. What is around it may be a grid, in which
    a slot would stand anywhere.
    """

    column: Element
    found: list[Block]
    start: int
    end: int
    stop: int


def extent(
    body: Element,
    title: str,
    author: str = "",
    found: list[Block] | None = None,
    *,
    columns: bool = False,
    lines: bool = False,
) -> Extent:
    """Where in `body` the article of this title and author begins and ends.

    With `columns`, tables that lay out the page are entered; with `lines`, texts whose paragraphs
    are lines. `found` are its blocks, if they are known.
    """
    seen = Seen(body, blocks(body, columns=columns, lines=lines) if found is None else found)
    if not seen.found:
        return Extent(body, [], 0, 0, 0)
    start = _Start(seen, title, author).index()
    stop = max(_stop(seen, start), start + 1)
    end = closing(seen, start, stop, author)
    if end < stop:
        few = (i for i in range(max(start + 1, end - 2), end) if _all_after(seen, i, end))
        end = next(few, end)
    return Extent(seen.column(start, stop), seen.found, start, end, stop)


class _Start:
    """Where the text begins, below its title and its author."""

    def __init__(self, seen: Seen, title: str, author: str) -> None:
        self.seen, self.found = seen, seen.found
        self.title, self.author = title, author

    def index(self) -> int:
        """The first block of the text: after the last that heads it."""
        head, passed, spoken = 0, 0, False
        least, most = SUMMARY_LENGTHS
        whole = sum(self.seen.mass)
        limit = min(max(least, SUMMARY * whole), most, HALF * whole)
        for index, block in enumerate(self.found[:HEAD_BLOCKS]):
            above = not spoken and (self._buttons(block) or _stamp(block))
            if self._told(block, spoken) or above:
                head = index + 1
            elif block.weight > LABEL / 2 and (sentence(block.text) or self.seen.running[index]):
                spoken = True
            passed += self.seen.mass[index]
            if passed > limit:
                break
        head = max(head, self._under_title())
        first = head
        while first < len(self.found) and (self._skipped(first) or self._leads(first)):
            first += 1
        passed = sum(block.weight for block in self.found[head:first])
        much = passed > PASSED * sum(block.weight for block in self.found)
        own = any(self.seen.running[first:]) and not much
        return min(first if own else head, len(self.found) - 1)

    def _under_title(self) -> int:
        """One past the page's title as a heading above all paragraphs, 0 if there is none."""
        for index, block in enumerate(self.found[: 2 * HEAD_BLOCKS]):
            if block.kind == "heading" and same_title(block.text, self.title):
                return index + 1
            if block.kind == "paragraph" and self.seen.running[index]:
                break
        return 0

    def _told(self, block: Block, spoken: bool) -> bool:
        """Title, byline, date; of what comes after a summary only a plain line tells the day."""
        if same_title(block.text, self.title) or block is self._headline:
            return True
        if block.kind == "media" or block.weight > SHORT or sentence(block.text):
            return False
        if self.seen.captions(block):
            return False
        signed = bool(self.author) and self.author in block.text[: len(self.author) + 10]
        plain = not spoken or (block.kind != "heading" and block.link_density <= LINKED)
        return signed or (plain and dated(block.text)) or _byline(block)

    @cached_property
    def _headline(self) -> Block | None:
        """The first `<h1>`: some sites' chapters stand under further ones."""
        return next((block for block in self.found if _is_h1(block)), None)

    def _buttons(self, block: Block) -> bool:
        if block.kind == "media" or block.weight > SHORT:
            return False
        return self.seen.furniture(block) or block.link_density > LINKED

    def _skipped(self, index: int) -> bool:
        """Between the byline and the text: buttons, labels, a picture with its caption."""
        block = self.found[index]
        if self.seen.furniture(block) or about(block.text):
            return True
        if block.kind == "heading" and same_title(block.text, self.title):
            return True
        if block.kind == "media":
            return bool(block.text) or _icons(block) or self._captioned(index)
        if self.seen.captions(block):
            return True
        if block.weight < SHORT and (block.link_density > LINKED or _away(block.text)):
            return True
        # In the text's own column a short line is its heading.
        outside = not self.seen.in_core(block)
        return outside and block.kind in ("paragraph", "other") and label(block)

    def _captioned(self, index: int) -> bool:
        """Whether the words below a picture stand next to it."""
        after = self.found[index + 1 : index + NEXT]
        said = next((block for block in after if block.kind != "media"), None)
        return said is not None and all(map(self.seen.captions, (self.found[index], said)))

    def _leads(self, index: int) -> bool:
        """A list of links above the text, and the heading of one."""
        block, after = self.found[index], self.found[index + 1 : index + 2]
        if _linked(block) or (block.kind == "heading" and any(map(_linked, after))):
            return True
        headed = index > 0 and _away(self.found[index - 1].text)
        return headed and block.kind == "other" and block.linked > 0


def _stop(seen: Seen, start: int) -> int:
    """One past the last block of the text."""
    end = min(_talk(seen, start), _inside(seen))
    if not any(seen.running):  # verses and lists are short lines to their end
        return end
    stop = end
    while stop > start + 1 and _after(seen, seen.found[stop - 1]):
        stop -= 1
    return stop if sum(seen.running[start:stop]) >= 0.5 * sum(seen.running[start:end]) else end


def _inside(seen: Seen) -> int:
    """One past the last block of the text's column."""
    inside = (i for i, b in enumerate(seen.found) if seen.in_core(b))
    return 1 + max(inside, default=len(seen.found) - 1)


def _talk(seen: Seen, start: int) -> int:
    """Where what follows a text begins by its heading or its name: comments, others; or the end."""
    whole, passed = sum(seen.running[start:]), 0
    own = set(seen.around(seen.found[start]))
    for index in range(start, len(seen.found)):
        block, part = seen.found[index], passed / max(1, whole)
        if block.weight < SHORT and _heads_what_follows(block.text, part):
            return index
        beside = takewhile(lambda e: e not in own, seen.around(block))
        if (part > TALK or passed >= SPOKEN) and _is_what_follows(seen, beside, part):
            return index
        passed += seen.running[index]
    return len(seen.found)


def _heads_what_follows(text: str, part: float) -> bool:
    """Whether a line after this part of the text heads comments, buttons or other articles."""
    if part > TALK and ends_text(text):
        return True
    return (part > OFFERS and offers(text)) or (part > OTHERS and heads_others(text))


def _is_what_follows(seen: Seen, around: Iterable[Element], part: float) -> bool:
    """Whether one of these elements is called the author's box, or readers' comments."""
    return any(readers(e) or (part > HALF and signed(e) and seen.weight(e) < BOX) for e in around)


def _after(seen: Seen, block: Block) -> bool:
    """What follows a text; a heading at the end heads nothing."""
    if block.kind == "heading" or seen.furniture(block) or block.link_density > 0.6:
        return True
    if seen.captions(block) or rights(block.text):
        return True
    if block.kind == "media":
        return not block.text and _icons(block)
    if block.weight < SHORT and (leads_away(block.text) or about(block.text)):
        return True
    return label(block)


def _away(text: str) -> bool:
    return leads_away(text) or offers(text)


def _all_after(seen: Seen, index: int, end: int) -> bool:
    return all(_after(seen, block) for block in seen.found[index:end])


def _linked(block: Block) -> bool:
    return block.kind == "other" and block.link_density > LINKED


def label(block: Block) -> bool:
    """Whether a block is a few words that are no sentence."""
    return block.weight < LABEL and not sentence(block.text)


def _is_h1(block: Block) -> bool:
    return isinstance(block.first, Element) and block.first.tag == "h1"


def _stamp(block: Block) -> bool:
    """Whether a few words tell who published it and when."""
    return block.weight < LABEL and about(block.text)


def _byline(block: Block) -> bool:
    element = block.first if isinstance(block.first, Element) else tree.parent(block.first)
    return element is not None and byline_named(element)


def _icons(block: Block) -> bool:
    """Whether all its pictures are too small to be an article's, or drawings that lead away."""
    if not isinstance(block.first, Element):
        return False
    own = [block.first] if block.first.tag in ("img", "svg") else []
    pictures = own or tree.elements(block.first, "img", "svg")
    return bool(pictures) and all(map(_icon, pictures))


def _icon(picture: Element) -> bool:
    width = tree.number(tree.get(picture, "width"))
    if width is not None:
        return width < ICON
    return picture.tag == "svg" and any(a.tag in ("a", "button") for a in tree.ancestors(picture))
