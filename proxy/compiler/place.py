"""Where the slots go: between blocks of the body, never inside one (look/README, section 4)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product, takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.blocks.furniture import slides
from proxy.compiler.blocks.lines import part, weigh
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.extent import Extent, extent
from proxy.compiler.extent.seen import LABEL, LINKED
from proxy.compiler.extent.start import label
from proxy.compiler.tree import Element, Node, Text
from proxy.page import Gap

Mark = Callable[[Gap], Node]

# A middle slot stands this many blocks or more from top and end, where there are as many.
APART = (2, 1)
# It stands in the middle: no further from half of the text than this part of it.
OFF_MIDDLE = 0.3
# Off the middle it has so much of the text before and behind it, about five lines on a phone; where
# no text has more, and in the middle, more than one line. A picture above it is five lines high.
ROOM = 350
LITTLE = 50
# So much further off the middle it may be where both blocks stand in one element, or a heading
# follows: between two that do not there may be another column.
PARTED = 0.1
# As `weigh` counts: a paragraph in bold that is no longer heads the next one, in interviews a
# question its answer.
QUESTION = 200
# A summary above the text's column, a signature below it.
OUTSIDE = 450
BELOW = 0.1
SIGNED = 0.25
# What stands beside a text, slides, or what frameworks show on some screens alone (Bootstrap 2 to 4
# and those named alike): no slot of its own is there, if it holds less of the text than this.
_BESIDE: Final = "aside, nav, [class*=hid], [class*=visible-], [class*=-only], [class*=mobile-hid]"
_SLIDES: Final = "[class*=sidebar], [class*=slick-], [class*=swiper-], [class*=carousel]"
_SOMETIMES: Final = re.compile(
    r"hid(?:e|den)-(?:on-)?(?:xs|sm|phone|tablet|mobile|desktop)(?:-down|-up)?"
    r"|visible-(?:xs|sm|md|lg|phone|tablet|desktop)(?:-[a-z-]{5,12})?"
    r"|(?:mobile|desktop|phone)-(?:only|hidden|hide)|(?:\w{1,20}-)?sidebar\d?"
)
HALF = 0.5
# So many are looked at.
FAR = 50


def place(
    body: Element, title: str, mark: Mark, found: list[Block] | None = None
) -> dict[str, str]:
    """Put the marks of top, middle, end and share into the tree; what was skipped, and why.

    `found` are the body's blocks, if they are known. The reasons: `too_short`, `no_paragraphs`
    (nowhere do two paragraphs meet near the middle).
    """
    span, middle = _halved(body, title, found)
    if not span.found:
        return _around(body, mark)
    first, last = _in_column(span, _beside(body))
    least = middle if isinstance(middle, int) else first
    while last - 1 > least and _introduces(span.found[last - 1]):
        last -= 1
    if (before := _before_boxes(body, span, last)) > least:
        last = before
    _boundary(body, span, last, behind=True)(mark("end"), mark("share"))
    if isinstance(middle, int):
        _boundary(body, span, middle)(mark("middle"))
    _boundary(body, span, first)(mark("top"))
    return {} if isinstance(middle, int) else {"middle": middle}


def _halved(body: Element, title: str, found: list[Block] | None) -> tuple[Extent, int | str]:
    """The text and its middle, or why there is none.

    Where there is none a text's paragraphs may be lines; and a short one keeps what it closes with,
    or the pictures above it.
    """
    span = extent(body, title, found)
    middle = _middle(span)
    if isinstance(middle, int) or not span.found:
        return span, middle
    part(body)
    both = (span, extent(body, title, lines=True))
    closed = [replace(each, end=each.stop) for each in both]
    pictured = [replace(each, start=_above(each)) for each in both]
    for room, tried in ((ROOM, (both[1], *closed)), (LITTLE, (*both, *pictured))):
        for other in tried:
            if isinstance(half := _middle(other, room), int):
                return other, half
    return span, middle


def _above(span: Extent) -> int:
    """Where the pictures right above the text begin."""
    above = reversed(span.found[: span.start])
    return span.start - len(list(takewhile(lambda block: block.kind == "media", above)))


def _around(body: Element, mark: Mark) -> dict[str, str]:
    body.insert(0, mark("top"))
    body.extend([mark("end"), mark("share")])
    return {"middle": "too_short"}


def _beside(body: Element) -> set[Element]:
    """What stands beside the text, or is not seen on every screen."""
    found = [e for e in tree.select(body, f"{_BESIDE}, {_SLIDES}") if _is_beside(e)][:FAR]
    whole = len(body.text) if found else 0
    return {e for e in found if len(e.text) < HALF * whole}


def _is_beside(element: Element) -> bool:
    return element.tag in ("aside", "nav") or slides(element) or _sometimes(element)


def _sometimes(element: Element) -> bool:
    return any(map(_SOMETIMES.fullmatch, tree.get(element, "class").split()))


def _in_column(span: Extent, beside: set[Element]) -> tuple[int, int]:
    """The text's first and last boundary, within its column where little stands outside of it."""
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


