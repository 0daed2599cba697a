"""Gives lazy-loaded pictures their address, and replaces `<noscript>` by its content."""

import re

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import is_hidden
from proxy.compiler.tree import Document, Element, Node
from proxy.compiler.urls import MAX_URL

# Names of attributes that common lazy loaders use, the most trusted first. Without one of these,
# `_guess` takes any attribute with such an ending, or with a picture's address.
_SOURCES = """
    data-src data-actualsrc data-original data-lazy-src data-lazy data-src-medium data-echo
    data-url data-image data-img data-deferred data-ks-lazyload data-baseurl original file
    zoomfile
""".split()
_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "data-src-set", "data-set")
_SIZES = ("sizes", "data-sizes", "data-lazy-sizes")
_WIDTH = re.compile(r"\s(\d{1,5})w\b")
_BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-lazy-bg")
_WAITING = ("img", "source", "amp-img", "video", "audio", "iframe")
_ASKED = frozenset({*_SOURCES, *_SETS, "sizes"})
_CLASSES = re.compile(r"lazy|lozad|unveil|loading|not-loaded|blur-up")
_PLACEHOLDERS = "blank placeholder spacer loading lazy transparent pixel grey 1x1 clear.gif".split()
_ADDRESS = re.compile(
    r"(?:https?:)?//|[^\s{}<>\"]+\.(?:jpe?g|png|gif|webp|avif|svg)|/[^\s{}<>\"]*$", re.IGNORECASE
)
_PICTURE = re.compile(
    r"[^\s{}<>\"]*/[^\s{}<>\"]*\.(?:jpe?g|png|gif|webp|avif)(?:[?!&][^\s{}<>\"]*)?$", re.IGNORECASE
)
_WORDS = frozenset({"src", "srcset", "alt", "title", "style"})
_ASKS_FOR_SCRIPTS = re.compile(r"java\s*script|enable (?:js|scripts)|启用.{0,6}脚本", re.IGNORECASE)
_VIEW_BOX = re.compile(
    r"\s*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d{1,4}(?:\.\d{1,4})?)[\s,]+(\d{1,4}(?:\.\d{1,4})?)\s*$"
)
_DRAWN = tree.names("path circle ellipse rect polygon polyline line image text use")
ICON = 64
# An icon set's drawing (Font Awesome: 512 units high, Material Symbols: 960) consists of one or two
# shapes and is about as wide as high.
GLYPH = 1024
# A picture wider than this (pixels) gets the attribute `data-fits`: `frame` makes it fit where the
# page does not.
PHONE = 360
# A placeholder in a data: address is no longer than this (characters).
DRAWING = 1_000
_REAL = re.compile(r"(?:\.(?:jpe?g|webp|avif)|(?<!placeholder)\.png)(?:$|[?!&])", re.IGNORECASE)
_SHOWN = "opacity:1!important;visibility:visible!important"


def unlazy(document: Document) -> None:
    """Give every waiting picture its address, and replace each `<noscript>` by its content."""
    found = tree.elements(document, *_WAITING, "noscript")
    for element in found:
        if element.tag != "noscript":
            resolve(element)
            _guess(element)
        if element.tag == "amp-img":  # AMP's script would fit it to the page, whatever its address
            _show(element)
    for element in found:
        if element.tag == "noscript":
            _noscript(element)
    for element in tree.elements(document, "svg"):
        _icon(element)
    for element in tree.select(document, ", ".join(f"[{name}]" for name in _BACKGROUNDS)):
        _background(element)


def resolve(element: Element) -> None:
    """Set the address that a script would set on a picture or video."""
    names = _ASKED.intersection(element.attrs)
    if not names:
        return
    source = next((v for n in _SOURCES if n in names and (v := _address(element, n))), "")
    if source and not _only_larger(element, source):
        tree.put(element, "src", source)
        _show(element)
    if sources := next((v for n in _SETS if n in names and (v := tree.get(element, n))), ""):
        if _ADDRESS.match(sources.strip()):
            tree.put(element, "srcset", sources)
            _size(element, sources)
            _show(element)
    elif source and "srcset" in element.attrs and _waits(tree.get(element, "srcset")):
        tree.drop(element, "srcset")
    if tree.get(element, "sizes") == "auto":
        _size(element, tree.get(element, "srcset"))
    if element.tag in ("img", "source"):
        # Style sheets for readers without scripts hide pictures with these, which have a copy in
        # `<noscript>`.
        tree.drop(element, *(name for name in names if name.startswith("data-")))


def _guess(element: Element) -> None:
    """Set the address of a picture without one from an attribute of unknown name."""
    if element.tag not in ("img", "source", "amp-img") or not waiting(element):
        return
    others = (name for name in element.attrs if name not in _WORDS)
    addresses = [(name, value) for name in others if (value := _address(element, name))]
    if sources := next((value for name, value in addresses if name.endswith("srcset")), ""):
        tree.put(element, "srcset", sources)
        _size(element, sources)
    source = next((v for n, v in addresses if n.endswith("src") or _PICTURE.match(v)), "")
    if source and element.tag != "source":
        tree.put(element, "src", source)
    if source or sources:
        _show(element)


def _size(element: Element, sources: str) -> None:
    """Set `sizes` where a script would measure: as declared, or at most the widest file's width.

    Without it a browser takes even an icon to be as wide as the window.
    """
    sizes = next(
        (v for n in _SIZES if (v := tree.get(element, n)[:MAX_URL]) not in ("", "auto")), ""
    )
    widest = max(map(int, _WIDTH.findall(sources)), default=0)
    measured = f"(max-width:{widest}px) 100vw, {widest}px" if widest else ""
    tree.put(element, "sizes", sizes or measured)


