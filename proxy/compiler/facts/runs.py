"""A page's text run by run, as it is read from top to bottom, without menus and talk."""

from collections.abc import Iterator
from dataclasses import dataclass

from proxy.compiler import tree
from proxy.compiler.facts.visible import same_title, tidy
from proxy.compiler.tree import Document, Element, Node

# Never an article's own: menus, what readers say, what is offered beside it.
_APART = (
    "nav, form, select, svg, style, script, noscript, template, time, [hidden]"
    ", [class*=comment i], [id*=comment i], [class*=related i], [class*=menu i]"
    ", [class*=navbar i], [class*=infobox i], [class*=testimonial i], [class*=breadcrumb i]"
    ", .screen-reader-text, .sr-only, .visually-hidden"
)
# What sites call a byline, and addresses that lead to all that somebody wrote.
_SIGNED = (
    "[class*=author i], [class*=byline i], [class*=writer i], [class*=contributor i], .vcard .fn"
    ", [id*=author i], [id*=byline i], [rel~=author], [itemprop~=author], [property=author]"
    ", [data-testid*=author i], a[href*='/author/'], a[href*='/authors/'], a[href*='/contributor/']"
)
# Themes write an author's or a section's name into the class of a whole article, too.
_WHOLE = "h1, article, main"
MANY = 6_000
MANY_HEADINGS = 40


@dataclass(frozen=True)
class Run:
    """Text between two tags: the element that holds it, and what is called a byline around it."""

    text: str
    holder: Element
    signed: Element | None


@dataclass(frozen=True)
class Runs:
    """Runs in their order, and which of them begins the headline; None if the page shows none."""

    all: list[Run]
    title: int | None


def read(document: Document, title: str, beyond: int = MANY) -> Runs:
    """The runs of a page whose title is known, to so many `beyond` the headline."""
    parts = tree.root_parts(document)
    if parts is None:
        return Runs([], None)
    heading = _heading(parts[2], title)
    says = tidy(heading.text) if heading is not None else ""
    found: list[Run] = []
    at = None
    for run in _walk(parts[2], *_kinds(parts[2], heading)):
        first = at is None and heading is not None and run.text in says
        if first and heading is not None and tree.within(run.holder, heading):
            at = len(found)
        found.append(run)
        if len(found) == MANY or (at is not None and len(found) > at + beyond):
            break
    return Runs(found, at)


def _heading(body: Element, title: str) -> Element | None:
    """The heading that says the title, else the first."""
    headings = [e for e in tree.elements(body, "h1", "h2")[:MANY_HEADINGS] if tidy(e.text)]
    said = (e for e in headings if same_title(tidy(e.text), title))
    return next(said, next((e for e in headings if e.tag == "h1"), None))


def _kinds(body: Element, heading: Element | None) -> tuple[set[Element], set[Element]]:
    """What is left out, and what is called a byline; nothing around an article is either."""
    inner = [*tree.select(body, _WHOLE), *([heading] if heading is not None else [])]
    whole = {*inner, *(above for element in inner for above in tree.ancestors(element))}
    return set(tree.select(body, _APART)) - whole, set(tree.select(body, _SIGNED)) - whole


def _walk(body: Element, apart: set[Element], signed: set[Element]) -> Iterator[Run]:
    around: list[tuple[Iterator[Node], Element, Element | None]] = [(_inside(body), body, None)]
    while around:
        nodes, holder, mark = around[-1]
        for node in nodes:
            if isinstance(node, tree.Text):
                if text := tidy(node.data):
                    yield Run(text, holder, mark)
            elif isinstance(node, Element) and node not in apart:
                around.append((_inside(node), node, node if node in signed else mark))
                break
        else:
            around.pop()


def _inside(element: Element) -> Iterator[Node]:
    return iter(tree.children(element))
