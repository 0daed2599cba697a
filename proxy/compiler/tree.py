"""The document tree: the only module that knows the engine, turbohtml (WHATWG parser, in C).

The rest of the compiler uses `Document`, `Element`, `Text` and the functions here.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from turbohtml import Comment, Doctype, Document, Element, Namespace, Node, NodeIterator, Text
from turbohtml import parse as _parse
from turbohtml import parse_fragment as _parse_fragment
from turbohtml.detect import detect as _detect
from turbohtml.detect import detect_language as _detect_language

from proxy.compiler.foreign_templates import sound

__all__ = ["HTML", "Comment", "Doctype", "Document", "Element", "Node", "Text"]

HTML = Namespace.HTML
SVG = Namespace.SVG
MATHML = Namespace.MATHML
# DOM, interface NodeFilter: SHOW_CDATA_SECTION, SHOW_PROCESSING_INSTRUCTION, SHOW_COMMENT; and
# SHOW_TEXT.
_NOTES = 0x8 | 0x40 | 0x80
_TEXTS = 0x4
DEEPEST = 400
"""The most elements around one; Chromium's parser goes to 512."""


def names(text: str) -> frozenset[str]:
    """A set of element names, written as one string."""
    return frozenset(text.split())


def parse(markup: str) -> Document:
    """Parse a whole page like a browser with scripts: the content of `<noscript>` is text.

    A publisher's page must be `sound` (`foreign_templates`), or the process may end.
    """
    return _parse(markup, scripting=True, positions=False, allow_declarative_shadow_roots=False)


def fragment(markup: str, context: str = "div") -> list[Node]:
    """Parse markup as the content of an element `context`; the nodes have no parent."""
    holder = _parse_fragment(sound(markup), context, scripting=True, positions=False)
    return [node.extract() for node in list(holder.children)]


def style(element: Element, *declarations: str) -> None:
    """Add declarations to an element's `style`, where they win over its own."""
    own = get(element, "style").rstrip("; ")
    put(element, "style", ";".join((own, *declarations)).lstrip(";"))


def flatten(document: Document) -> None:
    """Unwrap elements deeper than DEEPEST; browsers limit the depth while they parse, too."""
    if _is_flat(document):
        return
    depths: dict[Node, int] = {}
    for element in elements(document):
        above = element.parent
        depth = depths.get(above, 0) + 1 if above is not None else 1
        if depth > DEEPEST:
            unwrap(element)
        else:
            depths[element] = depth


def _is_flat(document: Document) -> bool:
    """Whether no element is too deep, by samples: each is at most one deeper than the last."""
    step = DEEPEST // 2
    seen = islice(document.iter_elements(), 0, None, step)
    return all(len(list(e.ancestors)) + 1 + step <= DEEPEST for e in seen)


def serialise(document: Document) -> str:
    """The page as markup, with its full doctype, which the engine shortens."""
    doctype = next((node for node in document.children if isinstance(node, Doctype)), None)
    if doctype is None or _doctype(doctype) == doctype.html:
        return document.html  # joining parts would copy the whole page once more
    return "".join(
        _doctype(node) if isinstance(node, Doctype) else node.html for node in document.children
    )


def _doctype(node: Doctype) -> str:
    public, system = node.public_id, node.system_id
    if any(quote in (public or "") + (system or "") for quote in "\"'<>"):
        public = system = None
    if public:
        return f'<!DOCTYPE {node.name} PUBLIC "{public}"' + (f' "{system}">' if system else ">")
    return f'<!DOCTYPE {node.name} SYSTEM "{system}">' if system else f"<!DOCTYPE {node.name}>"


def elements(root: Node, *tags: str) -> list[Element]:
    """The elements below `root` (of these tags), in document order, safe to change meanwhile."""
    return list(root.iter_elements(tags or None))


def notes(document: Document) -> list[Node]:
    """All comments, processing instructions and CDATA sections."""
    return list(NodeIterator(document, _NOTES))


