"""Finds the element that holds the article, and says whether that is sure.

Opinions, the cheap ones first: selectors of known publishing systems and of itemprop, the engine's
main content, our own density of text (`mass`). `posts` are elements that are an article each. Where
opinions differ, `readability` decides (38 ms).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block, blocks
from proxy.compiler.blocks.furniture import has_accepted_answer
from proxy.compiler.blocks.lines import weigh, weigh_links
from proxy.compiler.body.mass import MIN_ARTICLE, Mass
from proxy.compiler.body.posts import POSTS, is_other, titled
from proxy.compiler.body.readability import opinion
from proxy.compiler.tree import Document, Element

# The most trusted first.
_SELECTORS = """
    #js_content, [itemprop=articleBody], #endText, #artibody, #article_content, #articleContent,
    #Cnt-Main-Article-QQ, #mw-content-text, .rm_txt_con, .article-content, .article__content,
    .article-body, .article__body, .articleBody, .article-text, .story-body, .entry-content,
    .post-content, .post-body, .post_content, .post__content, .single-content, .td-post-content,
    .TRS_Editor, .main-content-article, #main-content article, article
"""
KNOWN = [selector.strip() for selector in _SELECTORS.split(",")]
# As schema.org's `QAPage` has it; in its `FAQPage` each is answered, and an article may hold one.
_QUESTION = "[itemtype$='schema.org/Question' i]:not([itemtype$='schema.org/FAQPage' i] *)"
# All but the last two, which may contain more than a text.
_DECLARED = ", ".join([*KNOWN[:-2], POSTS])
# Two opinions agree if they share so much of the text.
AGREE = 0.65
# A table cell with at least this share of the text is the whole article.
MOST_CELL = 0.7
# An element is a part of the text if at least MORE (as `weigh` counts) is beside it, and at least
# MOST_MORE of that in paragraphs.
MORE = 90
MOST_MORE = 0.7
# A head with the title holds less than this share of the page's text. A candidate with at least
# BEGUN of text before it, as `weigh` counts, begins in the midst of the article.
HEAD = 0.1
BEGUN = 400
# A declared article may hold up to this share of its text beside the text proper.
BESIDE = 0.25
# How many declared elements are considered.
FEW = 8
# Siblings of the same class are parts of the text if they weigh at least this share of it together;
# shorter ones are what a site adds to every article.
PART = 0.4
# Siblings before a text that share a class with it open it if they have this share of its weight.
OPENED = 0.15
_INLINE = tree.names("span font b strong em i")
# An inline element that contains one of these is laid out as a block.
_FILLS = ("div", "p", "table")
_CLOSED = ATOMIC | tree.names("li tbody thead tfoot tr")


@dataclass(frozen=True)
class Body:
    """The element that holds the article; `doubt` says why no slots may be placed in it, if so.

    `found` are its blocks, if they are known; valid until the tree changes.
    """

    element: Element
    doubt: str = ""
    found: list[Block] | None = None

    @property
    def sure(self) -> bool:
        """Whether slots may be placed in it."""
        return not self.doubt

    @property
    def blocks(self) -> list[Block]:
        """All its blocks, including those in tables that only lay out the page."""
        return blocks(self.element, columns=True) if self.found is None else self.found


def find(document: Document, page_body: Element, markup: str, title: str = "") -> Body | None:
    """The article's body; None if the page has next to no text outside of links."""
    mass = Mass(page_body, title)
    if known := _known(document, mass):
        return _body(_narrowed(known, document, mass), mass)
    candidates = [
        c for c in (tree.main_content(document), mass.densest(page_body)) if c is not None
    ]
    if not candidates or mass.total < MIN_ARTICLE:
        return _short(document, mass)
    best = max(candidates, key=mass.of)
    if len(candidates) == 2 and _overlap(candidates[0], candidates[1], mass) >= AGREE:
        return _body(min(candidates, key=lambda c: len(tree.elements(c))), mass)
    headed = mass.around_title()
    if whole := _begun(candidates, headed, mass):
        return _body(whole, mass)
    if headed is None:
        return _second(best, candidates, mass, markup)
    if agreed := _agreed(candidates, headed, mass):
        return _body(agreed, mass)
    return _second(best, [*candidates, headed], mass, markup)


def _short(document: Document, mass: Mass) -> Body | None:
    """The declared article of a page without paragraphs: verses, a dialogue, a list, few lines."""
    few = tree.select(document, _DECLARED)[:FEW]
    best = next((e for e in few if weigh(e.text) - weigh_links(e) >= MIN_ARTICLE), None)
    return _body(best, mass) if best is not None else None


def _narrowed(known: Element, document: Document, mass: Mass) -> Element:
    """The text inside a declared article, if density and the engine find the same element.

    Templates also put teasers and offers into their `<article>`.
    """
    inner = mass.densest(known) or known
    beside = mass.of(known) - mass.of(inner)
    if not 0 < beside < BESIDE * mass.of(known) or 2 * mass.alike(inner, known) > beside:
        return known
    return inner if inner == tree.main_content(document) else known


