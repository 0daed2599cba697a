"""Puts the slots between blocks of the body, never inside one (look/README, section 4)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product, takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.blocks.furniture import is_slide_show
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.extent import Extent, extent
from proxy.compiler.extent.seen import LINKED
from proxy.compiler.extent.start import label
from proxy.compiler.tree import Element, Node, Text
from proxy.page import Gap

Mark = Callable[[Gap], Node]

# The middle slot is at least two blocks from top and end; if that is impossible, one.
APART = (2, 1)
# The middle slot is central if it is no further than this share of the text from its half.
OFF_MIDDLE = 0.3
# As `weigh` counts. Off the centre it needs ROOM before and after it, about five lines on a phone;
# in the centre, or if nothing else fits, only LITTLE, a line. A picture above counts as ROOM.
ROOM = 350
LITTLE = 50
# Added to the distance if the two blocks have different parents and no heading follows: another
# column may be between them.
PARTED = 0.1
# As `weigh` counts: a paragraph in bold that is no longer belongs to the next one, as a question
# in an interview does to its answer.
QUESTION = 200
# Text outside the column that may be outside the slots, too: above it a summary, at most OUTSIDE;
# below it a signature, at most SIGNED of the text up to OUTSIDE, or BELOW of the text.
OUTSIDE = 450
BELOW = 0.1
SIGNED = 0.25
# Elements beside a text, slides, and elements that frameworks show only on some screens (Bootstrap
# 2 to 4 and similar names): no slot goes there, if they hold less than HALF of the text.
_BESIDE: Final = "aside, nav, [class*=hid], [class*=visible-], [class*=-only], [class*=mobile-hid]"
_SLIDES: Final = "[class*=sidebar], [class*=slick-], [class*=swiper-], [class*=carousel]"
_SOMETIMES: Final = re.compile(
    r"hid(?:e|den)-(?:on-)?(?:xs|sm|phone|tablet|mobile|desktop)(?:-down|-up)?"
    r"|visible-(?:xs|sm|md|lg|phone|tablet|desktop)(?:-[a-z-]{5,12})?"
    r"|(?:mobile|desktop|phone)-(?:only|hidden|hide)|(?:\w{1,20}-)?sidebar\d?"
)
HALF = 0.5
# How many of them are looked at.
FAR = 50


def place(
    body: Element, title: str, mark: Mark, found: list[Block] | None = None
) -> dict[str, str]:
    """Put the marks of top, middle, end and share into the tree; return which is skipped, and why.

    `found`: the body's blocks, if they are known. The reasons: `too_short`, `no_paragraphs` (no two
    blocks meet in a suitable place).
    """
    span, middle = _halved(body, title, found)
    if not span.found:
        body.insert(0, mark("top"))
        body.extend([mark("end"), mark("share")])
        return {"middle": "too_short"}
    first, last = _in_column(span, _beside(body))
    if isinstance(middle, int) and not first < middle < last:  # as where a list is the column
        first, last = span.start, span.end
    least = middle if isinstance(middle, int) else first
    while last - 1 > least and _introduces(span.found[last - 1]):
        last -= 1
    while first + 1 < (middle if isinstance(middle, int) else last) and _in_a_row(span, first):
        first += 1
    while last < len(span.found) and _in_a_row(span, last):
        last += 1
    _boundary(body, span, last, behind=True)(mark("end"), mark("share"))
    if isinstance(middle, int):
        _boundary(body, span, middle)(mark("middle"))
    _boundary(body, span, first)(mark("top"))
    return {} if isinstance(middle, int) else {"middle": middle}


def _halved(body: Element, title: str, found: list[Block] | None) -> tuple[Extent, int | str]:
    """The text and its middle boundary, or why there is none.

    If there is none, tries again with the closing as part of the text, with less room, and with the
    pictures above it.
    """
    span = extent(body, title, found)
    middle = _middle(span)
    if isinstance(middle, int) or not span.found:
        return span, middle
    closed, pictured = replace(span, end=span.stop), replace(span, start=_above(span))
    for room, other in ((ROOM, closed), (LITTLE, span), (LITTLE, pictured)):
        if isinstance(half := _middle(other, room), int):
            return other, half
    return span, middle


def _above(span: Extent) -> int:
    """The index of the first of the pictures directly above the text."""
    above = reversed(span.found[: span.start])
    return span.start - len(list(takewhile(lambda block: block.kind == "media", above)))


def _in_a_row(span: Extent, index: int) -> bool:
    """Whether an element with few words, such as a byline or a question, is around a boundary.

    It may be a flex row, in which a slot would be one more column.
    """
    if index == 0:
        return False
    before, after = span.found[index - 1].last, span.found[index].first
    shared = next(a for a in tree.ancestors(after) if tree.within(before, a))
    return not tree.within(span.column, shared) and weigh(shared.text) < ROOM


def _beside(body: Element) -> set[Element]:
    """The elements beside the text, or not visible on every screen."""
    found = [e for e in tree.select(body, f"{_BESIDE}, {_SLIDES}") if _is_beside(e)][:FAR]
    whole = len(body.text) if found else 0
    return {e for e in found if len(e.text) < HALF * whole}


def _is_beside(element: Element) -> bool:
    sometimes = any(map(_SOMETIMES.fullmatch, tree.get(element, "class").split()))
    return element.tag in ("aside", "nav") or sometimes or is_slide_show(element)


def _in_column(span: Extent, beside: set[Element]) -> tuple[int, int]:
    """The text's first and last boundary, inside its column if little of the text is outside."""
    own = span.found[span.start : span.end]
    nest = Nest(own)
    held, apart = nest.inside(span.column.__eq__), nest.inside(beside.__contains__)
    seen = [at for at, block in enumerate(own, span.start) if not apart(block)]
    inside = [at for at in seen if held(span.found[at])]
    if not inside:
        return span.start, span.end
    first, last = inside[0], inside[-1] + 1
    head, tail = ([span.found[at] for at in seen if out(at)] for out in (first.__gt__, last.__le__))
    whole = _weight(own)
    below = max(min(OUTSIDE, SIGNED * whole), BELOW * whole)
    return (
        first if _weight(head) <= OUTSIDE else seen[0],
        last if _weight(tail) <= below else seen[-1] + 1,
    )


