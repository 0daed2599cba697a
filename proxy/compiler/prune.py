"""What stands in an article's body and is not the article: for `reader`, which shows it alone.

`full` keeps all of it. What is taken away is bounded (`MOST`), for a wrong guess costs text.
"""

import re

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks, text_of, weigh
from proxy.compiler.tree import Element

# Read at the start of a class or id, or of a part of one.
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|recommend|recirc|shar(?:e|ing)(?:d|s|r|$|[\s_-])|addthis"
    r"|sociali?(?:z|$|[\s_-])"
    r"|newsletter|subscri|signup|sign-up|promo|advert|breadcrumb|disqus|respond|popular|trending"
    r"|most-?read|read-?more|also-like|tags?(?:$|[\s_-]list|s?-links)|tag-?list|toolbar|author-?(?:bio|box)"
    r"|pagination|pager|sr-only|screen-reader|visually-hidden|jp-relatedposts|sharedaddy|noprint"
    r"|comments(?:$|[\s_-])|comment-(?:list|form|respond|count|area)|editsection|navbox|mw-editsection)",
    re.IGNORECASE,
)
# An id may be a chapter's own words ("sharing-with-others"): only these are told by it.
_ASIDE_ID = re.compile(
    r"^(?:comments?|disqus\w*|respond|related\w*|jp-\w+|newsletter)$", re.IGNORECASE
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# How a line that leads away from the article begins.
_AWAY = re.compile(
    r"(?:read more|read also|see also|don.t miss|also:|you may also|more from|more:|watch:"
    r"|related(?:$|:| (?:articles?|stor(?:y|ies)|news|posts?|links?|content|topics?))"
    r"|share this|like this|click here to subscribe|advertisement|lire aussi|à lire aussi"
    r"|lee también|leggi anche|mehr zum thema|lesen sie auch|czytaj (?:też|także|więcej)"
    r"|читайте также|ссылки по теме|les også|lees ook|相关(?:阅读|新闻|链接|文章)|推荐阅读"
    r"|延伸阅读|延伸閱讀|更多>>|分享到|分享至)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^[(（\[［]?\s*(?:责任编辑|責任編輯|责编|编辑|文章来源|本文来源|来源|來源|by\s|posted\s|published|updated)",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|(?:19|20)\d\d年")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’」』)）]*\s*$")
_OWN = tree.names("blockquote figure picture pre code article main h1 html body")
# So much of the body may go in all, and so much by one guess.
MOST = 0.5
ONE = 0.3
RUNNING = 90
SHORT = 120


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


def prune(body: Element) -> None:
    """Take related links, buttons to share, lines about the page and hidden parts out of a body."""
    pruner = _Pruner(body)
    for step in (_hidden, _named, _lists, _away, _lead, _tail):
        step(pruner)


def _hidden(pruner: _Pruner) -> None:
    for element in tree.elements(pruner.body):
        if "hidden" in element.attrs or _NOT_SHOWN.search(tree.get(element, "style")):
            pruner.drop(element)


def _named(pruner: _Pruner) -> None:
    for element in tree.elements(pruner.body):
        if element.tag in _OWN:
            continue
        if _ASIDE.search(tree.get(element, "class")) or _ASIDE_ID.match(tree.get(element, "id")):
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
        if (heading or block.link_density > 0.5 or block.weight < 30) and _AWAY.match(block.text):
            pruner.drop_block(block)


def _lead(pruner: _Pruner) -> None:
    """Before the first paragraph: who wrote it, when, and buttons."""
    for block in blocks(pruner.body, columns=True):
        if _runs(block):
            return
        about = _ABOUT.match(block.text) or _DATED.search(block.text) or block.link_density > 0.6
        if block.kind in ("paragraph", "other") and block.weight < SHORT and about:
            pruner.drop_block(block)


def _tail(pruner: _Pruner) -> None:
    """After the last paragraph: links, buttons, editors, and headings that head nothing."""
    for block in reversed(blocks(pruner.body, columns=True)):
        if _runs(block) or (block.kind == "media" and not block.text):
            return
        # A short line that ends like a sentence is the author's last word.
        label = block.weight < 24 and not _SENTENCE.search(block.text)
        about = _ABOUT.match(block.text) or block.link_density > 0.6 or label
        if block.kind == "heading" or about:
            pruner.drop_block(block)


def _runs(block: Block) -> bool:
    return block.weight >= RUNNING and block.link_density <= 0.5
