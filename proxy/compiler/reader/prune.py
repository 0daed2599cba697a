"""Removes from a body what is not the article, for `reader`, which shows nothing else.

`full` keeps all of it. How much may go is bounded (`MOST`), since a wrong guess costs text.
"""

from collections.abc import Sequence
from itertools import chain, islice, pairwise, takewhile, zip_longest

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks, text_of
from proxy.compiler.blocks.furniture import (
    class_and_id,
    ends_sentence,
    has_accepted_answer,
    has_hiding_class,
    heads_contents,
    holds_comments,
    is_button,
    is_caption,
    is_furniture,
    is_gallery,
    is_hidden,
    leads_away,
)
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.body.mass import LEFT, LEFT_LENGTH
from proxy.compiler.extent import extent
from proxy.compiler.extent.closing import onward
from proxy.compiler.extent.seen import LABEL, LINKED
from proxy.compiler.extent.start import icons
from proxy.compiler.extent.teaser import leads_on
from proxy.compiler.reader.lead import LEAST as SUMMARY
from proxy.compiler.reader.recipe import alone
from proxy.compiler.scripted.unlazy import files
from proxy.compiler.tree import Element, Text

# The largest shares of the body that may go: in all, and by one guess.
MOST = 0.5
ONE = 0.3
# How many elements are weighed: they may be nested, and each may hold the whole page's text.
MOST_ASKED = 50
# What a body must have beside its hidden parts to be an article, as `weigh` counts.
HIDDEN_LEFT = 500
# As `weigh` counts: a list of one link leads away if it is as long as a headline.
HEADLINE = 40
# A page repeats its whole text if at least so many blocks, with this share of all, come again.
TWICE = 4
TWICE_PART = 0.2


class _Pruner:
    """Removes elements as long as enough of the body stays."""

    def __init__(self, body: Element, lines: Sequence[str]) -> None:
        self.body = body
        self.lines = lines
        self.total = max(1, weigh(text_of(body)))
        self.gone = 0

    def drop(self, element: Element) -> None:
        """Remove an element, unless it is too large for a guess, or already removed."""
        weight = weigh(text_of(element))
        fits = weight <= ONE * self.total and self.gone + weight <= MOST * self.total
        own = element == self.body or alone(element, self.body, self.lines)
        if fits and tree.within(element, self.body) and not own:
            self.gone += weight
            element.extract()

    def drop_block(self, block: Block) -> None:
        """Remove a block's element, if it holds nothing else."""
        element = block.element
        if element is not None and weigh(text_of(element)) <= block.weight:
            self.drop(element)


def prune(body: Element, title: str = "", lines: Sequence[str] = ()) -> None:
    """Remove related links, share buttons, lines about the page and hidden parts from a body.

    An element that is the only one with one of a recipe's folded `lines` stays.
    """
    _answers(body)
    _copies(body)
    _beside(body)
    for aside in tree.elements(body, "aside"):
        if alone(aside, body, lines):
            aside.tag = "div"
    pruner = _Pruner(body, lines)
    for step in (_hidden, _named, _lists, _away, _again):
        step(pruner)
    span = extent(body, title, columns=True)
    above = [block for block in span.found[: span.start] if not _sums_up(block)]
    pictures = takewhile(lambda block: block.kind == "media", span.found[span.start :])
    for block in filter(icons, chain(above, pictures)):
        pruner.drop_block(block)
    below = [*onward(span.found[span.end : span.stop]), *span.found[span.stop :]]
    for block in filter(leads_on, span.found[span.stop :]):
        pruner.drop_block(block)
    for block in [*above, *reversed(below)]:
        if not (block.kind == "media" or _captions(block) or _still(block) or _program(block)):
            pruner.drop_block(block)


def _sums_up(block: Block) -> bool:
    """Whether a block is a summary above the byline."""
    return block.kind == "paragraph" and block.weight >= SUMMARY and ends_sentence(block.text)


def _answers(body: Element) -> None:
    """Remove all answers to a question but the accepted one."""
    if has_accepted_answer(body):
        answers = tree.select(body, "[itemprop~=suggestedAnswer]")
        tree.remove(e for e in answers if "acceptedAnswer" not in tree.get(e, "itemprop").split())


def _copies(body: Element) -> None:
    """Remove the small copy of a picture that stands in its figure until a script loads it."""
    for one, other in pairwise(tree.elements(body, "img")):
        again = "srcset" not in one.attrs and not files(one).isdisjoint(files(other))
        if again and (figure := _figure(one)) is not None and figure == _figure(other):
            one.extract()


def _figure(picture: Element) -> Element | None:
    return next((above for above in tree.ancestors(picture) if above.tag == "figure"), None)


