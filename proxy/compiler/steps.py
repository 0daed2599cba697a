"""A page compiled: a list of small named steps over one draft, run by a loop."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from proxy.compiler import body as bodies
from proxy.compiler import reader, tree, wechat
from proxy.compiler.clean import clean
from proxy.compiler.decode import decode
from proxy.compiler.facts import Facts, read
from proxy.compiler.page import Card, Mode, Page
from proxy.compiler.place import place
from proxy.compiler.reveal import reveal
from proxy.compiler.split import Marks
from proxy.compiler.template import page, paragraph, picture, read_on
from proxy.compiler.tree import Document, Element
from proxy.compiler.unlazy import unlazy
from proxy.compiler.urls import Base
from proxy.errors import SourceProblem
from proxy.rights import Signals, lower
from proxy.source import Source

MAX_MARKUP = 5 * 1024 * 1024
EXCERPT = 900
ROUNDS = 3


@dataclass
class Draft:
    """A page on its way."""

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
    body: bodies.Body = field(init=False)


def draft(source: Source, mode: Mode, outside: Signals) -> Draft:
    """Decode and parse. Raises SourceProblem: too_big, not_an_article."""
    if len(source.body) > MAX_MARKUP:
        raise SourceProblem("too_big", "more than 5 MB of markup")
    text = decode(source.body, source.content_type)
    document = tree.parse(text)
    parts = tree.root_parts(document)
    if parts is None:
        raise SourceProblem("not_an_article", "the page is made of frames")
    if not source.url:
        source = replace(source, url=_own_address(document))
    base = Base(source.url, _declared_base(document))
    return Draft(source, mode, outside, text, document, *parts, base, Marks(source.body))


def _declared_base(document: Document) -> str:
    return next((h for e in tree.elements(document, "base") if (h := tree.get(e, "href"))), "")


def _own_address(document: Document) -> str:
    """A file's own word on where it came from, when nobody else says so."""
    found = [tree.get(e, "href") for e in tree.select(document, "link[rel=canonical i]")]
    found += [tree.get(e, "content") for e in tree.select(document, "meta[property='og:url' i]")]
    return next((address for address in map(Base("").fetched, found) if address), "")


def read_facts(d: Draft) -> None:
    """Title, author, card, signals, before the cleaner takes their elements away."""
    d.asks_password = tree.first(d.document, "input[type=password i]") is not None
    d.facts = read(d.document, d.source, d.base, d.text)


def lower_mode(d: Draft) -> None:
    """What the publisher allows."""
    verdict = lower(d.asked, d.facts.signals | d.outside, d.source.fetched_at)
    if verdict.mode is None:
        raise SourceProblem("refused_by_publisher", verdict.reason)
    d.mode, d.reason = verdict.mode, verdict.reason


def rebuild_scripted(d: Draft) -> None:
    """Content that stands only in a script. Raises SourceProblem: not_an_article."""
    if wechat.is_wechat(d.source.url, d.document):
        wechat.build(d.document)
        if not wechat.has_article(d.document):
            raise SourceProblem("not_an_article", "the page says that there is no article")


def give_pictures(d: Draft) -> None:
    """Pictures that wait for scripts."""
    unlazy(d.document)


def clean_up(d: Draft) -> None:
    """Nothing that runs, asks or fetches ahead; every address absolute."""
    clean(d.document, d.base)


def find_body(d: Draft) -> None:
    """Where the article is. Raises SourceProblem: not_an_article, login_required."""
    found = bodies.find(d.document, d.page_body, d.text)
    if found is None and d.asks_password:
        raise SourceProblem("login_required", "the page asks for a password")
    if found is None or (not found.sure and _is_home(d.source.url)):
        raise SourceProblem("not_an_article", "the page has next to no text of an article")
    d.body = found


def _is_home(url: str) -> bool:
    return urlsplit(url).path in ("", "/")


def show(d: Draft) -> None:
    """What waited hidden for a script."""
    reveal(d.root, d.page_body, d.body.element)


Step = Callable[[Draft], None]
COMMON: tuple[Step, ...] = (
    read_facts,
    lower_mode,
    rebuild_scripted,
    give_pictures,
    clean_up,
    find_body,
    show,
)


def run(source: Source, mode: Mode, outside: Signals) -> Page:
    """Compile a page; see `proxy.compiler.compile_page`."""
    if source.media != "html":
        from proxy.compiler.media import card_page

        return card_page(source, mode, outside)
    d = draft(source, mode, outside)
    for step in COMMON:
        step(d)
    return _WRITERS[d.mode](d)


