"""How much running text each element of a page holds, to compare opinions on its body."""

import re
from itertools import takewhile

from proxy.compiler import tree
from proxy.compiler.blocks import Block, Walk
from proxy.compiler.blocks.furniture import class_and_id, holds_comments
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.facts.visible import same_title
from proxy.compiler.tree import Element

# Matches at the start of a class or id: "gallery__item__comment" is an article's own.
_JUNK = re.compile(
    r"(?:^|\s)(?:comment|disqus|respond|repl(?:y|ies)\b|sidebar|related|recommend|newsletter|footer"
    r"|masthead|breadcrumb|cookie|consent|share|social|popular|trending|promo|signup|subscribe"
    r"|next-?(?:post|article|story))",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?。！？;；]")
_JUNK_TAGS = frozenset({"nav", "aside", "footer"})
# Lengths count as `weigh` does: about 70 Chinese characters, or two English lines.
MIN_ARTICLE = 140
MIN_PARAGRAPH = 50
# A column with this share of the text of a page with at least PLENTY of it is the whole page.
ALONE = 0.85
PLENTY = 1_500
# Only so much of two opinions is compared: enough to decide, and it never takes minutes.
MAX_OPINION = 100_000
MAX_SENTENCES = 2_000
# Only an element with less than this share of the page's text may be a sidebar or comments.
JUNK_SHARE = 0.4
# Comments may be longer than the article, if the rest is at least this share of the page.
LEFT = 0.05
LEFT_LENGTH = 1_000


class Mass:
    """The weight of the running text in each element of the page."""

    def __init__(self, page_body: Element, title: str) -> None:
        self._walk = Walk(page_body, columns=True)
        self._walk.below(page_body)
        found = self._walk.found
        titled = Nest(b for b in found if same_title(b.text, title))
        self._titled = titled.sums(())  # in document order, so that ties always end the same way
        self._blocks = [block for block in found if _runs(block)]
        nest = Nest(self._blocks)
        self._of = nest.sums((b, b.weight) for b in self._blocks)
        # An element with most of the page's text is no sidebar, whatever its class.
        limit = self._of.get(page_body, 0) * JUNK_SHARE
        junk = {e for e, weight in self._of.items() if weight < limit and _junk(e)}
        junk |= self._talk(self._of.get(page_body, 0))
        if junk:
            gone = nest.inside(junk.__contains__)
            self._blocks = [block for block in self._blocks if not gone(block)]
            self._of = nest.sums((b, b.weight) for b in self._blocks)
        self.total = self._of.get(page_body, 0)

    def blocks_in(self, element: Element) -> list[Block] | None:
        """The blocks of an element as `place` needs them; None if those here may differ."""
        part = self._walk.entered.get(element)
        if part is None or tree.elements(element, "table"):
            return None
        return self._walk.found[part]

    def _talk(self, total: int) -> set[Element]:
        """Elements named as comments that leave enough text beside them for an article."""
        left = max(LEFT_LENGTH, LEFT * total)
        return {e for e, weight in self._of.items() if total - weight >= left and holds_comments(e)}

    def of(self, element: Element) -> int:
        """The weight of the running text in an element."""
        return self._of.get(element, 0)

    def before(self, inner: Element, outer: Element) -> int:
        """The weight of the running text in `outer` before `inner`."""
        own = (block for block in self._blocks if tree.within(block.first, outer))
        return sum(b.weight for b in takewhile(lambda b: not tree.within(b.first, inner), own))

    def alike(self, part: Element, whole: Element) -> int:
        """The weight of the other elements in `whole` with the same tag and class as `part`."""
        called = tree.get(part, "class")
        same = [e for e in tree.elements(whole, part.tag) if called and e != part]
        apart = (e for e in same if tree.get(e, "class") == called and not tree.within(e, part))
        return sum(map(self.of, apart))

    def alone(self, element: Element) -> bool:
        """Whether an element holds nearly all text of a page with much text."""
        enough = self.total >= PLENTY and self.of(element) >= ALONE * self.total
        return enough and element.tag != "body"

    def titled(self, element: Element) -> bool:
        """Whether an element contains the page's title."""
        return element in self._titled

    def around_title(self) -> Element | None:
        """The innermost element that contains the page's title and as much text as an article."""
        around = [e for e in self._titled if self.of(e) >= 2 * MIN_ARTICLE]
        return min(reversed(around), key=self.of, default=None)

    def densest(self, top: Element) -> Element | None:
        """The innermost element, going down from `top` while one child holds most of the text."""
        element = top
        while True:
            children = [c for c in tree.child_elements(element) if self.of(c)]
            best = max(children, key=self.of, default=None)
            if best is None or self.of(best) < self.of(element) * 0.75:
                return element if self.of(element) else None
            element = best

    def agreement(self, element: Element, text: str) -> float:
        """F1 of the element's running text against another opinion on the article's text."""
        packed = "".join(text[:MAX_OPINION].split())
        inside = [b for b in self._blocks if tree.within(b.first, element)]
        sentences = [s for b in inside for s in _sentences(b.text)][:MAX_SENTENCES]
        shared = sum(weigh(s) for s in sentences if s in packed)
        return 2 * shared / max(1, sum(map(weigh, sentences)) + weigh(packed))


def _sentences(text: str) -> list[str]:
    return [packed for part in _SENTENCE.split(text) if (packed := "".join(part.split()))]


def _runs(block: Block) -> bool:
    """Whether a block reads like an article, not like a menu."""
    return block.weight >= MIN_PARAGRAPH and block.link_density <= 0.5


def _junk(element: Element) -> bool:
    return element.tag in _JUNK_TAGS or _JUNK.search(class_and_id(element)) is not None