def _before_boxes(body: Element, span: Extent, index: int) -> int:
    """Before the boxes that go on behind boundary `index` and begin with but a label or a picture.

    What readers are asked, a testimonial, who wrote it: the slot would part its head from it.
    """
    after = span.found[index].first if 0 < index < len(span.found) else body
    around = list(tree.ancestors(span.found[index - 1].last))
    box = next((a for a in tree.ancestors(after) if a in around), body)
    if tree.within(span.column, box):
        return index
    own = list(takewhile(lambda b: tree.within(b.first, box), reversed(span.found[:index])))
    return _before_boxes(body, span, index - len(own)) if _weight(own) < LABEL else index


def _weight(found: list[Block]) -> int:
    return sum(block.weight for block in found)


def _middle(span: Extent, room: int = ROOM) -> int | str:
    """The boundary between two blocks nearest to half of the text, or why there is none.

    Two paragraphs far from top and end are the best; any other two blocks are better than none, and
    so is one off the middle with `room` before and behind it.
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
    """Before each block: how far half of the text is, how much stands on the side with less."""
    total, passed, pictures = _weight(text), 0, 0
    for block in text:
        yield abs(passed / max(1, total) - 0.5), min(passed + pictures, total - passed)
        passed += block.weight
        pictures += ROOM * (block.kind == "media")


def _paragraphs(found: list[Block], index: int) -> bool:
    """Whether two paragraphs meet here; a heading belongs to what follows it."""
    before, after = found[index - 1], found[index]
    meet = before.kind == "paragraph" and after.kind in ("paragraph", "heading")
    button = after.kind == "paragraph" and after.link_density > LINKED
    return meet and not button and not _announces(before)


def _blocks(found: list[Block], index: int) -> bool:
    """Whether the block before can stand alone: a heading cannot."""
    return not _announces(found[index - 1])


def _announces(block: Block) -> bool:
    """Whether a block belongs to what follows it: a few words, or a question in bold."""
    return label(block) or _introduces(block) or _is_bold(block)


def _is_bold(block: Block) -> bool:
    if block.kind != "paragraph" or block.weight > QUESTION or not isinstance(block.first, Element):
        return False
    bold = tree.elements(block.first, "b", "strong")
    return sum(weigh(each.text) for each in bold) >= block.weight


def _introduces(block: Block) -> bool:
    """Whether a block says what the next one will be: a heading, or words before a colon."""
    colon = block.kind == "paragraph" and block.text.rstrip().endswith((":", "\uff1a"))
    return colon or block.kind == "heading"


def _not_headed(found: list[Block], index: int) -> bool:
    return found[index - 1].kind != "heading"


_MEETS: Final = (_paragraphs, _blocks, _not_headed)


def _boundary(
    body: Element, span: Extent, index: int, *, behind: bool = False
) -> Callable[..., None]:
    """How to insert before block `index`, as far out as possible but within the text's column.

    What has no text, as icons to share, follows it if it stands `behind` the block before.
    """
    found, column = span.found, span.column
    inside = [tree.within(block.first, column) for block in found]
    if index == len(found) or (index > 0 and inside[index - 1] and not inside[index]):
        last = found[index - 1].last
        return _child_of(column if inside[index - 1] else body, last).insert_after
    first = found[index].first
    if index == 0 or (inside[index] and not inside[index - 1]):
        return _child_of(column if inside[index] else body, first).insert_before
    around = [body, *tree.ancestors(found[index - 1].last)]
    shared = next(a for a in tree.ancestors(first) if a in around)
    if behind and not any(a.tag in ("p", "pre") for a in (shared, *tree.ancestors(shared))):
        return _child_of(shared, found[index - 1].last).insert_after
    return _opened(_child_of(shared, first)).insert_before


def _opened(node: Node) -> Node:
    """What begins with `node` and stands in no `<p>` or `<pre>`: one around it is made two.

    No parser leaves a slot inside of a paragraph.
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
    """Take away the line breaks before a node: the slot parts what they parted."""
    above = tree.parent(node)
    before = tree.children(above)[: tree.children(above).index(node)] if above is not None else []
    tree.remove(takewhile(_blank, reversed(before)))


def _blank(node: Node) -> bool:
    if isinstance(node, Text):
        return node.data.isspace()
    return isinstance(node, Element) and node.tag == "br"


def _child_of(container: Element, node: Node) -> Node:
    """The child of `container` that is or holds `node`."""
    child = node
    while (above := tree.parent(child)) is not None and above != container:
        child = above
    return child
