"""Where the article stands in its page, and whether we are sure of it.

Opinions, the cheap ones first: selectors of known systems, what the page declares (itemprop), the
engine's main content, our own density (`mass`). Elements that are an article each are `posts`.
Where opinions differ, `readability` is asked (38 ms).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block, blocks
from proxy.compiler.blocks.furniture import accepted
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.body.mass import MIN_ARTICLE, Mass
from proxy.compiler.body.posts import POSTS, is_other, titled
from proxy.compiler.body.readability import opinion
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
# As schema.org's `QAPage` has it; in its `FAQPage` each is answered, and an article may hold one.
_QUESTION = "[itemtype$='schema.org/Question' i]:not([itemtype$='schema.org/FAQPage' i] *)"
# All but those that hold more than a text.
_DECLARED = ", ".join([*KNOWN[:-2], POSTS])
AGREE = 0.65
# So much of the text makes a cell the page.
MOST_CELL = 0.7
# So much beside a part makes it a part, if it is so much of what stands around it.
MORE = 90
MOST_MORE = 0.7
# A head with the title holds less of the text than this; a chapter has so much before it.
HEAD = 0.1
BEGUN = 400
# So much may stand beside a text in what is declared to be all of an article.
BESIDE = 0.25
# So many that declare an article are looked through for one without paragraphs.
FEW = 8
# So much of a text makes what stands beside it, and is called as it is, another part of it; a
# shorter one is what a site adds to each.
PART = 0.4
# So much before a text, and of one name with it, opens it.
OPENED = 0.15
_INLINE = tree.names("span font b strong em i")
# An inline element with these in it is laid out as a block around them.
_FILLS = ("div", "p", "table")
_CLOSED = ATOMIC | tree.names("li tbody thead tfoot tr")


@dataclass(frozen=True)
class Body:
    """The element that holds the article; `sure` if slots may be placed in it, else why not.

    `found` are its blocks, if they are known: they hold until the tree changes.
    """

    element: Element
    sure: bool
    weight: int
    pictures: int
    doubt: str = ""
    found: list[Block] | None = None

    @property
    def blocks(self) -> list[Block]:
        """All its blocks, including those in tables that only lay out the page."""
        return blocks(self.element, columns=True) if self.found is None else self.found


def find(document: Document, page_body: Element, markup: str, title: str = "") -> Body | None:
    """The article's body, None if the page has next to no text outside of links."""
    mass = Mass(page_body, title)
    if known := _known(document, mass):
        return _body(_narrowed(known, document, mass), mass, sure=True)
    candidates = [
        c for c in (tree.main_content(document), mass.densest(page_body)) if c is not None
    ]
    if not candidates or mass.total < MIN_ARTICLE:
        return _short(document, mass)
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


def _short(document: Document, mass: Mass) -> Body | None:
    """What a page without paragraphs declares its text: verses, talk, a list, a few lines."""
    few = tree.select(document, _DECLARED)[:FEW]
    best = next((e for e in few if _said(e) >= MIN_ARTICLE), None)
    return _body(best, mass, sure=True) if best is not None else None


def _said(element: Element) -> int:
    return weigh(element.text) - sum(weigh(a.text) for a in tree.elements(element, "a"))


def _narrowed(known: Element, document: Document, mass: Mass) -> Element:
    """The text inside what a page declares, where density and the engine find the same one.

    Templates put what they offer beside it into their `<article>` too.
    """
    inner = mass.densest(known) or known
    beside = mass.of(known) - mass.of(inner)
    if not 0 < beside < BESIDE * mass.of(known) or 2 * mass.alike(inner, known) > beside:
        return known
    return inner if inner == tree.main_content(document) else known


def _begun(candidates: list[Element], headed: Element | None, mass: Mass) -> Element | None:
    """The larger of two candidates where the smaller begins in its midst, or stands in its head.

    That tells only where the title stands in a head of its own: else what is before is the site's.
    """
    small, large = min(candidates, key=mass.of), max(candidates, key=mass.of)
    apart = headed is None or not mass.titled(large) or mass.of(headed) < HEAD * mass.total
    if not apart or not tree.within(small, large):
        return None
    opens = headed is not None and tree.within(headed, large) and tree.within(small, headed)
    return large if opens or mass.before(small, large) >= BEGUN else None


def _agreed(candidates: list[Element], headed: Element, mass: Mass) -> Element | None:
    """The candidate that holds most of what stands under the page's title."""
    best = max(candidates, key=lambda c: _overlap(c, headed, mass))
    return best if _overlap(best, headed, mass) >= AGREE else None


def _second(best: Element, candidates: list[Element], mass: Mass, markup: str) -> Body:
    text = opinion(markup)
    scored = [(mass.agreement(c, text), c) for c in candidates]
    score, element = max(scored, key=lambda pair: pair[0], default=(0.0, best))
    if score >= AGREE:
        return _body(element, mass, sure=True)
    alone = mass.alone(best)
    return _body(best, mass, sure=alone, doubt="" if alone else "uncertain_body")


def _body(element: Element, mass: Mass, *, sure: bool, doubt: str = "") -> Body:
    pictures = len(tree.elements(element, "img"))
    element = _column(_cell(_whole(_parted(element, mass), mass), mass))
    return Body(element, sure, mass.of(element), pictures, doubt, mass.blocks_in(element))


def _parted(element: Element, mass: Mass) -> Element:
    """What is around an element that is one of several parts of a text, all of one name.

    The title stands before them: the posts of a stream have one each. What shares but one of its
    names is a part where it stands before the text.
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
    """Those that have a name in common with a part."""
    names = set(tree.get(part, "class").split())
    for each in others:
        if each.tag == part.tag and not names.isdisjoint(tree.get(each, "class").split()):
            yield each


def _whole(element: Element, mass: Mass) -> Element:
    """What is around an element, as long as little but more of the text stands beside it there.

    Sites part a text where it is folded or has to be paid for.
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
    """The innermost cell that holds most of the text: older pages lay out columns in tables."""
    whole = mass.of(element)
    cells = [c for c in tree.elements(element, "td") if mass.of(c) >= MOST_CELL * whole > 0]
    return _cell(cells[-1], mass) if cells else element


def _column(element: Element) -> Element:
    """The nearest element around that is no row, list, quotation or the like: slots stand in it.

    A cell is left as it is: older pages lay out their columns in tables, some of them in a `<p>`.
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
    """A question with the answer that was accepted, if it is the page's only one of these."""
    asked = [e for e in tree.select(document, _QUESTION)[:FEW] if accepted(e)]
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
    # A stream of other articles may outweigh the one that stands under the page's title.
    return titled(tree.select(document, POSTS), document, mass)


def _overlap(left: Element, right: Element, mass: Mass) -> float:
    """How much of the larger one's text the other holds too."""
    if tree.within(left, right) or tree.within(right, left):
        sizes = sorted((mass.of(left), mass.of(right)))
        return sizes[0] / max(1, sizes[1])
    return 0.0
