"""Where the slots go: between blocks of the body, never inside one (look/README, section 4)."""

import re
from collections.abc import Callable

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks
from proxy.compiler.page import Gap
from proxy.compiler.tree import Element, Node

Mark = Callable[[Gap], Node]

_BYLINE = re.compile(
    r"byline|author|date|time|meta|info|source|share|social|tool|posted|publish|credit|kicker"
    r"|subtitle|standfirst|breadcrumb|category|tag|views|profile|rich_media_meta",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|^by\s|^作者|^来源|^文[｜|/]", re.IGNORECASE)
_AFTER = re.compile(
    r"related|recommend|share|social|tags?\b|comment|newsletter|copyright|pager", re.IGNORECASE
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SHORT = 120
# A middle slot stands this many blocks or more from top and end.
APART = 2
MIN_MIDDLE = 600
# It stands in the middle: no further from half of the text than this part of it.
OFF_MIDDLE = 0.3


def place(body: Element, title: str, mark: Mark) -> dict[str, str]:
    """Put the marks of top, middle, end and share into the tree; what was skipped, and why.

    The reasons: `too_short`, `no_paragraphs` (nowhere do two paragraphs meet near the middle).
    """
    found = [block for block in blocks(body) if not _hidden(block, body)]
    if not found:
        return _around(body, mark)
    start = _start(found, title)
    stop = max(_stop(found, body), start + 1)
    middle = _middle(found, start, stop)
    _boundary(body, found, stop)(mark("end"), mark("share"))
    if isinstance(middle, int):
        _boundary(body, found, middle)(mark("middle"))
    _boundary(body, found, start)(mark("top"))
    return {} if isinstance(middle, int) else {"middle": middle}


def _around(body: Element, mark: Mark) -> dict[str, str]:
    body.insert(0, mark("top"))
    body.extend([mark("end"), mark("share")])
    return {"middle": "too_short"}


def _start(found: list[Block], title: str) -> int:
    """The first block after title and byline."""
    start = 0
    for index, block in enumerate(found[: max(3, len(found) // 3)]):
        if _is_title(block, title):
            start = index + 1
    while start < len(found) - 1 and _is_byline(found[start]):
        start += 1
    return start


def _is_title(block: Block, title: str) -> bool:
    first = block.first
    if isinstance(first, Element) and first.tag == "h1":
        return True
    packed, whole = "".join(block.text.split()), "".join(title.split())
    return (
        bool(packed)
        and len(packed) >= 6
        and packed in (whole, whole[: len(packed)])
        and (len(packed) >= len(whole) * 0.6)
    )


def _is_byline(block: Block) -> bool:
    if block.kind not in ("paragraph", "other") or block.weight > SHORT:
        return False
    element = block.first if isinstance(block.first, Element) else tree.parent(block.first)
    named = "" if element is None else f"{tree.get(element, 'class')} {tree.get(element, 'id')}"
    return bool(_BYLINE.search(named) or _DATED.search(block.text)) or block.link_density > 0.8


def _stop(found: list[Block], body: Element) -> int:
    """One past the last block of the body proper."""
    stop = len(found)
    while stop > 1 and _is_after(found[stop - 1], body):
        stop -= 1
    return stop if stop > len(found) * 0.5 else len(found)


def _is_after(block: Block, body: Element) -> bool:
    """Tags, buttons and links that follow the text; a heading at the end is theirs."""
    if block.kind == "heading":
        return True
    if block.kind == "media" and not block.text:
        return False
    named = " ".join(f" {tree.get(e, 'class')} {tree.get(e, 'id')}" for e in _within(block, body))
    short = block.weight < SHORT and _AFTER.search(named) is not None
    return block.link_density > 0.6 or short


def _hidden(block: Block, body: Element) -> bool:
    """Whether the block stands where nobody sees it, nor would see a slot."""
    return any(
        "hidden" in e.attrs or _NOT_SHOWN.search(tree.get(e, "style")) for e in _within(block, body)
    )


def _within(block: Block, body: Element) -> list[Element]:
    """The block's element and those around it, up to the body."""
    around = [block.first] if isinstance(block.first, Element) else []
    for above in tree.ancestors(block.first):
        if above == body:
            break
        around.append(above)
    return around


def _middle(found: list[Block], start: int, stop: int) -> int | str:
    """The boundary between two paragraphs nearest to half of the text, or why there is none."""
    total = sum(block.weight for block in found[start:stop])
    if total < MIN_MIDDLE:
        return "too_short"
    best, nearest, passed = None, OFF_MIDDLE, 0
    for index in range(start, stop):
        if index >= start + APART and index <= stop - APART and _open(found, index):
            distance = abs(passed / total - 0.5)
            if distance < nearest:
                best, nearest = index, distance
        passed += found[index].weight
    return "no_paragraphs" if best is None else best


def _open(found: list[Block], index: int) -> bool:
    """Whether two paragraphs meet here; a heading belongs to what follows it."""
    before, after = found[index - 1], found[index]
    return before.kind == "paragraph" and after.kind in ("paragraph", "heading")


def _boundary(body: Element, found: list[Block], index: int) -> Callable[..., None]:
    """How to insert between the blocks before and after `index`, as far out as possible."""
    if index >= len(found):
        return _child_of(body, found[-1].last).insert_after
    node = found[index].first
    if index == 0:
        return _child_of(body, node).insert_before
    around = [body, *(a for a in tree.ancestors(found[index - 1].last))]
    above = next(a for a in tree.ancestors(node) if a in around)
    return _child_of(above, node).insert_before


def _child_of(container: Element, node: Node) -> Node:
    """The child of `container` that is or holds `node`."""
    child = node
    while (above := tree.parent(child)) is not None and above != container:
        child = above
    return child
