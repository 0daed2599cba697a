"""Bodies that stay hidden until a script runs are shown."""

import re

from proxy.compiler import tree
from proxy.compiler.tree import Element

_HIDING = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0+\b|display\s*:\s*none)"
    r"\s*(?:!\s*important)?\s*(?=;|$)",
    re.IGNORECASE,
)
# Classes that a page wears until its script has run.
_WAITING = re.compile(
    r"^(?:async-hide|is-loading|loading|preload|page-loading|js-loading|no-fouc|fouc|wf-loading"
    r"|wf-inactive|is-preload|unresolved|cloak|js_hidden|o-hidden|modal-open|noscroll|no-scroll"
    r"|overflow-hidden|wow|aos-init|invisible|hide|hidden|is-hidden|d-none|js-hide|js-hidden"
    r"|u-hidden|is-invisible|opacity-0|not-loaded|page-hidden|content-hidden)$",
    re.IGNORECASE,
)
# Rules for the whole page that a script would have taken back.
_WHOLE = re.compile(
    r"((?:^|[}\s])(?:html|body)(?:[.#][\w-]+)*\s*+\{)([^{}]*+)(?=\})", re.IGNORECASE
)
# Room of a picture's shape.
_ROOM = re.compile(r"padding(?:-(?:bottom|top))?\s*:\s*(?:0\s+0\s+)?\d+(?:\.\d+)?%")
_PICTURES = tree.names("img picture video audio svg canvas math object")
_SHOWN = "visibility:visible!important;opacity:1!important"


def reveal(root: Element, page_body: Element, article: Element | None) -> None:
    """Show the page, and everything from the article up to its root."""
    around = [] if article is None else [article, *tree.ancestors(article)]
    for element in {root, page_body, *around}:
        show(element)
    for element in {page_body, *around} - {root}:
        style = tree.get(element, "style").rstrip("; ")
        tree.put(element, "style", f"{style};{_SHOWN}".lstrip(";"))
    if article is not None:
        fold(article)
    for sheet in tree.elements(root, "style"):
        text = sheet.text
        if "body" in text or "html" in text:
            sheet.set_text(_WHOLE.sub(lambda m: m[1] + _HIDING.sub("", m[2]), text))


def fold(article: Element) -> None:
    """Take away the room of pictures that only a script would have brought."""
    for element in tree.select(article, "[style*=padding]"):
        above = tree.parent(element)
        kept = above is None or _pictured(above) or element.text.strip()
        if not kept and _ROOM.search(tree.get(element, "style")):
            tree.drop(element, "style")


def _pictured(element: Element) -> bool:
    styled = tree.select(element, "[style*='url(']")
    return bool(styled) or next(iter(tree.elements(element, *_PICTURES)), None) is not None


def show(element: Element) -> None:
    """Take away what hides this element by itself."""
    tree.drop(element, "hidden")
    if style := tree.get(element, "style"):
        shown = _HIDING.sub("", style).strip("; ")
        tree.put(element, "style", shown) if shown else tree.drop(element, "style")
    names = tree.get(element, "class").split()
    if any(_WAITING.match(name) for name in names):
        kept = [name for name in names if not _WAITING.match(name)]
        tree.put(element, "class", " ".join(kept)) if kept else tree.drop(element, "class")