def _begun(candidates: list[Element], headed: Element | None, mass: Mass) -> Element | None:
    """The larger of two candidates if the smaller begins in its midst or lies in its head.

    This holds only if the title is in a head of its own: else the text before is the site's.
    """
    small, large = min(candidates, key=mass.of), max(candidates, key=mass.of)
    apart = headed is None or not mass.titled(large) or mass.of(headed) < HEAD * mass.total
    if not apart or not tree.within(small, large):
        return None
    opens = headed is not None and tree.within(headed, large) and tree.within(small, headed)
    return large if opens or mass.before(small, large) >= BEGUN else None


def _agreed(candidates: list[Element], headed: Element, mass: Mass) -> Element | None:
    """The candidate that shares most with the text under the page's title, if that is enough."""
    best = max(candidates, key=lambda c: _overlap(c, headed, mass))
    return best if _overlap(best, headed, mass) >= AGREE else None


def _second(best: Element, candidates: list[Element], mass: Mass, markup: str) -> Body:
    text = opinion(markup)
    scored = [(mass.agreement(c, text), c) for c in candidates]
    score, element = max(scored, key=lambda pair: pair[0], default=(0.0, best))
    if score >= AGREE:
        return _body(element, mass)
    return _body(best, mass, "" if mass.alone(best) else "uncertain_body")


def _body(element: Element, mass: Mass, doubt: str = "") -> Body:
    element = _column(_cell(_whole(_parted(element, mass), mass), mass))
    return Body(element, doubt, mass.blocks_in(element))


def _parted(element: Element, mass: Mass) -> Element:
    """The element around the parts of a text, if `element` is one of several with the same class.

    They must not contain the title, as the posts of a stream do. A sibling that shares only one
    class is a part if it comes before the text.
    """
    part, above = element, tree.parent(element)
    while above is not None and mass.of(above) - mass.of(element) < MORE:
        part, above = above, tree.parent(above)
    if above is None or above.tag == "body":
        return element
    beside = tree.child_elements(above)
    parts = [part, *(e for e in beside if _of_one_name(e, part))]
    whole = sum(map(mass.of, parts))
    apart = not any(map(mass.titled, parts)) and mass.of(above) - whole < BESIDE * whole
    if apart and whole >= (1 + PART) * mass.of(part):
        return above
    opened = sum(map(mass.of, _akin(beside[: beside.index(part)], part)))
    return above if not mass.titled(above) and opened >= OPENED * mass.of(part) else element


def _of_one_name(beside: Element, part: Element) -> bool:
    called = tree.get(part, "class")
    return beside != part and bool(called) and called == tree.get(beside, "class")


def _akin(others: list[Element], part: Element) -> Iterator[Element]:
    """The elements that share the tag and a class with a part."""
    names = set(tree.get(part, "class").split())
    for each in others:
        if each.tag == part.tag and not names.isdisjoint(tree.get(each, "class").split()):
            yield each


def _whole(element: Element, mass: Mass) -> Element:
    """The outermost element around, as long as what is beside it there is mostly more text.

    Sites split a text where it is folded or where a paywall begins.
    """
    above = tree.parent(element)
    while above is not None and mass.of(above) - mass.of(element) >= MORE:
        beside = [e for e in tree.child_elements(above) if e != element and e.tag in ("p", "span")]
        more = sum(map(mass.of, beside))
        if more < MOST_MORE * (mass.of(above) - mass.of(element)):
            break
        element, above = above, tree.parent(above)
    return element


def _cell(element: Element, mass: Mass) -> Element:
    """The innermost table cell with most of the text: older pages lay out columns in tables."""
    whole = mass.of(element)
    cells = [c for c in tree.elements(element, "td") if mass.of(c) >= MOST_CELL * whole > 0]
    return _cell(cells[-1], mass) if cells else element


def _column(element: Element) -> Element:
    """The nearest element around that may hold slots: no row, list, quotation or inline element.

    A cell stays as it is: older pages lay out their columns in tables, some inside a `<p>`.
    """
    column = element
    for around in [element, *tree.ancestors(element)]:
        if around.tag == "td":
            break
        inline = around.tag in _INLINE and not tree.elements(around, *_FILLS)
        if inline or around.tag in _CLOSED:
            column = tree.parent(around) or column
    return column


def _answered(document: Document) -> Element | None:
    """The page's only question with an accepted answer, if there is just one."""
    asked = [e for e in tree.select(document, _QUESTION)[:FEW] if has_accepted_answer(e)]
    return asked[0] if len(asked) == 1 else None


def _known(document: Document, mass: Mass) -> Element | None:
    if question := _answered(document):
        return question
    for selector in KNOWN:
        found = tree.select(document, selector)
        best = max(found, key=mass.of, default=None)
        if best is not None and mass.of(best) >= max(MIN_ARTICLE, mass.total * 0.4):
            other = selector == "article" and is_other(best)
            return (titled(found, document, mass) if other else None) or best
        if best is not None and selector == "#js_content" and tree.elements(best, "img", "p"):
            return best
    # A stream of other articles may outweigh the article under the page's title.
    return titled(tree.select(document, POSTS), document, mass)


def _overlap(left: Element, right: Element, mass: Mass) -> float:
    """The share of the larger element's text that is in the smaller one, too."""
    if tree.within(left, right) or tree.within(right, left):
        sizes = sorted((mass.of(left), mass.of(right)))
        return sizes[0] / max(1, sizes[1])
    return 0.0
