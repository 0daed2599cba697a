"""From where to where a body's blocks are the article's own.

Before it stand title, byline, date and buttons, after it editors, buttons, comments and what leads
away. Told by class and id, by words, and by whether a block reads like running text.
"""

from dataclasses import dataclass
from functools import cached_property

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block, blocks
from proxy.compiler.facts.visible import same_title
from proxy.compiler.furniture import (
    about,
    byline_named,
    dated,
    ends_text,
    hidden,
    leads_away,
    named,
    offers,
    said_hidden,
    sentence,
)
from proxy.compiler.tree import Element

# As `weigh` counts. Running text is at least this long, a line about the article at most so long.
RUNNING = 90
SHORT = 120
LABEL = 60
# Title, byline and buttons stand above this much of the text: a summary may come before them.
SUMMARY = 0.12
SUMMARY_LENGTHS = (250, 450)
HALF = 0.5
HEAD_BLOCKS = 14
# What is named like furniture and holds more of the text than this is the article all the same.
FURNITURE = 0.4
# Comments begin after this much of the text.
TALK = 0.4
# Buttons that stand below a text stand after this much of it.
OFFERS = 0.85
ICON = 60
LINKED = 0.8
# An element with more of the text than this holds all of it.
CORE = 0.9
COLUMN = 0.6


@dataclass(frozen=True)
class Extent:
    """The blocks of a body that are seen; `found[start:stop]` are the article's own.

    `column` is the element that the paragraphs are children of, if most of them share one, else the
    innermost that holds nearly all of the running text. What is around it may be a grid, in which
    a slot would stand anywhere.
    """

    column: Element
    found: list[Block]
    start: int
    stop: int


def extent(body: Element, title: str, author: str = "", *, columns: bool = False) -> Extent:
    """Where in `body` the article of this title and author begins and ends.

    With `columns`, tables that lay out the page are entered.
    """
    look = _Look(body, blocks(body, columns=columns), title, author)
    if not look.found:
        return Extent(body, [], 0, 0)
    start = look.start()
    stop = max(look.stop(start), start + 1)
    return Extent(look.column(start, stop), look.found, start, stop)