def _weight(found: list[Block]) -> int:
    return sum(block.weight for block in found)


def _middle(span: Extent, room: int = ROOM) -> int | str:
    """The best boundary between two blocks near the half of the text, or why there is none.

    Two paragraphs far from top and end are best, then any other two blocks; last comes a boundary
    off the centre with `room` before and after it.
    """
    found, halves = span.found, list(_halves(span.found[span.start : span.end]))
    if len(halves) < 2:
        return "too_short"
    for central, meet, apart in product((True, False), _MEETS, APART):
        fits = [
            (off + PARTED * _parted(found, index), index)
            for index, (off, around) in enumerate(
                halves[apart : 1 - apart or None], span.start + apart
            )
            if (around >= LITTLE and off < OFF_MIDDLE if central else around >= room)
            and meet(found, index)
        ]
        if fits:
            return min(fits)[1]
    return "no_paragraphs"


def _parted(found: list[Block], index: int) -> bool:
    before, after = found[index - 1], found[index]
    return after.kind != "heading" and tree.parent(before.last) != tree.parent(after.first)


def _halves(text: list[Block]) -> Iterator[tuple[float, int]]:
    """For each block: how far its start is from half of the text; the weight of the lesser side."""
    total, passed, pictures = _weight(text), 0, 0
    for block in text:
        yield abs(passed / max(1, total) - 0.5), min(passed + pictures, total - passed)
        passed += block.weight
        pictures += ROOM * (block.kind == "media")


def _paragraphs(found: list[Block], index: int) -> bool:
    """Whether a paragraph, and another one or its heading, meet before block `index`."""
    before, after = found[index - 1], found[index]
    meet = before.kind == "paragraph" and after.kind in ("paragraph", "heading")
    button = after.kind == "paragraph" and after.link_density > LINKED
    return meet and not button and not _announces(before)


def _blocks(found: list[Block], index: int) -> bool:
    """Whether the block before `index` does not belong to the next one."""
    return not _announces(found[index - 1])


def _announces(block: Block) -> bool:
    """Whether a block belongs to the next one: a few words, or a question in bold."""
    return label(block) or _introduces(block) or _is_bold(block)


def _is_bold(block: Block) -> bool:
    if block.kind != "paragraph" or block.weight > QUESTION or not isinstance(block.first, Element):
        return False
    bold = tree.elements(block.first, "b", "strong")
    return sum(weigh(each.text) for each in bold) >= block.weight


def _introduces(block: Block) -> bool:
    """Whether a block announces the next one: a heading, or words before a colon."""
    colon = block.kind == "paragraph" and block.text.rstrip().endswith((":", "\uff1a"))
    return colon or block.kind == "heading"


def _not_headed(found: list[Block], index: int) -> bool:
    return found[index - 1].kind != "heading"


_MEETS: Final = (_paragraphs, _blocks, _not_headed)


def _boundary(
    body: Element, span: Extent, index: int, *, behind: bool = False
) -> Callable[..., None]:
    """A method that inserts before block `index`, as far out as possible but inside the column.

    With `behind` it inserts right behind the block before: then elements without text, such as
    share icons, come after the slot.
    """
    found, column = span.found, span.column
    before = index > 0 and tree.within(found[index - 1].first, column)
    after = index < len(found) and tree.within(found[index].first, column)
    if index == len(found) or (before and not after):
        return _child_of(column if before else body, found[index - 1].last).insert_after
    first = found[index].first
    if index == 0 or (after and not before):
        return _child_of(column if after else body, first).insert_before
    around = [body, *tree.ancestors(found[index - 1].last)]
    shared = next(a for a in tree.ancestors(first) if a in around)
    if behind and not any(a.tag in ("p", "pre") for a in (shared, *tree.ancestors(shared))):
        return _child_of(shared, found[index - 1].last).insert_after
    return _opened(_child_of(shared, first)).insert_before


def _opened(node: Node) -> Node:
    """Split any `<p>` or `<pre>` around `node` before it; return the part that begins with `node`.

    A parser would end the paragraph at a slot inside it.
    """
    around = list(takewhile(lambda above: above.tag not in ("td", "th"), tree.ancestors(node)))
    outer = next((i for i, a in enumerate(around) if a.tag in ("p", "pre")), -1)
    if outer >= 0:
        _drop_breaks(node)
    for above in around[: outer + 1]:
        nodes = tree.children(above)
        kept = {name: value for name, value in tree.attributes(above) if name != "id"}
        second = tree.make(above.tag, kept, *nodes[nodes.index(node) :])
        above.insert_after(second)
        node = second
    return node


def _drop_breaks(node: Node) -> None:
    """Remove the line breaks before a node, as the slot separates the paragraphs instead."""
    above = tree.parent(node)
    before = tree.children(above)[: tree.children(above).index(node)] if above is not None else []
    tree.remove(takewhile(_blank, reversed(before)))


def _blank(node: Node) -> bool:
    if isinstance(node, Text):
        return node.data.isspace()
    return isinstance(node, Element) and node.tag == "br"


def _child_of(container: Element, node: Node) -> Node:
    """The child of `container` that is or contains `node`."""
    child = node
    while (above := tree.parent(child)) is not None and above != container:
        child = above
    return child
