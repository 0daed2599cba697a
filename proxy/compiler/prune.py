"""What stands in an article's body and is not the article: for `reader`, which shows it alone.

`full` keeps all of it. What is taken away is bounded (`MOST`), for a wrong guess costs text.
"""

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks, text_of
from proxy.compiler.extent import extent
from proxy.compiler.furniture import captions, hidden, leads_away, named
from proxy.compiler.lines import weigh
from proxy.compiler.tree import Element

# So much of the body may go in all, and so much by one guess.
MOST = 0.5
ONE = 0.3


class _Pruner:
    """Takes elements away as long as enough of the body stays."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.total = max(1, weigh(text_of(body)))
        self.gone = 0

    def drop(self, element: Element) -> None:
        """Take one away, unless it is too large to be a guess or already out."""
        weight = weigh(text_of(element))
        fits = weight <= ONE * self.total and self.gone + weight <= MOST * self.total
        if fits and tree.within(element, self.body) and element != self.body:
            self.gone += weight
            element.extract()

    def drop_block(self, block: Block) -> None:
        """Take away a block that is one element, or all that its element holds."""
        element = block.first if block.first == block.last else tree.parent(block.first)
        if not isinstance(element, Element):
            element = tree.parent(block.first)
        if element is not None and weigh(text_of(element)) <= block.weight:
            self.drop(element)


def prune(body: Element, title: str = "", author: str = "") -> None:
    """Take related links, buttons to share, lines about the page and hidden parts out of a body."""
    pruner = _Pruner(body)
    for step in (_hidden, _named, _lists, _away):
        step(pruner)
    span = extent(body, title, author, columns=True)
    for block in [*span.found[: span.start], *reversed(span.found[span.stop :])]:
        if block.kind != "media" and not _captions(block):
            pruner.drop_block(block)


def _captions(block: Block) -> bool:
    """Whether it stands below a picture, which stays."""
    return isinstance(block.first, Element) and captions(block.first)


def _hidden(pruner: _Pruner) -> None:
    for element in tree.elements(pruner.body):
        if hidden(element):
            pruner.drop(element)


def _named(pruner: _Pruner) -> None:
    for element in tree.elements(pruner.body):
        if named(element):
            pruner.drop(element)


def _lists(pruner: _Pruner) -> None:
    """Lists of nothing but links, with the heading that they stand under."""
    for element in tree.elements(pruner.body, "ul", "ol"):
        items = [item for item in tree.child_elements(element) if item.tag == "li"]
        if len(items) < 2 or not all(_leads(item) for item in items):
            continue
        before = _before(element)
        pruner.drop(element)
        if before is not None and before.tag in ("h2", "h3", "h4", "h5", "h6"):
            pruner.drop(before)


def _leads(item: Element) -> bool:
    """Whether an item is a link away from the page and nothing else."""
    links = [a for a in tree.elements(item, "a") if not tree.get(a, "href").startswith("#")]
    linked = sum(weigh(a.text) for a in links)
    return bool(links) and linked >= 0.85 * weigh(item.text)


def _before(element: Element) -> Element | None:
    above = tree.parent(element)
    siblings = tree.child_elements(above) if above is not None else []
    at = next((i for i, each in enumerate(siblings) if each == element), 0)
    return siblings[at - 1] if at else None


def _away(pruner: _Pruner) -> None:
    for block in blocks(pruner.body, columns=True):
        heading = block.kind == "heading" and block.weight < 60
        if (heading or block.link_density > 0.5 or block.weight < 30) and leads_away(block.text):
            pruner.drop_block(block)
