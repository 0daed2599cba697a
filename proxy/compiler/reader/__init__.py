"""Reduces an article's body to plain markup for `reader`; finds the opening for `excerpt`.

`recipe` widens the body to a recipe's declared lines, `lead` finds a summary and a picture above
it, `prune` removes what is not the article's, `caption` makes figures of pictures with captions,
`template` is our page around the rest.
"""

import re
from itertools import islice, takewhile
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.blocks.furniture import ends_sentence, is_caption
from proxy.compiler.blocks.lines import WORDS, is_prose, weigh
from proxy.compiler.facts import is_blank
from proxy.compiler.reader.caption import figures
from proxy.compiler.scripted.unlazy import empty
from proxy.compiler.tree import Element, Node, Text

# Elements that are kept, with these attributes; any other element is replaced by its content.
_KEPT: Final = {
    "p": (), "h1": (), "h2": (), "h3": (), "h4": (), "h5": (), "h6": (), "hr": (), "br": (),
    "ul": (), "ol": ("start", "reversed", "type"), "li": ("value",), "dl": (), "dt": (), "dd": (),
    "blockquote": (), "pre": (), "code": (), "figure": (), "figcaption": (), "div": (),
    "table": (), "caption": (), "thead": (), "tbody": (), "tfoot": (), "tr": (),
    "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"),
    "img": ("src", "srcset", "sizes", "alt", "width", "height"), "picture": (),
    "source": ("src", "srcset", "sizes", "type", "media"),
    "video": ("src", "poster", "controls", "width", "height"), "audio": ("src", "controls"),
    "a": ("href",), "strong": (), "b": (), "em": (), "i": (), "u": (), "s": (), "del": (),
    "ins": (), "mark": (), "small": (), "sub": (), "sup": (), "q": (), "cite": (), "abbr": (),
    "kbd": (), "samp": (), "var": (), "time": ("datetime",), "ruby": (), "rt": (), "rp": (),
    "details": (), "summary": (), "bdi": (), "bdo": (), "wbr": (),
}  # fmt: skip
_GLOBAL: Final = ("lang", "dir", "id")
_GONE: Final = tree.names("style link meta button svg aside nav footer title map area")
_HEADINGS: Final = tree.names("h1 h2 h3 h4 h5 h6")
_RENAMED: Final = {
    **dict.fromkeys(
        ["section", "article", "main", "header", "center", "address", "fieldset", "form", "hgroup"],
        "div",
    ),
    "menu": "ul",
    "dir": "ul",
    "tt": "code",
    "strike": "s",
    "acronym": "abbr",
}
# An inline element whose own style makes it a block; an initial letter floats, which does not.
_LAID_OUT: Final = re.compile(r"(?i)(?!.*float)(?:.*[;\s])?display\s*:\s*(?:block|flex|grid)")
_WIDTH: Final = re.compile(r"(?<![-\w])(?:max-)?width\s*:\s*(\d{1,4})(?:\.\d+)?px", re.IGNORECASE)
# The size of a spacer or a line in pixels; 0 is no such size, as scripts write it for pictures that
# they would measure.
_SPACER: Final = (1, 2)
# A blank line; Chinese and Japanese paragraphs begin with a full-width space.
_OPENS: Final = re.compile(r"\s*?\n[^\S\n]*[\n\u3000]")
# So much of all lines is blank where authors space their paragraphs by hand.
SPACING: Final = 0.25
# So much, as `weigh` counts, is no verse or line of a table.
PARAGRAPH: Final = 120


def simplify(body: Element) -> Element:
    """Reduce a cleaned body to text, pictures and links; changes and returns the body itself."""
    _drop_drawn(body)
    figures(body)
    for element in tree.elements(body):
        _simplify(element)
    for element in reversed(tree.elements(body, "div", "p", "figure", "ul", "ol", "a", "li")):
        if not element.text.strip() and not tree.elements(element, *_SHOWN):
            _close(element)
    _space(body)
    return body


_PICTURES = ("img", "picture", "video", "audio")
_SHOWN = (*_PICTURES, "hr", "table", "iframe", "br")


def _close(element: Element) -> None:
    """Remove an empty element, but keep white space in it, or a break between the words around."""
    if element.tag == "a" and element.text:
        tree.unwrap(element)
    elif element.tag in ("p", "div") and _runs_on(element.next_sibling):
        # A break may stand before it: two part the words.
        before = element.previous_sibling
        breaks = 2 if _runs_on(before) else int(before is not None and _is_break(before))
        element.replace_with(*(tree.make("br") for _ in range(breaks)))
    else:
        element.extract()


def _runs_on(node: Node | None) -> bool:
    """Whether a node is words that would be joined to words beside it."""
    return node is not None and _is_words(node) and not _is_blank(node) and not _is_break(node)


def _space(body: Element) -> None:
    """Make paragraphs of what rules or blank lines set apart, where our own margins do that.

    Blank lines among many more are between stanzas or parts, and stay.
    """
    lines = [e for e in tree.elements(body, "p", "div") if all(map(_is_words, tree.children(e)))]
    blank = [e for e in lines if not e.text.strip() and not tree.elements(e, *_PICTURES)]
    spacing = len(blank) > SPACING * len(lines)
    for element in blank if spacing else takewhile(blank.__contains__, lines):
        _close(element)
    prose = {tree.parent(e) for e in lines if weigh(e.text) >= PARAGRAPH}
    for element in lines:
        above = tree.parent(element)
        if element.tag == "div" and above in prose and above is not None and above.tag != "li":
            element.tag = "p"


