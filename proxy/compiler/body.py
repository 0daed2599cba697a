"""Where the article stands in its page, and whether we are sure of it.

Opinions, the cheap ones first: selectors of known systems, what the page declares (itemprop), the
engine's main content, our own density. Where they differ, readability-lxml is asked (38 ms).
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block, blocks
from proxy.compiler.facts.visible import same_title
from proxy.compiler.lines import weigh
from proxy.compiler.second import opinion
from proxy.compiler.tree import Document, Element

# In the order of trust.
KNOWN = (
    "#js_content",
    "[itemprop=articleBody]",
    "#endText",
    "#artibody",
    "#article_content",
    "#articleContent",
    "#Cnt-Main-Article-QQ",
    "#mw-content-text",
    ".rm_txt_con",
    ".article-content",
    ".article__content",
    ".article-body",
    ".article__body",
    ".articleBody",
    ".article-text",
    ".story-body",
    ".entry-content",
    ".post-content",
    ".post-body",
    ".post_content",
    ".post__content",
    ".single-content",
    ".td-post-content",
    ".TRS_Editor",
    ".main-content-article",
    "#main-content article",
    "article",
)
# Read at the start of a class or id: "gallery__item__comment" is an article's own.
_JUNK = re.compile(
    r"(?:^|\s)(?:js[-_]|m[-_]|c[-_]|widget[-_]|block[-_])?"
    r"(?:comment|disqus|respond|repl(?:y|ies)\b|sidebar|related|recommend|newsletter|footer"
    r"|masthead|breadcrumb|cookie|consent|share|social|popular|trending|promo|signup|subscribe)",
    re.IGNORECASE,
)
_TALK = re.compile(r"(?:^|[\s_-])(?:comments|commentlist|disqus\w*)(?:$|[\s_-])", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?。！？;；]")
_JUNK_TAGS = frozenset({"nav", "aside", "footer"})
# Lengths count as `weigh` does: about 70 Chinese characters, or two English lines.
MIN_ARTICLE = 140
MIN_PARAGRAPH = 50
AGREE = 0.65
# So much of the text makes a cell the page, so much one with the title in it.
MOST_CELL = 0.7
CELL = 0.5
# A column with so much of a page of so much text is all that the page has to say.
ALONE = 0.85
PLENTY = 3_000
# A head with the title holds less of the text than this; a chapter has so much before it.
HEAD = 0.1
BEGUN = 400
# So much of two opinions is compared: enough to tell, and never minutes.
MAX_OPINION = 100_000
MAX_SENTENCES = 2_000
# An element with less of the page's text than this may be a sidebar or comments.
JUNK_SHARE = 0.4
_INLINE = tree.names("span font b strong em i")
# Readers may say more than the article does, if that is as long as this part of the page.
LEFT = 0.2
LEFT_LENGTH = 1_000
_CLOSED = ATOMIC - {"table"} | tree.names("li")
# An inline element with these in it is laid out as a block around them.
_FILLS = ("div", "p", "table")
_ROWS = tree.names("table tbody thead tfoot tr")
_ENDS = tree.names("p ul ol dl blockquote figure pre h1 h2 h3 h4 h5 h6 li")


@dataclass(frozen=True)
class Body:
    """The element that holds the article; `sure` if slots may be placed in it, else why not."""

    element: Element
    sure: bool
    weight: int
    pictures: int
    doubt: str = ""


def find(document: Document, page_body: Element, markup: str, title: str = "") -> Body | None:
    """The article's body, None if the page has next to no text outside of links."""
    mass = _Mass(page_body, title)
    if known := _known(document, mass):
        return _body(known, mass, sure=True)
    candidates = [
        c for c in (tree.main_content(document), mass.densest(page_body)) if c is not None
    ]
    if not candidates or mass.total < MIN_ARTICLE:
        return None
    best = max(candidates, key=mass.of)
    if len(candidates) == 2 and _overlap(candidates[0], candidates[1], mass) >= AGREE:
        return _body(min(candidates, key=lambda c: len(tree.elements(c))), mass, sure=True)
    headed = mass.around_title()
    if whole := _begun(candidates, headed, mass):
        return _body(whole, mass, sure=True)
    if headed is None:
        return _second(best, candidates, mass, markup)
    if agreed := _agreed(candidates, headed, mass):
        return _body(agreed, mass, sure=True)
    return _second(best, [*candidates, headed], mass, markup)


