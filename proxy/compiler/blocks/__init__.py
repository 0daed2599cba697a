"""The blocks below an element: paragraphs, headings, lists, pictures, in reading order.

`lines` weighs texts; a `nest` has the elements around blocks; `furniture` has the class names and
words of what sites put around a text.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from proxy.compiler import tree
from proxy.compiler.blocks.lines import is_prose, weigh, weigh_line
from proxy.compiler.tree import Element, Node, Text

Kind = Literal["paragraph", "heading", "media", "other"]

# Never entered: a slot goes before or after them, not inside. Except for a `<p>` in which line
# breaks separate paragraphs: `place` splits it in two at the slot.
ATOMIC: Final = tree.names(
    """
    p h1 h2 h3 h4 h5 h6 ul ol dl menu table blockquote figure pre code details address picture img
    video audio svg math hr hgroup figcaption caption button label a ruby amp-carousel
    """
)
_INLINE: Final = tree.names("code a img svg math ruby label button picture")
_BLOCKISH: Final = (ATOMIC - _INLINE) | tree.names(
    "div section article main header footer center aside nav tbody thead tfoot tr td th"
)
_ALONE: Final = _BLOCKISH | {"img", "picture"}
# Entered where double line breaks separate their content: older pages put a whole text into one.
_PARTED: Final = tree.names("font span")
_TABLE_PARTS: Final = tree.names("tbody thead tfoot tr td th")
LONG_CELL: Final = 500
_MEDIA: Final = tree.names("img picture video audio figure svg")
_INVISIBLE: Final = tree.names("style script link meta template title")
_LINKS: Final = tree.names("a")
_HEADINGS: Final = tree.names("h1 h2 h3 h4 h5 h6 hgroup")
_PARAGRAPHS: Final = tree.names("p div section")


class Block(NamedTuple):
    """One block: its first and last node (the same for an element), and its content.

    `weight` is the length of its text as people see it (see `weigh`: a Chinese character counts
    two); `linked` is the weight of the link text in it.
    """

    first: Node
    last: Node
    kind: Kind
    text: str
    weight: int
    linked: int

    @property
    def element(self) -> Element | None:
        """The element that it is, or in which its text stands."""
        return self.first if isinstance(self.first, Element) else tree.parent(self.first)

    @property
    def link_density(self) -> float:
        """How much of the text is link text, 0 to 1."""
        return self.linked / max(1, self.weight)


def blocks(container: Element, *, columns: bool = False) -> list[Block]:
    """The blocks below `container` that show text or a picture.

    `columns`: enter tables that only lay out the page; not for placing slots, as none fits between
    cells.
    """
    walk = Walk(container, columns=columns)
    walk.below(container)
    return walk.found


class Walk:
    """Collects blocks in one pass over the tree.

    A page has thousands of elements: which of them contain something rare is found out beforehand,
    for all at once.
    """

    def __init__(self, container: Element, *, columns: bool) -> None:
        self.columns = columns
        self.found: list[Block] = []
        # The blocks in `found` of each element that was entered.
        self.entered: dict[Element, slice] = {}
        self._holders, self._unseen, self._pictured, self._linking = (
            _around(container, container.iter_elements(tags))
            for tags in (_BLOCKISH, _INVISIBLE, _MEDIA, _LINKS)
        )
        breaks = Counter(each.parent for each in container.iter_elements(("br",)))
        self._breaking = {node for node, times in breaks.items() if times > 1}

    def below(self, container: Element) -> None:
        """Add the blocks of an element: its block elements, and runs of inline content."""
        first = len(self.found)
        run: list[Node] = []
        breaks = 0
        for node in container.children:
            element = node if isinstance(node, Element) else None
            if element is not None and (tag := element.tag) == "br":
                breaks += 1
                # On older pages two line breaks in a row end a paragraph.
                if breaks > 1:
                    run = self._end(run)
            elif element is not None and self._stands_alone(element, tag):
                run = self._end(run)
                self._alone(element, tag)
            elif self._shows(node):
                breaks = 0
                run.append(node)
        self._end(run)
        self.entered[container] = slice(first, len(self.found))

    def _stands_alone(self, element: Element, tag: str) -> bool:
        if tag in _ALONE or element in self._holders:
            return True
        return tag in _PARTED and self._parted(element)

    def _parted(self, element: Element) -> bool:
        """Whether line breaks separate paragraphs in an element, or in a font or span in it."""
        if not self._breaking:
            return False
        inner = (child for child in tree.child_elements(element) if child.tag in _PARTED)
        return self._breaks_lines(element) or any(map(self._breaks_lines, inner))

    def _breaks_lines(self, element: Element) -> bool:
        """Whether an element's children contain two line breaks in a row."""
        if element not in self._breaking:
            return False
        breaks = 0
        for node in element.children:
            if isinstance(node, Element) and node.tag == "br":
                breaks += 1
                if breaks == 2:
                    return True
            elif not (isinstance(node, Text) and node.data.isspace()):
                breaks = 0
        return False

    def _alone(self, element: Element, tag: str) -> None:
        if tag in ATOMIC:
            atomic = tag != "p" or not self._parted(element)
        else:
            atomic = element not in self._holders and not self._is_broken(element, tag)
        if atomic and not (self.columns and _lays_out(element)):
            text = " ".join(self._text(element).split())
            self._add([element], self._kind(element, text), text)
        else:
            self.below(element)

    def _is_broken(self, element: Element, tag: str) -> bool:
        return self._breaks_lines(element) or (tag in _PARTED and self._parted(element))

    def _end(self, run: list[Node]) -> list[Node]:
        """Add the run's block unless it is empty; return the next run."""
        if not run:
            return run
        text = " ".join("".join(map(self._text, run)).split())
        self._add(run, "paragraph" if text else "media", text)
        return []

    def _add(self, nodes: list[Node], kind: Kind, text: str) -> None:
        if text or kind == "media":
            links = [link for node in nodes for link in self._links(node)]
            linked = weigh("".join(map(self._text, links))) if links else 0
            self.found.append(Block(nodes[0], nodes[-1], kind, text, weigh_line(text), linked))

    def _kind(self, element: Element, text: str) -> Kind:
        tag = element.tag
        if tag in _HEADINGS:
            return "paragraph" if is_prose(text) else "heading"
        if tag in _MEDIA or (not text and element in self._pictured):
            return "media"
        return "paragraph" if tag in _PARAGRAPHS else "other"

    def _shows(self, node: Node) -> bool:
        if isinstance(node, Text):
            return not node.data.isspace()
        if not isinstance(node, Element):
            return False
        pictures = node.tag in _MEDIA or node in self._pictured
        return pictures or bool(self._text(node).strip())

    def _links(self, node: Node) -> list[Element]:
        if isinstance(node, Element) and node.tag == "a":
            return [node]
        return tree.elements(node, "a") if node in self._linking else []

    def _text(self, node: Node) -> str:
        """As `text_of`, but faster: that searches each element for invisible ones."""
        if isinstance(node, Element) and node not in self._unseen and node.tag not in _INVISIBLE:
            return node.text
        return text_of(node)


def _around(container: Element, elements: Iterable[Element]) -> set[Node]:
    """`container` and all elements in it that contain one of these elements."""
    found: set[Node] = {container}
    for element in elements:
        above = element.parent
        while above is not None and above not in found:
            found.add(above)
            above = above.parent
    return found


def _lays_out(element: Element) -> bool:
    """Whether a table lays out the page: it contains tables, or a cell as long as a text."""
    if element.tag != "table":
        return element.tag in _TABLE_PARTS
    return bool(tree.elements(element, "table")) or any(
        weigh(cell.text) > LONG_CELL for cell in tree.elements(element, "td")
    )


def text_of(node: Node) -> str:
    """The text of a node that a reader sees, so without style sheets."""
    if isinstance(node, Text):
        return node.data
    if not isinstance(node, Element) or node.tag in _INVISIBLE:
        return ""
    if next(iter(node.iter_elements(_INVISIBLE)), None) is None:
        return node.text
    return "".join(text_of(child) for child in node.children)
