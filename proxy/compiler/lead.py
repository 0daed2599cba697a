"""The summary between an article's title and its body, for `reader`: sites keep it apart."""

import re
from itertools import islice, takewhile

from proxy.compiler import tree
from proxy.compiler.facts.visible import same_title
from proxy.compiler.furniture import hidden, said_hidden
from proxy.compiler.lines import weigh
from proxy.compiler.tree import Element

# What newspapers call it in six languages, as a word of a class.
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lead-text|lede|teaser|teaser-text|intro|chapo|standfirst|excerpt|abstract"
    r"|preface|sommario|bajada|vorspann|perex|sub-?headline|subtitle|summary)(?:$|[\s_])",
    re.IGNORECASE,
)
_HOLDS = tree.names("p div h2 h3 strong section")
# As `weigh` counts: a shorter one is a second headline. So many that are called so are looked at.
LEAST, MOST = 110, 700
LINKED = 0.3
FEW = 8


def lead(page_body: Element, body: Element, title: str) -> str:
    """What stands between the page's title and the body and is called a summary, "" if nothing."""
    found = islice(filter(_called, _below_title(page_body, body, title)), FEW)
    own = (e for e in found if not tree.within(body, e) and _is_text(e))
    return next((" ".join(e.text.split()) for e in own), "")


def _below_title(page_body: Element, body: Element, title: str) -> list[Element]:
    """The elements below the last heading that says the title, up to the body."""
    before = list(takewhile(lambda e: e != body, tree.elements(page_body)))
    heads = (i for i, e in enumerate(before) if e.tag in ("h1", "h2") and same_title(e.text, title))
    return before[max(heads, default=len(before)) :]


def _called(element: Element) -> bool:
    return element.tag in _HOLDS and _LEAD.search(tree.get(element, "class")) is not None


def _is_text(element: Element) -> bool:
    weight = weigh(element.text)
    linked = sum(weigh(a.text) for a in tree.elements(element, "a"))
    seen = not hidden(element) and not said_hidden(element)
    return seen and LEAST <= weight <= MOST and linked <= LINKED * weight