def _full(d: Draft) -> Page:
    if not _settled(d):
        d.mode, d.reason = "reader", "unstable_markup"
        return _reader(d)
    d.head.insert(0, d.marks.node("head"))
    d.page_body.insert(0, d.marks.node("sharer"))
    skipped = _slots(d)
    d.page_body.append(d.marks.node("tail"))
    return _page(d, tree.serialise(d.document), skipped, dark=_dark(d))


def _settled(d: Draft) -> bool:
    """Whether the page reads back as it is written, at the latest when read and cleaned again.

    Markup that changes when it is read again is how mutation attacks hide (DESIGN, section 3).
    """
    for _ in range(ROUNDS):
        _own_head(d)
        written = tree.serialise(d.document)
        again = tree.parse(written)
        if tree.serialise(again) == written:
            return True
        parts = tree.root_parts(again)
        if parts is None:
            return False
        d.document, (d.root, d.head, d.page_body) = again, parts
        for step in (clean_up, find_body, show):
            step(d)
    return False


def _slots(d: Draft) -> dict[str, str]:
    if d.body.sure:
        return place(d.body.element, d.facts.article.title, d.marks.node)
    d.page_body.insert(1, d.marks.node("top"))
    d.page_body.append(d.marks.node("share"))
    return dict.fromkeys(("middle", "end"), d.body.doubt)


def _own_head(d: Draft) -> None:
    language = d.facts.article.language
    if language:
        tree.put(d.root, "lang", language)
    d.head.insert(0, tree.make("meta", {"name": "referrer", "content": "no-referrer"}))
    d.head.insert(0, tree.make("meta", {"charset": "utf-8"}))


def _dark(d: Draft) -> bool:
    metas = (tree.get(m, "content") for m in tree.select(d.head, "meta[name=color-scheme]"))
    sheets = (e.text for e in tree.elements(d.head, "style"))
    return any("dark" in m for m in metas) or any("prefers-color-scheme" in s for s in sheets)


def _reader(d: Draft) -> Page:
    body = reader.simplify(d.body.element)
    skipped = place(body, d.facts.article.title, d.marks.node)
    _drop_heading(body)
    markup = page(d.facts, d.marks, reader.inner(tree.children(body)))
    return _page(d, _at_rest(markup), skipped, dark=True)


def _at_rest(markup: str) -> str:
    """Our own page, read and written until it stays the same.

    Raises SourceProblem not_an_article if it never does, which only an attack would make it.
    """
    for _ in range(2 * ROUNDS):
        again = tree.serialise(tree.parse(markup))
        if again == markup:
            return markup
        markup = again
    raise SourceProblem("not_an_article", "its markup reads differently every time")


def _drop_heading(body: Element) -> None:
    """The template shows the title itself."""
    for heading in tree.elements(body, "h1"):
        heading.extract()


def _excerpt(d: Draft) -> Page:
    said = reader.opening(d.body.element, EXCERPT)
    image = d.facts.card.image or reader.first_picture(d.body.element)
    content = [picture(image), *map(paragraph, said), read_on(d.facts.article)]
    return _short(d, content)


def _card(d: Draft) -> Page:
    content = [picture(d.facts.card.image), paragraph(d.facts.card.description)]
    return _short(d, [*content, read_on(d.facts.article)])


def _short(d: Draft, content: list[str]) -> Page:
    around = [d.marks.text("top"), *content, d.marks.text("end"), d.marks.text("share")]
    markup = page(d.facts, d.marks, "".join(around))
    return _page(d, markup, {"middle": f"mode_{d.mode}"}, dark=True)


def _page(d: Draft, markup: str, skipped: dict[str, str], *, dark: bool) -> Page:
    segments, gaps = d.marks.split(markup)
    return Page(
        mode=d.mode,
        mode_reason=d.reason,
        article=d.facts.article,
        card=_carded(d),
        segments=segments,
        gaps=gaps,
        skipped=skipped,
        dark=dark,
        canonical=d.facts.canonical,
    )


def _carded(d: Draft) -> Card:
    return d.facts.card


_WRITERS: dict[Mode, Callable[[Draft], Page]] = {
    "full": _full,
    "reader": _reader,
    "excerpt": _excerpt,
    "card": _card,
}
