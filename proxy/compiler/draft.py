"""A page on its way through the compiler."""

from dataclasses import dataclass, field, replace

from proxy.compiler import tree
from proxy.compiler.body import Body
from proxy.compiler.decode import decode
from proxy.compiler.facts import Facts
from proxy.compiler.foreign_templates import sound
from proxy.compiler.split import Marks
from proxy.compiler.tree import Document, Element
from proxy.compiler.urls import Base
from proxy.errors import SourceProblem
from proxy.page import Mode
from proxy.rights import Signals
from proxy.source import Source

# Control characters that no text contains.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1b"})
SAMPLE = 50_000
MAX_MARKUP = 5 * 1024 * 1024
# Ten times as many as in the largest known pages; more would take many seconds to compile.
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 1_000


@dataclass
class Draft:
    """A page on its way; `covered`: elements that `unfilled` may remove later."""

    source: Source
    asked: Mode
    outside: Signals
    text: str
    document: Document
    root: Element
    head: Element
    page_body: Element
    base: Base
    marks: Marks
    facts: Facts = field(init=False)
    asks_password: bool = False
    mode: Mode = "full"
    reason: str = ""
    body: Body = field(init=False)
    covered: list[Element] = field(default_factory=list)


def draft(source: Source, mode: Mode, outside: Signals) -> Draft:
    """Decode and parse. Raises SourceProblem: too_big, not_an_article."""
    if len(source.body) > MAX_MARKUP:
        raise SourceProblem("too_big", "more than 5 MB of markup")
    text = decode(source.body, source.content_type)
    sample = text[:SAMPLE]
    if _no_text(sample) > len(sample) * 0.05:
        raise SourceProblem("not_an_article", "the page is no text")
    text = sound(text)
    document = tree.parse(text)
    _refuse_monsters(document)
    tree.flatten(document)
    parts = tree.root_parts(document)
    if parts is None:
        raise SourceProblem("not_an_article", "the page is made of frames")
    if not source.url:
        source = replace(source, url=_own_address(document))
    base = Base(source.url, _declared_base(document))
    return Draft(source, mode, outside, text, document, *parts, base, Marks())


def _no_text(sample: str) -> int:
    """How many characters are controls or could not be decoded."""
    written = sample.encode("utf-8", "replace")
    controls = len(written) - len(written.translate(None, _CONTROLS))
    return controls + sample.count("\ufffd")


def _refuse_monsters(document: Document) -> None:
    found = tree.elements(document)
    if len(found) > MAX_ELEMENTS or any(len(e.attrs) > MAX_ATTRIBUTES for e in found):
        raise SourceProblem("too_big", "more elements or attributes than a page can have")


def _declared_base(document: Document) -> str:
    return next((h for e in tree.elements(document, "base") if (h := tree.get(e, "href"))), "")


def _own_address(document: Document) -> str:
    """The address that a page declares, for a file whose address is unknown."""
    found = [tree.get(e, "href") for e in tree.select(document, "link[rel=canonical i]")]
    found += [tree.get(e, "content") for e in tree.select(document, "meta[property='og:url' i]")]
    return next((address for address in map(Base("").fetched, found) if address), "")
