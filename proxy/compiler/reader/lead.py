"""Finds the summary and the picture above an article's body, for `reader`."""

import re
from itertools import chain, islice, takewhile

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, blocks, text_of
from proxy.compiler.blocks.furniture import ends_sentence, is_byline, is_furniture, is_hidden
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.facts.visible import same_title
from proxy.compiler.scripted.unlazy import files
from proxy.compiler.tree import Element, Text

# Newspapers' names of a summary in six languages, as a word of a class.
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lead-text|lede|teaser|teaser-text|intro|chapo|standfirst|excerpt|abstract"
    r"|preface|sommario|bajada|vorspann|perex|sub-?headline|subtitle|summary)(?:$|[\s_])",
    re.IGNORECASE,
)
_SAYS = tree.names("p div h2 h3")
_INSIDE = ATOMIC | {"div"}
# A picture's file name without its size (thumbnails add theirs), if it is distinctive.
_NAME = re.compile(
    r"(?=[^/]*[a-z]|\d{6})([^/]{4,}?)(?:[-_](?:\d{2,4}x\d{2,4}|scaled|\d{3,4}))?(?:\.\w{3,4})?$"
)
# As `weigh` counts: a shorter summary is a second headline.
LEAST, MOST = 110, 900
# How many elements with a summary's class are considered, and how many below the title without it.
FEW = 8
NEAR = 40


def lead(page_body: Element, body: Element, title: str) -> str:
    """The summary between the page's title and the body, "" if there is none.

    It has a summary's class, or consists of whole sentences.
    """
    below = [e for e in _below_title(page_body, body, title) if not tree.within(body, e)]
    called = (e for e in below if _LEAD.search(tree.get(e, "class")))
    plain = filter(_plain, below[:NEAR])
    return next((_in_a_line(e) for e in chain(islice(called, FEW), plain) if _is_text(e)), "")


def _in_a_line(element: Element) -> str:
    for line in tree.elements(element, "br"):
        line.replace_with(Text(" "))
    return " ".join(text_of(element).split())


def pictured(page_body: Element, body: Element, address: str) -> bool:
    """Whether the page shows the picture with this address above the body and not in it."""
    name = _file(address)
    first = next(iter(blocks(body)), None)
    if not name or first is None or first.kind == "media":
        return False
    above = takewhile(lambda e: e != body, tree.elements(page_body))
    shown = any(e.tag in ("img", "source") and name in _files(e) for e in above)
    return shown and not any(name in _files(e) for e in tree.elements(body, "img", "source"))


def _files(picture: Element) -> set[str]:
    return set(map(_file, files(picture)))


def _file(address: str) -> str:
    """A picture's file name without its size, "" for a site's logo."""
    path = address.casefold().partition("#")[0].partition("?")[0].rstrip("/")
    found = _NAME.match(path.rpartition("/")[2])
    return found[1] if found and "logo" not in found[1] else ""


def _below_title(page_body: Element, body: Element, title: str) -> list[Element]:
    """The elements before the body, below the last heading with the title, or the last `<h1>`."""
    before = list(takewhile(lambda e: e != body, tree.elements(page_body)))
    heads = [i for i, e in enumerate(before) if e.tag in ("h1", "h2") and same_title(e.text, title)]
    heads = heads or [i for i, e in enumerate(before) if e.tag == "h1"]
    return before[max(heads, default=len(before)) + 1 :]


def _plain(element: Element) -> bool:
    """Whether an element is whole sentences, and not what else sites put above their texts."""
    if element.tag not in _SAYS or any(e.tag in _INSIDE for e in tree.child_elements(element)):
        return False
    around = [element, *tree.ancestors(element)]
    apart = any(map(is_furniture, around)) or any(map(is_byline, around[:2]))
    return ends_sentence(element.text.rstrip()) and not apart


def _is_text(element: Element) -> bool:
    return not is_hidden(element) and LEAST <= weigh(text_of(element)) <= MOST