def _begun(candidates: list[Element], headed: Element | None, mass: "_Mass") -> Element | None:
    """The larger of two candidates where the smaller begins in the midst of it, as a chapter does.

    That tells only where the title stands in a head of its own: else what is before is the site's.
    """
    small, large = min(candidates, key=mass.of), max(candidates, key=mass.of)
    apart = headed is None or not mass.titled(large) or mass.of(headed) < HEAD * mass.total
    begun = apart and mass.alone(large) and tree.within(small, large)
    return large if begun and mass.before(small, large) >= BEGUN else None


def _agreed(candidates: list[Element], headed: Element, mass: "_Mass") -> Element | None:
    """The candidate that holds most of what stands under the page's title, or what it shares."""
    best = max(candidates, key=lambda c: _overlap(c, headed, mass))
    if headed.tag in ("html", "body") or _overlap(best, headed, mass) < AGREE:
        return None
    return headed if tree.within(headed, best) else best


def _second(best: Element, candidates: list[Element], mass: "_Mass", markup: str) -> Body:
    text = opinion(markup)
    scored = [(mass.agreement(c, text), c) for c in candidates]
    score, element = max(scored, key=lambda pair: pair[0], default=(0.0, best))
    if score >= AGREE:
        return _body(element, mass, sure=True)
    alone = mass.alone(best)
    return _body(best, mass, sure=alone, doubt="" if alone else "uncertain_body")


def _body(element: Element, mass: "_Mass", *, sure: bool, doubt: str = "") -> Body:
    pictures = len(tree.elements(element, "img"))
    element = _column(_cell(element, mass))
    return Body(element, sure, mass.of(element), pictures, doubt)


def _cell(element: Element, mass: "_Mass") -> Element:
    """The innermost cell that holds most of the text: older pages lay out columns in tables."""
    whole = mass.of(element)
    cells = [c for c in tree.elements(element, "td") if mass.of(c) >= CELL * whole > 0]
    held = [c for c in cells if mass.of(c) >= MOST_CELL * whole or mass.titled(c)]
    return _cell(held[-1], mass) if held else element


def _column(element: Element) -> Element:
    """The nearest element around that is no row, list, quotation or the like: slots stand in it.

    A cell is left as it is: older pages lay out their columns in tables, some of them in a `<p>`.
    """
    column = element
    for around in [element, *tree.ancestors(element)]:
        if around.tag == "td":
            break
        inline = around.tag in _INLINE and not tree.elements(around, *_FILLS)
        if inline or around.tag in _CLOSED or (around == column and around.tag in _ROWS):
            column = tree.parent(around) or column
    return column


def _known(document: Document, mass: "_Mass") -> Element | None:
    for selector in KNOWN:
        found = tree.select(document, selector)
        best = max(found, key=mass.of, default=None)
        if best is not None and mass.of(best) >= max(MIN_ARTICLE, mass.total * 0.4):
            return best
        if best is not None and selector == "#js_content" and tree.elements(best, "img", "p"):
            return best
    # A stream of other articles may outweigh the one that stands under the page's title.
    titled = (e for e in tree.elements(document, "article") if mass.titled(e))
    return next((e for e in titled if mass.of(e) >= 2 * MIN_ARTICLE), None)


def _overlap(left: Element, right: Element, mass: "_Mass") -> float:
    """How much of the larger one's text the other holds too."""
    if tree.within(left, right) or tree.within(right, left):
        sizes = sorted((mass.of(left), mass.of(right)))
        return sizes[0] / max(1, sizes[1])
    return 0.0