def waits_for_script(element: Element) -> bool:
    """Whether a picture has an address, or a better one, that only a script would set."""
    return not _ASKED.isdisjoint(element.attrs)


def waiting(element: Element) -> bool:
    """Whether the picture has no real address."""
    return _waits(tree.get(element, "src")) and _waits(tree.get(element, "srcset"))


def empty(picture: Element) -> bool:
    """Whether the picture has nothing but a placeholder."""
    source = tree.get(picture, "src").strip()
    drawn = source.startswith("data:") and len(source) > DRAWING
    return waiting(picture) and not (drawn or _REAL.search(source))


def _waits(source: str) -> bool:
    lowered = source[:300].strip().lower()
    file = lowered.partition("?")[0].rpartition("/")[2]
    return (
        lowered.startswith(("data:", "about:"))
        or not lowered
        or any(map(file.count, _PLACEHOLDERS))
    )


def _address(element: Element, name: str) -> str:
    value = tree.get(element, name)[:MAX_URL].strip()
    return value if _ADDRESS.match(value) else ""


def _only_larger(element: Element, source: str) -> bool:
    """Whether a picture has a real address already, and `source` is for a script's own use."""
    now = tree.get(element, "src")
    known = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-lazy")
    return not _waits(now) and not any(source == tree.get(element, n).strip() for n in known)


def _show(element: Element) -> None:
    if (tree.number(tree.get(element, "width")) or 0) > PHONE:
        element.attrs["data-fits"] = ""
    names = tree.get(element, "class").split()
    kept = [name for name in names if not _CLASSES.search(name.casefold())]
    tree.put(element, "class", " ".join(kept))
    style = tree.get(element, "style").rstrip("; ")
    if (len(kept) < len(names) or "opacity" in style) and not style.endswith(_SHOWN):
        tree.style(element, _SHOWN)


def _background(element: Element) -> None:
    for name in _BACKGROUNDS:
        if value := tree.get(element, name).strip():
            address = value.removeprefix("url(").removesuffix(")").strip("'\"")
            if _ADDRESS.match(address) and '"' not in address:
                tree.style(element, f'background-image:url("{address}")')
            return


def _icon(element: Element) -> None:
    """Give an icon without a size that of its view box; else it may become as wide as the page."""
    if "width" in element.attrs or "height" in element.attrs:
        return
    box = _VIEW_BOX.match(tree.get(element, "viewBox"))
    if box and max(float(box[1]), float(box[2])) <= ICON:
        tree.put(element, "width", box[1])
        tree.put(element, "height", box[2])
    elif box and _is_glyph(element, float(box[1]), float(box[2])):
        tree.put(element, "height", "1em")


def _is_glyph(element: Element, width: float, height: float) -> bool:
    if not (height <= GLYPH and 0.4 * height <= width <= 1.3 * height):
        return False
    return len(tree.elements(element, *_DRAWN)) in (1, 2)


def _noscript(element: Element) -> None:
    """Put what readers without scripts see in place of what a script would show."""
    nodes = tree.fragment(element.text, "body")
    if any(above.tag == "head" for above in tree.ancestors(element)):
        _keep(element, [n for n in nodes if isinstance(n, Element) and n.tag in ("style", "link")])
        return
    pictures = [p for n in nodes if isinstance(n, Element) for p in _pictures(n)]
    for picture in pictures:
        resolve(picture)
        _guess(picture)
    if pictures:
        _pictured(element, nodes, pictures)
    else:
        markup = not any(isinstance(n, Element) for n in nodes) and "<" in "".join(
            n.text for n in nodes
        )
        _keep(element, [] if markup or _ASKS_FOR_SCRIPTS.search(element.text) else nodes)


def _pictures(node: Element) -> list[Element]:
    return ([node] if node.tag == "img" else []) + tree.elements(node, "img")


def _keep(element: Element, nodes: list[Node]) -> None:
    element.replace_with(*nodes) if nodes else element.extract()


def _pictured(element: Element, nodes: list[Node], pictures: list[Element]) -> None:
    twin = _twin(element, pictures[0])
    if twin is None:
        _keep(element, nodes)
    elif waiting(twin) or is_hidden(twin):
        twin.replace_with(*nodes)
        element.extract()
    else:
        if "opacity" in tree.get(twin, "style"):
            _show(twin)
        element.extract()


def _twin(element: Element, picture: Element) -> Element | None:
    """The single picture beside or around a `<noscript>` that waits for the one in it, or shows it.

    Autoptimize and Squarespace write the `<noscript>` before its twin, others after it.
    """
    after = _beside(element, 1)
    for near in (_beside(element, -1), element.parent, after):
        found = _pictures(near) if isinstance(near, Element) else []
        if len(found) != 1:
            continue
        same = not files(found[0]).isdisjoint(files(picture))
        if same or (near is not after and waiting(found[0])):
            return found[0]
    return None


def _beside(element: Element, step: int) -> Node | None:
    """The element before (-1) or after (1) this one, across white space."""
    beside: Node | None = element
    while beside is element or (isinstance(beside, tree.Text) and not beside.data.strip()):
        beside = beside.next_sibling if step > 0 else beside.previous_sibling
    return beside


def files(picture: Element) -> set[str]:
    """The names of a picture's files, in all sizes."""
    sized = (each for each in tree.get(picture, "srcset").split() if "/" in each)
    addresses = (tree.get(picture, "src"), *sized)
    return {each.rstrip(",/").split("?")[0].rstrip("/").rpartition("/")[2] for each in addresses}
