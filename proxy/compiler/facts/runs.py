"""A page's text, run by run in reading order, without menus and comments.

Runs are read only as far as needed: most bylines are beside the headline.
"""

from collections.abc import Iterator

import msgspec

from proxy.compiler import tree
from proxy.compiler.facts.visible import same_title, tidy, unbroken
from proxy.compiler.tree import Document, Element, Node, Text

# Never part of an article's text: menus, comments, offers beside it, captions.
_APART = (
    "nav, form, figcaption, select, svg, style, script, noscript, template, time, [hidden]"
    ", [class*=comment i], [id*=comment i], [class*=related i], [class*=menu i]"
    ", [class*=navbar i], [class*=infobox i], [class*=testimonial i], [class*=breadcrumb i]"
    ", .screen-reader-text, .sr-only, .visually-hidden"
)
# Classes of bylines, and links to all articles of an author.
_SIGNED = (
    "[class*=author i], [class*=byline i], [class*=writer i], [class*=contributor i]"
    ", [class*=auteur i], [class*=autor i], .vcard .fn, .fn.n"
    ", [id*=author i], [id*=byline i], [data-testid*=author i]"
    ", [rel~=author], [itemprop~=author], [property=author]"
    ", a[href*='/author/'], a[href*='/authors/'], a[href*='/contributor/']"
    ", a[href*='/autor/'], a[href*='/auteur/'], a[href*='/autore/']"
)
# An element with one of these is no byline: themes also put an author's or a section's name into
# the class of a whole article.
_WHOLE = ("h1", "article", "main")
MANY = 6_000
MANY_HEADINGS = 40


class Run(msgspec.Struct, frozen=True, eq=False):
    """Text between two tags, and the element that holds it."""

    text: str
    holder: Element
    page: "Runs"

    @property
    def signed(self) -> Element | None:
        """The innermost byline element around the run."""
        return self.page.signed(self.holder)


class Runs:
    """The runs of a page whose title is known, in document order."""

    def __init__(self, document: Document, title: str) -> None:
        self.headline = title
        parts = tree.root_parts(document)
        self._heading = _heading(document, title) if parts is not None else None
        self._ahead = self._walk(parts[2]) if parts is not None else iter(())
        self._found: list[Run] = []
        self._signed: dict[Element, Element | None] = {}
        self.title: int | None = None
        """The index of the headline's first run; None while it is not read, or if there is none."""

    def near(self, beyond: int) -> list[Run]:
        """The runs until at least `beyond` after the headline; none if there is no headline."""
        while (self.title is None or len(self._found) <= self.title + beyond) and self._more():
            pass
        return self._found if self._heading is not None or self.title is not None else []

    @property
    def all(self) -> list[Run]:
        """Every run."""
        while self._more():
            pass
        return self._found

    def __iter__(self) -> Iterator[Run]:
        """Every run, read lazily."""
        at = 0
        while at < len(self._found) or self._more():
            yield self._found[at]
            at += 1

    def signed(self, element: Element | None) -> Element | None:
        """The innermost byline element that is `element` or around it."""
        if element is None or element.tag == "body":
            return None
        if element not in self._signed:
            own = element.matches(_SIGNED) and not self._is_whole(element)
            self._signed[element] = element if own else self.signed(tree.parent(element))
        return self._signed[element]

    def _more(self) -> bool:
        """Read one more run; False if there is none."""
        run = next(self._ahead, None) if len(self._found) < MANY else None
        if run is None:
            return False
        if self.title is None and self._begins(run):
            self.title = len(self._found)
        self._found.append(run)
        return True

    def _begins(self, run: Run) -> bool:
        """Whether a run begins the headline: it is in the heading or, without one, its text."""
        if self._heading is None:
            return run.text == self.headline and run.holder.tag != "a"
        return tree.within(run.holder, self._heading)

    def _walk(self, body: Element) -> Iterator[Run]:
        around: list[tuple[Iterator[Node], Element]] = [(iter(body.children), body)]
        while around:
            nodes, holder = around[-1]
            for node in nodes:
                if isinstance(node, Text):
                    text = node.data
                    if not text.isspace() and (text := unbroken(text)):
                        yield Run(text, holder, self)
                elif isinstance(node, Element) and (
                    not node.matches(_APART) or self._is_whole(node)
                ):
                    around.append((iter(node.children), node))
                    break
            else:
                around.pop()

    def _is_whole(self, element: Element) -> bool:
        """Whether an element holds the article, so that it is no menu and no byline."""
        if element.tag in _WHOLE or next(element.iter_elements(_WHOLE), None) is not None:
            return True
        return self._heading is not None and tree.within(self._heading, element)


def _heading(document: Document, title: str) -> Element | None:
    """The heading with the title, else the first `<h1>`."""
    first, second = (tree.select(document, tag)[:MANY_HEADINGS] for tag in ("h1", "h2"))
    titles = (e for e in (*first, *second) if same_title(tidy(e.text), title))
    return next(titles, next((e for e in first if tidy(e.text)), None))
