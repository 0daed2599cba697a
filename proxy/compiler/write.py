"""A prepared draft -> the page of its mode: as published, or in our template."""

from collections.abc import Callable

from proxy.compiler import reader, tree
from proxy.compiler.draft import Draft
from proxy.compiler.facts.visible import same_title
from proxy.compiler.place import place
from proxy.compiler.reader.lead import lead, pictured
from proxy.compiler.reader.prune import prune
from proxy.compiler.reader.recipe import widened
from proxy.compiler.reader.template import page, paragraph, picture, short
from proxy.compiler.steps import prepare, prepare_again
from proxy.compiler.tree import Element, Node
from proxy.errors import SourceProblem
from proxy.page import Mode, Page
from proxy.source import Source

# The length of an excerpt, as `weigh` counts.
EXCERPT = 900
# A further page whose first so many characters are on the pages before repeats one or all of these.
SAME = 400
# The largest page (bytes); the source itself is 5 MB at most.
MAX_OUTPUT = 8 * 1024 * 1024
# How often a page is written and parsed again until it stays the same.
ROUNDS = 3


def write(d: Draft) -> Page:
    """The page in the draft's mode. Raises SourceProblem: not_an_article, too_big."""
    return _WRITERS[d.mode](d)


def _full(d: Draft) -> Page:
    """The page as published if it reads back as written, possibly after being cleaned again.

    Mutation attacks hide in markup that changes when it is read again (DESIGN, section 3).
    """
    for _ in range(ROUNDS):
        skipped = _marked(d)
        written = tree.serialise(d.document)
        again = tree.parse(written)
        if tree.serialise(again) == written:
            return _page(d, written, skipped, dark=_dark(d))
        parts = tree.root_parts(again)
        if parts is None:
            raise SourceProblem("not_an_article", "the page reads back as frames")
        d.document, (d.root, d.head, d.page_body) = again, parts
        prepare_again(d)
    d.mode, d.reason = "reader", "unstable_markup"
    return _reader(d)


def _marked(d: Draft) -> dict[str, str]:
    """Put our head and the marks of all gaps into the page; returns why slots were skipped."""
    _own_head(d)
    d.head.insert(0, d.marks.node("head"))
    d.page_body.insert(0, d.marks.node("sharer"))
    skipped = _slots(d)
    d.page_body.append(d.marks.node("tail"))
    return skipped


def _slots(d: Draft) -> dict[str, str]:
    if d.body.sure:
        article, found = d.facts.article, d.body.found
        return place(d.body.element, article.title, d.marks.node, found)
    d.page_body.insert(1, d.marks.node("top"))
    d.page_body.append(d.marks.node("share"))
    return dict.fromkeys(("middle", "end"), d.body.doubt)


def _own_head(d: Draft) -> None:
    if language := d.facts.article.language:
        tree.put(d.root, "lang", language)
    d.head.insert(0, tree.make("meta", {"name": "referrer", "content": "no-referrer"}))
    d.head.insert(0, tree.make("meta", {"charset": "utf-8"}))


def _dark(d: Draft) -> bool:
    metas = (tree.get(m, "content") for m in tree.select(d.head, "meta[name=color-scheme]"))
    sheets = (e.text for e in tree.elements(d.head, "style"))
    return any("dark" in m for m in metas) or any("prefers-color-scheme" in s for s in sheets)


def _reader(d: Draft) -> Page:
    article, image = d.facts.article, d.facts.card.image
    whole = widened(d.body.element, d.facts.lines)
    summary = lead(d.page_body, whole, article.title)
    above = pictured(d.page_body, whole, image)
    prune(whole, article.title, d.facts.lines)
    body = reader.simplify(whole)
    if "".join(summary.split()) not in "".join(body.text.split()):
        body.insert(0, tree.make("p", None, summary))
    for further in d.source.further:
        body.extend(_further(d, further))
    skipped = place(body, article.title, d.marks.node)
    reader.paragraphs(body)
    _headings(body, article.title)
    shown = picture(image) if above or not reader.first_picture(body) else ""
    markup = page(d.facts, d.marks, shown + reader.inner(tree.children(body)))
    return _page(d, _at_rest(markup), skipped, dark=True)


def _further(d: Draft, source: Source) -> list[Node]:
    """The blocks of an article's next page; none if these are not new, or not allowed whole."""
    try:
        page = prepare(source, "reader", d.outside)
    except SourceProblem:
        return []
    if page.mode != "reader":
        return []
    found = page.body.element
    prune(found, d.facts.article.title)
    added = reader.simplify(found)
    said = "".join(added.text.split())
    return [] if said[:SAME] in "".join(d.body.element.text.split()) else tree.children(added)


def _at_rest(markup: str) -> str:
    """Our own markup, parsed and written until it stays the same.

    Raises SourceProblem not_an_article if it never does, which only an attack can cause.
    """
    for _ in range(2 * ROUNDS):
        again = tree.serialise(tree.parse(markup))
        if again == markup:
            return markup
        markup = again
    raise SourceProblem("not_an_article", "its markup reads differently every time")


def _headings(body: Element, title: str) -> None:
    """Remove the title, which the template shows; another `<h1>` becomes `<h2>`."""
    for heading in tree.elements(body, "h1", "h2", "h3", "h4"):
        if same_title(heading.text, title):
            heading.extract()
        elif heading.tag == "h1":
            heading.tag = "h2"


def _excerpt(d: Draft) -> Page:
    said = reader.opening(d.body.blocks, EXCERPT) or [d.facts.card.description]
    return _short(d, [picture(d.facts.card.image), *map(paragraph, said)])


def _card(d: Draft) -> Page:
    return _short(d, [picture(d.facts.card.image), paragraph(d.facts.card.description)])


def _short(d: Draft, content: list[str]) -> Page:
    markup = short(d.facts, d.marks, content)
    return _page(d, markup, {"middle": f"mode_{d.mode}"}, dark=True)


def _page(d: Draft, markup: str, skipped: dict[str, str], *, dark: bool) -> Page:
    segments, gaps = d.marks.split(markup)
    if sum(map(len, segments)) > MAX_OUTPUT:
        raise SourceProblem("too_big", "the page would be more than 8 MB")
    return Page(
        mode=d.mode,
        mode_reason=d.reason,
        article=d.facts.article,
        card=d.facts.card,
        segments=segments,
        gaps=gaps,
        skipped=skipped,
        dark=dark,
        canonical=d.facts.canonical,
        until=(d.facts.signals | d.outside).unavailable_after or 0,
    )


_WRITERS: dict[Mode, Callable[[Draft], Page]] = {
    "full": _full,
    "reader": _reader,
    "excerpt": _excerpt,
    "card": _card,
}