class _Mass:
    """How much running text stands below each element of the page."""

    def __init__(self, page_body: Element, title: str) -> None:
        found = blocks(page_body, columns=True)
        self._titled = {e for b in found if same_title(b.text, title) for e in _around(b)}
        running = [(b, _around(b)) for b in found if _runs(b)]
        self._of = _weights(running)
        # What holds most of the page's text is no sidebar, whatever its class says.
        limit = self._of.get(page_body, 0) * JUNK_SHARE
        junk = {e for e, weight in self._of.items() if weight < limit and _junk(e)}
        junk |= self._talk(self._of.get(page_body, 0))
        kept = [pair for pair in running if junk.isdisjoint(pair[1])] if junk else running
        self._blocks = [block for block, _ in kept]
        if junk:
            self._of = _weights(kept)
        self.total = self._of.get(page_body, 0)

    def _talk(self, total: int) -> set[Element]:
        """What is named comments and leaves enough beside it to be an article."""
        left = max(LEFT_LENGTH, LEFT * total)
        return {e for e, weight in self._of.items() if total - weight >= left and _is_talk(e)}

    def of(self, element: Element) -> int:
        """The weight of the running text below an element."""
        return self._of.get(element, 0)

    def before(self, inner: Element, outer: Element) -> int:
        """The weight of what stands in `outer` before `inner` begins."""
        own = (block for block in self._blocks if tree.within(block.first, outer))
        return sum(b.weight for b in takewhile(lambda b: not tree.within(b.first, inner), own))

    def alone(self, element: Element) -> bool:
        """Whether a column is next to all that a page of much text has to say."""
        enough = self.total >= PLENTY and self.of(element) >= ALONE * self.total
        return enough and element.tag != "body"

    def titled(self, element: Element) -> bool:
        """Whether the page's title stands in an element."""
        return element in self._titled

    def around_title(self) -> Element | None:
        """The innermost element with the page's title and an article's text in it."""
        around = [e for e in self._titled if self.of(e) >= 2 * MIN_ARTICLE]
        least = min(map(self.of, around), default=0)
        alike = [e for e in around if self.of(e) == least]
        return max(alike, key=lambda e: len(list(e.ancestors)), default=None)

    def densest(self, top: Element) -> Element | None:
        """Down from `top`, as long as one child holds most of what there is."""
        element = top
        while True:
            children = [c for c in tree.child_elements(element) if self.of(c)]
            best = max(children, key=self.of, default=None)
            if best is None or self.of(best) < self.of(element) * 0.75 or best.tag in _ENDS:
                return element if self.of(element) else None
            element = best

    def agreement(self, element: Element, text: str) -> float:
        """F1 of the element's running text against another's opinion of the article."""
        packed = "".join(text[:MAX_OPINION].split())
        inside = [b for b in self._blocks if tree.within(b.first, element)]
        said = [s for b in inside for s in _sentences(b.text)][:MAX_SENTENCES]
        shared = sum(weigh(s) for s in said if s in packed)
        return 2 * shared / max(1, sum(map(weigh, said)) + weigh(packed))


def _weights(running: list[tuple[Block, list[Element]]]) -> dict[Element, int]:
    found: dict[Element, int] = {}
    for block, around in running:
        weight = block.weight
        for element in around:
            found[element] = found.get(element, 0) + weight
    return found


def _sentences(text: str) -> list[str]:
    return [packed for part in _SENTENCE.split(text) if (packed := "".join(part.split()))]


def _around(block: Block) -> list[Element]:
    own = [block.first] if isinstance(block.first, Element) else []
    return [*own, *tree.ancestors(block.first)]


def _runs(block: Block) -> bool:
    """Whether a block reads like an article's, not like a menu's."""
    return block.weight >= MIN_PARAGRAPH and block.link_density <= 0.5


def _junk(element: Element) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    named = f"{tree.get(element, 'id')} {tree.get(element, 'class')}"
    return element.tag in _JUNK_TAGS or _JUNK.search(named) is not None


def _is_talk(element: Element) -> bool:
    named = f"{tree.get(element, 'id')} {tree.get(element, 'class')}"
    return element.tag in ("div", "section", "ol", "ul") and _TALK.search(named) is not None
