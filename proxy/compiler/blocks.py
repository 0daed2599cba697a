"""The blocks of a stretch of page: paragraphs, headings, lists, pictures, in reading order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from proxy.compiler import tree
from proxy.compiler.tree import Element, Node, Text

Kind = Literal["paragraph", "heading", "media", "other"]

# Never entered: a slot stands before or after them, not inside.
ATOMIC: Final = tree.names(
    """
    p h1 h2 h3 h4 h5 h6 ul ol dl menu table blockquote figure pre code details address picture img
    video audio svg math hr hgroup figcaption caption button label a ruby
    """
)
_INLINE: Final = tree.names("code a img svg math ruby label button picture")
_BLOCKISH: Final = (ATOMIC - _INLINE) | tree.names(
    "div section article main header footer center aside nav tbody thead tfoot tr td th"
)
_TABLE_PARTS: Final = tree.names("tbody thead tfoot tr td th")
LONG_CELL: Final = 500
_MEDIA: Final = tree.names("img picture video audio figure svg")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff5e]")
_INVISIBLE: Final = tree.names("style script link meta template title")


@dataclass(frozen=True)
class Block:
    """One block: its first and last node (the same for an element), and what it holds."""

    first: Node
    last: Node
    kind: Kind
    text: str
    linked: int

    @property
    def weight(self) -> int:
        """Length as people see it: a Chinese character counts two."""
        return weigh(self.text)

    @property
    def link_density(self) -> float:
        """How much of the text is link text, 0 to 1."""
        return self.linked / max(1, weigh(self.text))


def weigh(text: str) -> int:
    """Length without white space; a Chinese, Japanese or Korean character counts two."""
    packed = "".join(text.split())
    return len(packed) if packed.isascii() else len(packed) + len(_CJK.findall(packed))


def blocks(container: Element, *, columns: bool = False) -> list[Block]:
    """The blocks below `container` that show text or a picture.

    With `columns`, tables that only lay out the page are entered; no slot could stand between
    their cells, so who places does not ask for it.
    """
    return [b for b in _walk(container, columns=columns) if b.text or b.kind == "media"]


def _walk(container: Element, *, columns: bool) -> Iterator[Block]:
    run: list[Node] = []
    breaks = 0
    for node in tree.children(container):
        if isinstance(node, Element) and _stands_alone(node):
            yield from _run(run)
            run = []
            atomic = _atomic(node) and not (columns and _lays_out(node))
            yield from [_of(node)] if atomic else _walk(node, columns=columns)
            continue
        breaks = _breaks(node, breaks)
        # Two line breaks in a row end a paragraph on older pages.
        if breaks >= 2 and run:
            yield from _run(run)
            run = []
        elif breaks == 0 or run:
            run.append(node)
    yield from _run(run)


def _lays_out(element: Element) -> bool:
    """Whether a table is a page's columns: tables inside, or a cell as long as a text."""
    if element.tag != "table":
        return element.tag in _TABLE_PARTS
    return bool(tree.elements(element, "table")) or any(
        weigh(cell.text) > LONG_CELL for cell in tree.elements(element, "td")
    )


def _breaks(node: Node, before: int) -> int:
    if isinstance(node, Element) and node.tag == "br":
        return before + 1
    blank = isinstance(node, Text) and not node.data.strip()
    return before if blank else 0


def _stands_alone(element: Element) -> bool:
    if element.tag in _BLOCKISH:
        return True
    return element.tag in ("img", "picture") or holds_blocks(element)


def _atomic(element: Element) -> bool:
    return element.tag in ATOMIC or not (
        holds_blocks(element) or any(True for _ in _line_ends(element))
    )


def _line_ends(element: Element) -> Iterator[Element]:
    breaks = 0
    for node in element.children:
        breaks = _breaks(node, breaks)
        if breaks >= 2 and isinstance(node, Element):
            yield node


def holds_blocks(element: Element) -> bool:
    """Whether block elements stand inside."""
    return next(iter(element.iter_elements(_BLOCKISH)), None) is not None


def _run(nodes: list[Node]) -> Iterator[Block]:
    shown = [node for node in nodes if _shows(node)]
    if shown:
        text = " ".join("".join(text_of(node) for node in shown).split())
        linked = sum(weigh(text_of(a)) for node in shown for a in _links(node))
        kind: Kind = "paragraph" if text else "media"
        yield Block(shown[0], shown[-1], kind, text, linked)


def _shows(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(node.data.strip())
    return isinstance(node, Element) and bool(text_of(node).strip() or _pictured(node))


def _of(element: Element) -> Block:
    text = " ".join(text_of(element).split())
    linked = sum(weigh(text_of(a)) for a in _links(element))
    return Block(element, element, _kind(element, text), text, linked)


def _kind(element: Element, text: str) -> Kind:
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "hgroup"):
        return "heading"
    if element.tag in _MEDIA or (not text and _pictured(element)):
        return "media"
    return "paragraph" if element.tag in ("p", "div", "section") else "other"


def _pictured(element: Element) -> bool:
    return element.tag in _MEDIA or next(iter(element.iter_elements(_MEDIA)), None) is not None


def _links(node: Node) -> list[Element]:
    if not isinstance(node, Element):
        return []
    return [node] if node.tag == "a" else tree.elements(node, "a")


def text_of(node: Node) -> str:
    """The text that a reader sees of a node, without style sheets."""
    if isinstance(node, Text):
        return node.data
    if not isinstance(node, Element) or node.tag in _INVISIBLE:
        return ""
    if next(iter(node.iter_elements(_INVISIBLE)), None) is None:
        return node.text
    return "".join(text_of(child) for child in node.children)
