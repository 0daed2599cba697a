"""Pictures that wait for a script, and those that a reader of the compiled page sees; by lxml."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from . import parsed

_WAITS = re.compile(r"data-(?:lazy-?)?(?:src|original|actualsrc|srcset|echo|url|bg)$|data-lazy$")
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s\"'<>]{6,}|/[^\s\"'<>]+\.(?:jpe?g|png|gif|webp|avif)", re.IGNORECASE
)
_STYLED = re.compile(r"url\([\"']?(.*?)[\"']?\)")


def waiting(markup: str) -> list[str]:
    """The paths of pictures that a script would have shown."""
    found = (
        _path(value.split()[0].rstrip(",") if "set" in name or ", " in value else value)
        for element in _tree(markup).iter("img", "source")
        for name, value in element.attrib.items()
        if _WAITS.match(name) and _ADDRESS.match(value.strip()) and not _one_pixel(element)
    )
    return list(dict.fromkeys(filter(None, found)))


def shown(markup: str) -> frozenset[str]:
    """The paths of all pictures that a browser would fetch without scripts."""
    tree = _tree(markup) if markup.strip() else html.Element("p")
    return frozenset(path for value in _fetched(tree) if (path := _path(value)))


def _fetched(tree: html.HtmlElement) -> Iterator[str]:
    for element in tree.iter("img", "source", "image", "graphic"):
        yield element.get("src", "")
        yield from (
            part.split()[0] for part in element.get("srcset", "").split(", ") if part.split()
        )
    for element in tree.iterfind(".//*[@style]"):
        yield from _STYLED.findall(unescape(element.get("style", "")))


def _tree(markup: str) -> html.HtmlElement:
    tree = parsed(markup)
    etree.strip_elements(tree, "script", "template", with_tail=False)
    return tree


def _one_pixel(element: html.HtmlElement) -> bool:
    return {element.get("width"), element.get("height")} <= {"0", "1"}


def _path(address: str) -> str:
    try:
        split = urlsplit(address.strip())
    except ValueError:
        return ""
    return unquote(split.path) if split.scheme in ("", "http", "https") else ""