def _drop_drawn(body: Element) -> None:
    """Remove KaTeX's and MathJax's drawings beside a formula: their style sheets are missing."""
    formulas = tree.elements(body, "math")
    around = {e for formula in formulas for e in (formula, *islice(tree.ancestors(formula), 2))}
    for above in {tree.parent(e) or e for e in around}:
        beside = (e for e in tree.child_elements(above) if tree.get(e, "aria-hidden") == "true")
        tree.remove(e for e in beside if e not in around)


def _simplify(element: Element) -> None:
    if element.namespace is tree.MATHML:
        tree.drop(element, "class", "style", "id")
        return
    if element.tag in _GONE or element.namespace is not tree.HTML:
        element.extract()
        return
    element.tag = _RENAMED.get(element.tag, element.tag)
    if element.tag in _HEADINGS and is_prose(element.text):
        element.tag = "p"
    if element.tag == "span" and _LAID_OUT.match(tree.get(element, "style")):
        _set_apart(element)
    if element.tag == "img" and not _sized(element):
        element.extract()
        return
    if element.tag not in _KEPT:
        tree.unwrap(element)
        return
    allowed = (*_KEPT[element.tag], *_GLOBAL)
    tree.drop(element, *(n for n, _ in tree.attributes(element) if n not in allowed))
    if element.tag in ("video", "audio"):
        element.attrs["controls"] = ""


def _set_apart(element: Element) -> None:
    """Put line breaks around an inline element that is laid out as a block."""
    if _runs_on(element.previous_sibling):
        element.insert_before(tree.make("br"))
    if _runs_on(element.next_sibling):
        element.insert_after(tree.make("br"))


def _sized(image: Element) -> bool:
    """Whether a picture shows something; gives it the width that its style said."""
    above = tree.parent(image)
    if above is None or above.tag != "picture":
        sides = (tree.number(tree.get(image, side)) for side in ("width", "height"))
        if empty(image) or any(side in _SPACER for side in sides):
            return False
    width = _WIDTH.search(tree.get(image, "style"))
    if width and "width" not in image.attrs:
        tree.put(image, "width", width[1])
    return True


def paragraphs(body: Element) -> None:
    """Wrap words directly in a body into paragraphs, which two line breaks or a blank line part."""
    run: list[Node] = []
    said: Node | None = None
    for node in tree.children(body):
        again = _is_break(node) and said is not None and _is_break(said)
        if again or not _is_words(node) or (isinstance(node, Text) and _OPENS.match(node.data)):
            _wrap(run)
            run = []
        if _is_words(node):
            run.append(node)
        said = said if _is_blank(node) else node
    _wrap(run)


def _is_words(node: Node) -> bool:
    if isinstance(node, Text) or _is_break(node):
        return True
    return isinstance(node, Element) and all(e.tag in WORDS for e in (node, *tree.elements(node)))


def _is_break(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "br"


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.data.strip()


def _wrap(run: list[Node]) -> None:
    """Wrap a run into a paragraph; line breaks around its words, or without words, are removed."""
    words = [at for at, node in enumerate(run) if not (_is_break(node) or _is_blank(node))]
    inside = range(words[0], words[-1] + 1) if words else range(0)
    tree.remove(node for at, node in enumerate(run) if at not in inside and _is_break(node))
    if words:
        paragraph = tree.make("p")
        run[words[0]].insert_before(paragraph)
        paragraph.extend([run[at] for at in inside])


def opening(found: list[Block], limit: int) -> list[str]:
    """The first paragraphs among blocks, up to `limit` as `weigh` counts, cut at a sentence."""
    texts = [block for block in found if block.kind == "paragraph"]
    long = [block for block in texts if block.weight >= 40 and block.link_density <= 0.5]
    said: list[str] = []
    left = limit
    for block in [block for block in long if not _is_line(block)] or long:
        said.append(cut(block.text, left))
        left -= weigh(said[-1])
        if left < 40 or len(said) == 3:
            break
    return said


def _is_line(block: Block) -> bool:
    """Whether a paragraph is no sentence: a byline, a date, a caption."""
    caption = isinstance(block.first, Element) and is_caption(block.first)
    return caption or (block.weight < PARAGRAPH and not ends_sentence(block.text))


def cut(text: str, limit: int) -> str:
    """The text up to `limit` as `weigh` counts, at a sentence's end where one is near."""
    if weigh(text) <= limit:
        return text
    room, size = 0, 0
    for room, character in enumerate(text):  # noqa: B007  # `room` is used after the loop
        size += weigh(character)
        if size > limit:
            break
    part = text[:room]
    end = max(part.rfind(mark) for mark in (". ", "。", "！", "？", "! ", "? "))
    if end > room * 0.5:
        return part[: end + 1].strip()
    return (part.rsplit(" ", 1)[0] if " " in part[room // 2 :] else part).strip() + "…"


def first_picture(body: Element) -> str:
    """The address of the first picture that is no icon and that chats can show, "" if none."""
    for image in tree.elements(body, "img"):
        width = tree.number(tree.get(image, "width"))
        address = tree.get(image, "src")
        shown = address.startswith("http") and not is_blank(address)
        if shown and (width is None or width >= 100):
            return address
    return ""


def inner(nodes: list[Node]) -> str:
    """The markup of some nodes."""
    return "".join(node.html for node in nodes)