class _Look:
    """The blocks of a body, and what each of them is."""

    def __init__(self, body: Element, found: list[Block], title: str, author: str) -> None:
        self.body, self.title, self.author = body, title, author
        self._named: dict[Element, bool] = {}
        self._weights: dict[Element, int] = {}
        self._around = {id(block): within(block, body) for block in found}
        for block in found:
            for element in self._around[id(block)]:
                self._weights[element] = self._weights.get(element, 0) + block.weight
        self._total = max(1, sum(block.weight for block in found))
        unseen = {
            element
            for element, weight in self._weights.items()
            # What holds most of the text waited for a script, and was shown (`reveal`).
            if hidden(element) or (said_hidden(element) and 2 * weight < self._total)
        }
        self.found = [b for b in found if unseen.isdisjoint(self._around[id(b)])]

    @cached_property
    def running(self) -> list[int]:
        """The weight of each block that reads like an article's text, 0 of the others."""
        return [block.weight if self.runs(block) else 0 for block in self.found]

    def runs(self, block: Block) -> bool:
        return (
            block.kind in ("paragraph", "other")
            and block.weight >= RUNNING
            and block.link_density <= 0.5
            and not self.furniture(block)
            and not about(block.text)
        )

    def furniture(self, block: Block) -> bool:
        """Whether it stands in what a site puts around its articles."""
        return any(map(self._is_named, self._around[id(block)]))

    def _is_named(self, element: Element) -> bool:
        known = self._named.get(element)
        if known is None:
            known = self._weights.get(element, 0) < FURNITURE * self._total and named(element)
            self._named[element] = known
        return known

    def start(self) -> int:
        """The first block of the text: after the last that heads it."""
        head, passed, spoken = 0, 0, False
        least, most = SUMMARY_LENGTHS
        whole = sum(self._mass)
        limit = min(max(least, SUMMARY * whole), most, HALF * whole)
        for index, block in enumerate(self.found[:HEAD_BLOCKS]):
            if self._told(block) or (not spoken and self._buttons(block)):
                head = index + 1
            elif block.weight > LABEL / 2 and (sentence(block.text) or self.running[index]):
                spoken = True
            passed += self._mass[index]
            if passed > limit:
                break
        first = head
        while first < len(self.found) and (self._skipped(self.found[first]) or self._leads(first)):
            first += 1
        return min(first if any(self.running[first:]) else head, len(self.found) - 1)

    def _told(self, block: Block) -> bool:
        """Title, byline, date."""
        if same_title(block.text, self.title) or block is self._headline:
            return True
        if block.kind == "media" or block.weight > SHORT or sentence(block.text):
            return False
        signed = bool(self.author) and self.author in block.text[: len(self.author) + 10]
        return signed or dated(block.text) or _byline(block)

    @cached_property
    def _headline(self) -> Block | None:
        """The first `<h1>`: some sites' chapters stand under further ones."""
        return next((block for block in self.found if _is_h1(block)), None)

    def _buttons(self, block: Block) -> bool:
        if block.kind == "media" or block.weight > SHORT:
            return False
        return self.furniture(block) or block.link_density > 0.8

    def _skipped(self, block: Block) -> bool:
        """Between the byline and the text: buttons, labels, a picture with its caption."""
        if self.furniture(block) or about(block.text):
            return True
        if block.kind == "media":
            return bool(block.text) or _icons(block)
        # In the text's own column a short line is its heading.
        outside = not self._in_core(block)
        return outside and block.kind in ("paragraph", "other") and label(block)

    def _leads(self, index: int) -> bool:
        """A list of links above the text, and the heading of one."""
        block, after = self.found[index], self.found[index + 1 : index + 2]
        return _linked(block) or (block.kind == "heading" and any(map(_linked, after)))

    def stop(self, start: int) -> int:
        """One past the last block of the text."""
        end = min(self._talk(start), self._inside())
        stop = end
        while stop > start + 1 and self._after(self.found[stop - 1]):
            stop -= 1
        return stop if sum(self.running[start:stop]) >= 0.5 * sum(self.running[start:end]) else end

    def _inside(self) -> int:
        """One past the last block of the text's column."""
        inside = (i for i, b in enumerate(self.found) if self._in_core(b))
        return 1 + max(inside, default=len(self.found) - 1)

    def _in_core(self, block: Block) -> bool:
        return self.core == self.body or self.core in self._around[id(block)]

    @cached_property
    def core(self) -> Element:
        """The innermost element that holds nearly all of the running text."""
        core, whole = self.body, sum(self._mass)
        while inner := next((e for e in tree.child_elements(core) if self._holds(e, whole)), None):
            core = inner
        return core

    def column(self, start: int, stop: int) -> Element:
        """The parent of most paragraphs, or the core."""
        held: dict[Element, int] = {}
        for block, weight in zip(self.found[start:stop], self._mass[start:stop], strict=True):
            if (above := _holder(block)) is not None:
                held[above] = held.get(above, 0) + weight
        best = max(held, key=held.__getitem__, default=self.core)
        share = COLUMN * sum(self._mass[start:stop])
        return best if held.get(best, 0) > share else self.core

    def _holds(self, element: Element, whole: int) -> bool:
        return element.tag not in ATOMIC and self._texts.get(element, 0) > CORE * whole

    @cached_property
    def _texts(self) -> dict[Element, int]:
        found: dict[Element, int] = {}
        for block, weight in zip(self.found, self._mass, strict=True):
            for element in self._around[id(block)]:
                found[element] = found.get(element, 0) + weight
        return found

    @cached_property
    def _mass(self) -> list[int]:
        """The running text, or all of it where most is short lines: many in chats are."""
        weights = [block.weight for block in self.found]
        return self.running if 2 * sum(self.running) >= sum(weights) else weights

    def _talk(self, start: int) -> int:
        """Where comments begin, by their heading, or the end."""
        whole, passed = sum(self.running[start:]), 0
        for index in range(start, len(self.found)):
            short = self.found[index].weight < SHORT
            text = self.found[index].text
            talk = passed > TALK * whole and ends_text(text)
            if short and (talk or (passed > OFFERS * whole and offers(text))):
                return index
            passed += self.running[index]
        return len(self.found)

    def _after(self, block: Block) -> bool:
        """What follows a text; a heading at the end heads nothing."""
        if block.kind == "heading" or self.furniture(block) or block.link_density > 0.6:
            return True
        if block.kind == "media":
            return not block.text and _icons(block)
        if block.weight < SHORT and (leads_away(block.text) or about(block.text)):
            return True
        return label(block)


def _linked(block: Block) -> bool:
    return block.kind == "other" and block.link_density > LINKED


def _holder(block: Block) -> Element | None:
    """What a block stands in; of a `<p>` that is parted by line breaks, what that stands in."""
    around = list(tree.ancestors(block.first))[:3]
    outer = next((i for i, above in enumerate(around) if above.tag == "p"), -1)
    return next(iter(around[outer + 1 :]), None)


def label(block: Block) -> bool:
    """Whether a block is a few words that are no sentence."""
    return block.weight < LABEL and not sentence(block.text)


def within(block: Block, body: Element) -> list[Element]:
    """The block's element and those around it, up to the body."""
    around = [block.first] if isinstance(block.first, Element) else []
    for above in tree.ancestors(block.first):
        if above == body:
            break
        around.append(above)
    return around


def _is_h1(block: Block) -> bool:
    return isinstance(block.first, Element) and block.first.tag == "h1"


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
