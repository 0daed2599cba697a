"""The summary between an article's title and its body, for `reader`: sites keep it apart."""

import re
from itertools import chain, islice, takewhile

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC
from proxy.compiler.blocks.furniture import byline_named, hidden, named, sentence
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.facts.visible import same_title
from proxy.compiler.tree import Element

# What newspapers call it in six languages, as a word of a class.
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lead-text|lede|teaser|teaser-text|intro|chapo|standfirst|excerpt|abstract"
    r"|preface|sommario|bajada|vorspann|perex|sub-?headline|subtitle|summary)(?:$|[\s_])",
    re.IGNORECASE,
)
_SAYS = tree.names("p div h2 h3")
_INSIDE = ATOMIC | {"div"}
# As `weigh` counts: a shorter one is a second headline.
LEAST, MOST = 110, 900
# So many that are called a summary are looked at, and so many elements below a title for a plain
# one.
FEW = 8
NEAR = 40


def lead(page_body: Element, body: Element, title: str) -> str:
    """What stands between the page's title and the body and sums it up, "" if nothing.

    It is called a summary, or is whole sentences by themselves.
    """
    below = [e for e in _below_title(page_body, body, title) if not tree.within(body, e)]
    called, plain = islice(filter(_called, below), FEW), filter(_plain, below[:NEAR])
    return next((" ".join(e.text.split()) for e in chain(called, plain) if _is_text(e)), "")


def _below_title(page_body: Element, body: Element, title: str) -> list[Element]:
    """The elements up to the body, below the last heading that says the title or is the first."""
    before = list(takewhile(lambda e: e != body, tree.elements(page_body)))
    heads = [i for i, e in enumerate(before) if e.tag in ("h1", "h2") and same_title(e.text, title)]
    heads = heads or [i for i, e in enumerate(before) if e.tag == "h1"]
    return before[max(heads, default=len(before)) + 1 :]


def _called(element: Element) -> bool:
    return _LEAD.search(tree.get(element, "class")) is not None


def _plain(element: Element) -> bool:
    """Whether an element is whole sentences and nothing that sites put above their texts."""
    if element.tag not in _SAYS or any(e.tag in _INSIDE for e in tree.child_elements(element)):
        return False
    around = [element, *tree.ancestors(element)]
    apart = any(map(named, around)) or any(map(byline_named, around[:2]))
    return sentence(element.text.rstrip()) and not apart


def _is_text(element: Element) -> bool:
    return not hidden(element) and LEAST <= weigh(element.text) <= MOST