def texts(root: Node) -> Iterator[Text]:
    """The texts below `root`, those of sheets too, in document order, as they are asked for."""
    return (node for node in NodeIterator(root, _TEXTS) if isinstance(node, Text))


def children(node: Node) -> list[Node]:
    """The child nodes, safe to change meanwhile."""
    return list(node.children)


def child_elements(node: Node) -> list[Element]:
    """The child elements, safe to change meanwhile."""
    return [child for child in node.children if isinstance(child, Element)]


def get(element: Element, name: str) -> str:
    """An attribute's value, "" if it is missing."""
    return element.attr(name) or ""


def put(element: Element, name: str, value: str) -> None:
    """Set an attribute; remove it if the value is empty."""
    if value:
        element.attrs[name] = value
    else:
        drop(element, name)


def drop(element: Element, *names: str) -> None:
    """Remove attributes; missing ones are ignored."""
    for name in names:
        if name in element.attrs:
            del element.attrs[name]


def attributes(element: Element) -> list[tuple[str, str]]:
    """All attributes with their values as written."""
    # The engine splits the values of class, rel and the like into words.
    return [
        (name, value if isinstance(value, str) else element.attr(name) or "")
        for name, value in element.attrs.items()
    ]


def number(text: str) -> int | None:
    """The whole number of pixels, pages or columns in an attribute; None for anything else.

    Python calls `²` a digit but cannot convert it, and refuses numbers of thousands of digits.
    """
    text = text.strip().removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def make(tag: str, attrs: dict[str, str] | None = None, *nodes: Node | str) -> Element:
    """A new HTML element with these children; strings become text."""
    made = Element(tag, attrs or {})
    made.extend([Text(node) if isinstance(node, str) else node for node in nodes])
    return made


def remove(nodes: Iterable[Node]) -> None:
    """Remove nodes with their content from the tree."""
    for node in nodes:
        node.extract()


def unwrap(element: Element) -> None:
    """Replace an element by its content; does nothing if it is not in the tree."""
    if element.parent is not None:
        element.unwrap()


def parent(node: Node) -> Element | None:
    """The parent element, None at the top."""
    above = node.parent
    return above if isinstance(above, Element) else None


def ancestors(node: Node) -> Iterator[Element]:
    """The elements around `node`, the nearest first."""
    return (above for above in node.ancestors if isinstance(above, Element))


def within(node: Node, container: Node) -> bool:
    """Whether `node` is `container` or inside it."""
    return node == container or any(above == container for above in node.ancestors)


def matches(element: Element, selector: str) -> bool:
    """Whether a CSS selector of ours matches; never pass a publisher's."""
    return element.matches(selector)


def select(root: Node, selector: str) -> list[Element]:
    """The elements below `root` that a CSS selector of ours matches."""
    return root.select(selector)


def first(root: Node, selector: str) -> Element | None:
    """The first element below `root` that a CSS selector of ours matches, None if there is none."""
    return root.select_one(selector)


def root_parts(document: Document) -> tuple[Element, Element, Element] | None:
    """`<html>`, `<head>`, `<body>`; None for a frameset."""
    root = document.root
    if root is None:
        return None
    head = next((e for e in child_elements(root) if e.tag == "head"), None)
    body = next((e for e in child_elements(root) if e.tag == "body"), None)
    return (root, head, body) if head is not None and body is not None else None


def main_content(document: Document) -> Element | None:
    """The article's element in the engine's opinion, None if it has none."""
    return document.main_content()


def guess_encoding(body: bytes) -> str:
    """The guessed encoding of these bytes, a name for bytes.decode; "" if none fits."""
    return _detect(body).codec or ""


def guess_language(text: str) -> str:
    """The ISO 639-3 code of the text's guessed language, "" if unsure."""
    found = _detect_language(text)
    return found.language or "" if found.confidence > 0.5 else ""
