"""Articles for the compiler, and a judge of its output that shares no code with it."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

from proxy.compiler import compile_page
from proxy.page import Mode, Page
from proxy.rights import Signals
from proxy.source import Source

HTML = "{http://www.w3.org/1999/xhtml}"
URL = "https://news.example/2026/story.html"
AT = 1_790_000_000_000
TEXT = (
    "The harvest came early this year, and with it the question of who would carry the baskets "
    "down to the valley before the first rain. {} people were asked, and all of them said yes."
)
PARAGRAPHS = "".join(f"<p>{TEXT.format(n)}</p>" for n in range(2, 14))

# Elements that run, frame, request or prefetch, listed again from the HTML Standard.
FORBIDDEN = frozenset(
    re.findall(
        r"[a-z-]+",
        """
        script iframe frame frameset object embed applet base form input select textarea noscript
        template portal noembed noframes plaintext xmp param foreignobject animate set dialog
        animatemotion animatetransform annotation-xml handler listener isindex keygen
        """,
    )
)
FETCHING = {"src", "href", "poster", "background", "srcset", "cite", "action", "formaction", "data"}
RUNNING = {"srcdoc", "ping", "nonce", "is", "slot", "formaction", "autofocus", "interestfor"}
RUNNING |= {"referrerpolicy", "download"}
SCHEMES = {"", "http", "https", "mailto", "tel", "sms", "data"}


def article(inside: str = "", head: str = "", paragraphs: str = PARAGRAPHS) -> str:
    """A plain article with something in its middle."""
    half = len(paragraphs) // 2
    cut = paragraphs.index("<p>", half) if "<p>" in paragraphs[half:] else half
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Harvest</title>{head}</head><body><article>"
        f"<h1>Harvest</h1><div class=entry-content>{paragraphs[:cut]}{inside}{paragraphs[cut:]}"
        "</div></article></body></html>"
    )


@pytest.fixture
def brand() -> Callable[..., Page]:
    """Compile markup as a page of news.example."""

    def run(markup: str | bytes, mode: Mode = "full", url: str = URL, **source: object) -> Page:
        body = markup if isinstance(markup, bytes) else markup.encode()
        return compile_page(Source(url, body, fetched_at=AT, **source), mode, Signals())

    return run


def written(page: Page) -> str:
    """The page with empty gaps."""
    return b"".join(page.segments).decode()


def filled(page: Page) -> str:
    """The page with an element in each gap, except in the head."""
    parts = [page.segments[0]]
    for gap, segment in zip(page.gaps, page.segments[1:], strict=True):
        card = f'<note-card data-slot="{gap}"></note-card>'
        parts += [b"" if gap == "head" else card.encode(), segment]
    return b"".join(parts).decode()


def faults(markup: str) -> list[str]:
    """What html5lib, which parses as browsers do, finds in a page though it is forbidden."""
    tree = html5lib.parse(markup, treebuilder="etree", namespaceHTMLElements=True)
    return [fault for element in tree.iter() for fault in _faults(element)]


def _faults(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    name = element.tag.rpartition("}")[2].lower()
    if name in FORBIDDEN:
        yield f"<{name}>"
    if name == "meta" and "http-equiv" in element.attrib:
        yield f"meta {element.attrib}"
    if name == "link" and element.get("rel") not in ("stylesheet", "icon"):
        yield f"link {element.attrib}"
    for key, value in element.attrib.items():
        yield from _attribute(name, key.rpartition("}")[2].lower(), value)
    if name == "style":
        yield from _css(element.text or "")


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name.startswith("on") or name in RUNNING or (name == "rel" and "opener" in value.split()):
        yield f"{tag} {name}={value[:60]}"
    if name in ("data-slot", "data-passalong") or (name == "id" and value == "passalong"):
        yield f"{tag} {name}={value[:60]}"
    if name in FETCHING and name != "srcset":
        yield from _address(tag, name, value)
    if name == "style":
        yield from _css(value)


def _address(tag: str, name: str, value: str) -> Iterator[str]:
    packed = re.sub(r"[\x00-\x20]", "", value)
    try:
        scheme = urlsplit(packed).scheme.lower()
    except ValueError:
        scheme = "unreadable"
    relative = not scheme and not packed.startswith("#")
    picture = scheme != "data" or (tag in ("img", "image", "feimage") and "image/" in packed[:20])
    if scheme not in SCHEMES or relative or not picture:
        yield f"{tag} {name}={value[:60]}"


def _css(text: str) -> Iterator[str]:
    lowered = re.sub(r"\s", "", text.lower())
    for word in ("javascript:", "vbscript:", "expression(", "-moz-binding"):
        if word in lowered:
            yield f"css {word}"


def linked(**fields: object) -> str:
    return f"<script type=application/ld+json>{json.dumps(fields)}</script>"


def headed(beside: str, head: str = "", behind: str = "") -> str:
    """An article with lines between its headline and its text, and after it."""
    return (
        f"<head>{head}</head><body><main><h1>Harvest</h1>{beside}"
        f"<div class=entry-content>{PARAGRAPHS}</div>{behind}</main>"
    )
