"""The blocks of a stretch of page: paragraphs, headings, lists, pictures, in reading order."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from proxy.compiler import tree
from proxy.compiler.lines import in_lines, opens_paragraph, weigh
from proxy.compiler.tree import Element, Node, Text

Kind = Literal["paragraph", "heading", "media", "other"]

# Never entered: a slot stands before or after them, not inside. A `<p>` whose paragraphs are parted
# by line breaks is entered, and who places a slot makes it two (`place`).
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
_ALONE: Final = _BLOCKISH | {"img", "picture"}
# Entered where two line breaks part what they hold: older pages write all of a text in one.
_PARTED: Final = tree.names("font span")
_TABLE_PARTS: Final = tree.names("tbody thead tfoot tr td th")
LONG_CELL: Final = 500
_MEDIA: Final = tree.names("img picture video audio figure svg")
_INVISIBLE: Final = tree.names("style script link meta template title")


@dataclass(frozen=True)
class Block:
    """One block: its first and last node (the same for an element), and what it holds."""

    first: Node
    last: Node
    kind: Kind
    text: str
    linked: int

    @cached_property
    def weight(self) -> int:
        """Length as people see it: a Chinese character counts two."""
        return weigh(self.text)

    @cached_property
    def link_density(self) -> float:
        """How much of the text is link text, 0 to 1."""
        return self.linked / max(1, self.weight)


def blocks(container: Element, *, columns: bool = False, lines: bool = False) -> list[Block]:
    """The blocks below `container` that show text or a picture.

    With `columns`, tables that only lay out the page are entered; no slot could stand between
    their cells, so who places does not ask for it. With `lines`, a text of whole sentences on each
    line has a paragraph on each (`lines`), and a `<pre>` of such is entered.
    """
    walk = _Walk(container, columns=columns, lines=lines)
    walk.below(container)
    return walk.found


class _Walk:
    """Collects blocks, in one pass over the tree."""

    def __init__(self, container: Element, *, columns: bool, lines: bool) -> None:
        self.columns, self.lines = columns, lines
        self.found: list[Block] = []
        self._holders = _holders(container)

    def below(self, container: Element) -> None:
        """The blocks of an element: its inline content in runs, and its block elements."""
        run: list[Node] = []
        breaks = 0
        enough = 1 if self.lines and in_lines(container) else 2
        for node in container.children:
            element = node if isinstance(node, Element) else None
            if element is not None and element.tag == "br":
                breaks += 1
                # Two line breaks in a row end a paragraph on older pages.
                if breaks >= enough:
                    self._end(run)
            elif element is not None and self._stands_alone(element):
                self._end(run)
                self._alone(element)
            elif _shows(node):
                breaks = 0
                if enough == 1 and isinstance(node, Text) and opens_paragraph(node.data):
                    self._end(run)
                run.append(node)
        self._end(run)

    def _stands_alone(self, element: Element) -> bool:
        if element.tag in _ALONE or element in self._holders:
            return True
        return element.tag in _PARTED and self._parted(element)

    def _parted(self, element: Element) -> bool:
        return _parted(element) or (self.lines and in_lines(element))

    def _alone(self, element: Element) -> None:
        if element.tag in ATOMIC:
            entered = element.tag == "p" or (self.lines and element.tag == "pre")
            atomic = not (entered and self._parted(element))
        else:
            inner = element.tag in _PARTED and self._parted(element)
            broken = inner or _breaks_lines(element) or (self.lines and in_lines(element))
            atomic = not (element in self._holders or broken)
        if atomic and not (self.columns and _lays_out(element)):
            self._add(_of(element))
        else:
            self.below(element)

    def _end(self, run: list[Node]) -> None:
        if run:
            text = " ".join("".join(map(text_of, run)).split())
            linked = sum(weigh(text_of(a)) for node in run for a in _links(node))
            self._add(Block(run[0], run[-1], "paragraph" if text else "media", text, linked))
            run.clear()

    def _add(self, block: Block) -> None:
        if block.text or block.kind == "media":
            self.found.append(block)


def _holders(container: Element) -> set[Node]:
    """The elements below `container` that hold block elements."""
    found: set[Node] = {container}
    for element in container.iter_elements(_BLOCKISH):
        above = element.parent
        while above is not None and above not in found:
            found.add(above)
            above = above.parent
    return found


def _lays_out(element: Element) -> bool:
    """Whether a table is a page's columns: tables inside, or a cell as long as a text."""
    if element.tag != "table":
        return element.tag in _TABLE_PARTS
    return bool(tree.elements(element, "table")) or any(
        weigh(cell.text) > LONG_CELL for cell in tree.elements(element, "td")
    )


def _parted(element: Element) -> bool:
    """Whether line breaks part what is in a `<p>`, or in the one font that fills it."""
    inner = (child for child in tree.child_elements(element) if child.tag in _PARTED)
    return _breaks_lines(element) or any(map(_breaks_lines, inner))


def _breaks_lines(element: Element) -> bool:
    """Whether two line breaks stand in a row among an element's children."""
    breaks = 0
    for node in element.children:
        if isinstance(node, Element) and node.tag == "br":
            breaks += 1
            if breaks == 2:
                return True
        elif not (isinstance(node, Text) and node.data.isspace()):
            breaks = 0
    return False


def _shows(node: Node) -> bool:
    if isinstance(node, Text):
        return not node.data.isspace()
    return isinstance(node, Element) and (bool(text_of(node).strip()) or _pictured(node))


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