def _beside(body: Element) -> None:
    """Remove comments, hidden parts and the words of galleries, however long, if a text is left."""
    left = whole = weigh(text_of(body))
    beside = (e for e in tree.elements(body) if _is_beside(e) and tree.within(e, body))
    for element in islice(beside, MOST_ASKED):
        rest = left - weigh(text_of(element))
        if rest < max(HIDDEN_LEFT if is_hidden(element) else LEFT_LENGTH, LEFT * whole):
            continue
        left = rest
        if is_gallery(element):
            _hush(element)
        else:
            element.extract()


def _is_beside(element: Element) -> bool:
    return holds_comments(element) or is_hidden(element) or is_gallery(element)


def _hush(element: Element) -> None:
    """Remove the words of a gallery and leave its pictures."""
    for each in [element, *tree.elements(element)]:
        tree.remove(node for node in tree.children(each) if isinstance(node, Text))


def _captions(block: Block) -> bool:
    """Whether a block is a caption: its picture stays, so it does."""
    return isinstance(block.first, Element) and is_caption(block.first)


def _still(block: Block) -> bool:
    """Whether a block is a still (`stills`); with a quoted title or a profile it is the site's."""
    own = isinstance(block.first, Element) and "profile" in class_and_id(block.first)
    return block.text.startswith("▶ ") and block.text[2:3] not in "“„«" and not own


def _program(block: Block) -> bool:
    return isinstance(block.first, Element) and block.first.tag == "pre"


def _hidden(pruner: _Pruner) -> None:
    for element in tree.elements(pruner.body):
        if is_hidden(element) or has_hiding_class(element):
            pruner.drop(element)


def _named(pruner: _Pruner) -> None:
    for element in filter(is_furniture, tree.elements(pruner.body)):
        # Prism highlights code with the classes `tag` and `comment`.
        if not any(above.tag in ("pre", "code") for above in tree.ancestors(element)):
            pruner.drop(element)


def _again(pruner: _Pruner) -> None:
    """Remove repetitions: of pictures and captions in several sizes, or of most of the text.

    Some sites send a text twice, for wide and for narrow windows.
    """
    said: set[str] = set()
    again: list[Block] = []
    for block in blocks(pruner.body, columns=True):
        if block.weight >= HEADLINE and block.text in said:
            again.append(block)
        said.add(block.text)
    twice = {block.text: block.weight for block in again if block.kind != "media"}
    whole = len(twice) >= TWICE and sum(twice.values()) >= TWICE_PART * pruner.total
    for block in again:
        if whole or block.kind == "media" or _captions(block):
            pruner.drop_block(block)


def _lists(pruner: _Pruner) -> None:
    """Remove lists of nothing but links, with their heading, unless a line introduces them."""
    for element in tree.elements(pruner.body, "ul", "ol"):
        items = [item for item in tree.child_elements(element) if item.tag == "li"]
        if (
            not items
            or (len(items) < 2 and weigh(element.text) < HEADLINE)
            or not all(_leads(item) for item in items)
        ):
            continue
        before = _before(element)
        heading = before is not None and before.tag in ("h2", "h3", "h4", "h5", "h6")
        if before is not None and not heading and before.text.rstrip().endswith((":", "：")):
            continue
        pruner.drop(element)
        if before is not None and heading:
            pruner.drop(before)


def _leads(item: Element) -> bool:
    """Whether an item is only a link to another page."""
    links = [item] if item.tag == "a" else tree.elements(item, "a")
    links = [a for a in links if not tree.get(a, "href").startswith("#")]
    linked = sum(weigh(a.text) for a in links)
    return bool(links) and linked >= 0.85 * weigh(item.text)


def _before(element: Element) -> Element | None:
    above = tree.parent(element)
    siblings = tree.child_elements(above) if above is not None else []
    at = next((i for i, each in enumerate(siblings) if each == element), 0)
    return siblings[at - 1] if at else None


def _away(pruner: _Pruner) -> None:
    found = blocks(pruner.body, columns=True)
    for block, after in zip_longest(found, found[1:]):
        heading = block.kind == "heading" and block.weight < 60
        away = (heading or block.link_density > 0.5 or block.weight < 30) and leads_away(block.text)
        if away or _button(block) or _heads_nothing(block, after):
            pruner.drop_block(block)


def _heads_nothing(block: Block, after: Block | None) -> bool:
    """Whether a block heads a table of contents that is missing, or was removed for its class."""
    if not heads_contents(block.text):
        return False
    return after is None or (after.kind != "other" and after.link_density <= LINKED)


def _button(block: Block) -> bool:
    """Whether a block is a link to another page with a button's class: a call, no text."""
    if block.kind in ("heading", "media") or block.weight > LABEL or block.link_density <= LINKED:
        return False
    first = block.first
    inside = tree.child_elements(first)[:1] if isinstance(first, Element) else []
    around = [*inside, first, *islice(tree.ancestors(first), 2)]
    found = next((e for e in around if isinstance(e, Element) and is_button(e)), None)
    return found is not None and _leads(found)
