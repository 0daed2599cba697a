# ruff: noqa: SLF001 - the lists and patterns are asked where they stand, as lxml would be told them
"""Our edits as lxml's users would write them: lxml's own loops and calls, our lists and rules.

Values (style sheets, addresses) go through our own functions, as lxml has none.
"""

from collections.abc import Iterable

from lxml import etree, html

from proxy.compiler.clean import attributes, beacons, css, foreign, policy
from proxy.compiler.scripted import embeds, stills, unlazy
from proxy.compiler.tree import DEEPEST
from proxy.compiler.urls import Base

_ALLOWED = {
    tag: policy.GLOBAL_ATTRIBUTES | policy.ATTRIBUTES.get(tag, frozenset())
    for tag in policy.ELEMENTS
}
_OF_ALL = attributes.rules_of("", policy.GLOBAL_ATTRIBUTES)
_RULES = {tag: _OF_ALL | rules for tag, rules in attributes.OF_TAGS.items()}
# libxml2 lower-cases the names of SVG and MathML.
_DRAWN = {name.lower() for name in policy.SVG_ELEMENTS | policy.MATHML_ELEMENTS}
_WAITING = ("img", "source", "amp-img", "video", "audio", "iframe")
_BACKGROUNDS = "|".join(f"//*[@{name}]" for name in unlazy._BACKGROUNDS)
_SETS = frozenset({*unlazy._SOURCES, *unlazy._SETS, "sizes"})
# A cache of values: half of a page's links and most of its styles are repetitions.
Seen = dict[tuple[attributes.Rule, str], str]


def edit(root: html.HtmlElement, base: Base) -> None:
    """Make all edits, in place."""
    for element in root.iter(*_WAITING):
        _resolve(element)
    for element in list(root.iter("noscript")):
        _noscript(element)
    for element in root.xpath(_BACKGROUNDS):
        _background(element)
    for element in list(root.iter(*stills._FRAMES, *stills._PLAYERS)):
        _still(element, base)
    for note in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        note.drop_tag()
    drawn = [part for top in root.iter("svg", "math") for part in top.iter(etree.Element)]
    for element in drawn:
        _drawn(element, base)
    elements = list(root.iter(etree.Element))
    _flatten(elements)
    _clean(elements, frozenset(drawn), base)


def _flatten(elements: list[html.HtmlElement]) -> None:
    """Flatten what is too deep, by the existing list: a walk would cost lxml 0.3 ms."""
    step = DEEPEST // 2
    if all(len(list(e.iterancestors())) + 1 + step <= DEEPEST for e in elements[::step]):
        return
    for element in elements:
        if len(list(element.iterancestors())) >= DEEPEST:
            element.drop_tag()


def _icon(attrib: etree._Attrib) -> None:
    if "width" in attrib or "height" in attrib:
        return
    box = unlazy._VIEW_BOX.match(attrib.get("viewbox", ""))
    if box and max(float(box[1]), float(box[2])) <= unlazy.ICON:
        attrib["width"], attrib["height"] = box[1], box[2]


def _resolve(element: html.HtmlElement) -> None:
    attrib = element.attrib
    if _SETS.isdisjoint(attrib):
        return
    for name in unlazy._SOURCES:
        value = attrib.get(name, "").strip()
        if value and unlazy._ADDRESS.match(value):
            now = attrib.get("src", "")
            if name in unlazy._SOURCES[:5] or unlazy._waits(now):
                attrib["src"] = value
                _show(attrib)
            break
    if found := next((attrib[n] for n in unlazy._SETS if attrib.get(n)), ""):
        attrib["srcset"] = found
        _show(attrib)
    if attrib.get("sizes") == "auto":
        del attrib["sizes"]


def _show(attrib: etree._Attrib) -> None:
    names = attrib.get("class", "").split()
    if kept := [name for name in names if not unlazy._CLASSES.search(name.casefold())]:
        attrib["class"] = " ".join(kept)
    else:
        attrib.pop("class", None)
    if len(kept) < len(names):
        attrib["style"] = f"{attrib.get('style', '').rstrip('; ')};{unlazy._SHOWN}".lstrip(";")


def _noscript(element: html.HtmlElement) -> None:
    """Unwrap a `<noscript>`, whose content libxml2 has parsed already."""
    before = element.getprevious()
    twin = before is not None and before.tag == "img" and unlazy._waits(before.get("src", ""))
    if twin and element.find(".//img") is not None:
        before.drop_tree()
    if unlazy._ASKS_FOR_SCRIPTS.search(element.text_content()):
        element.drop_tree()
    else:
        element.drop_tag()


def _background(element: html.HtmlElement) -> None:
    value = next((v for n in unlazy._BACKGROUNDS if (v := element.get(n))), "").strip()
    address = value.removeprefix("url(").removesuffix(")").strip("'\"")
    if unlazy._ADDRESS.match(address) and '"' not in address:
        style = element.get("style", "").rstrip("; ")
        element.set("style", f'{style};background-image:url("{address}")'.lstrip(";"))


def _still(element: html.HtmlElement, base: Base) -> None:
    """Put a link with its address as text; our still has a picture and a name."""
    if element.getparent() is None:
        return
    address = base.fetched(element.get("src", "") or element.get("data", ""))
    small = address.casefold()
    shows = element.tag in stills._PLAYERS or stills._SHOWS.search(small)
    if address and shows and not stills._ADS.search(small):
        address = embeds.page(address, base)
        made = html.Element("a", href=address, rel="noopener", style=stills._LINE)
        made.text, made.tail = address, element.tail
        element.getparent().replace(element, made)


def _drawn(element: html.HtmlElement, base: Base) -> None:
    attrib = element.attrib
    if element.tag == "svg":
        _icon(attrib)
    if element.tag not in _DRAWN:
        element.drop_tree()
    elif element.tag == "style":
        element.text = css.sheet(element.text or "", base)
    else:
        for name, value in attrib.items():
            if name in ("href", "xlink:href"):
                kept = base.link(value) if element.tag == "a" else value if value[:1] == "#" else ""
            else:
                kept = foreign._value(name, value, base)
            if not kept:
                del attrib[name]
            elif kept != value:
                attrib[name] = kept


def _clean(
    elements: Iterable[html.HtmlElement], drawn: frozenset[html.HtmlElement], base: Base
) -> None:
    seen: Seen = {}
    for element in elements:
        tag = element.tag
        if element in drawn:
            continue
        if tag in policy.RENAMED:
            element.tag = tag = policy.RENAMED[tag]
        if tag in policy.DROPPED or not _fits(element, tag, base):
            element.drop_tree()
        elif not (tag in _ALLOWED or policy.CUSTOM.fullmatch(tag)):
            element.drop_tag()
        else:
            _attributes(element, tag, base, seen)


def _fits(element: html.HtmlElement, tag: str, base: Base) -> bool:
    if tag == "link":
        return _link_fits(element.attrib)
    if tag == "meta":
        return element.get("name", "").strip().lower() in policy.META_NAMES
    if tag == "title":
        return element.getparent().tag == "head"
    if tag == "style":
        if any(n.startswith("amp") for n in element.attrib) and "amp-custom" not in element.attrib:
            return False
        element.text = css.sheet(element.text or "", base)
    return tag != "img" or not _counts(element)


def _link_fits(attrib: etree._Attrib) -> bool:
    rels = frozenset(attrib.get("rel", "").lower().split())
    if "preload" in rels and attrib.get("as", "").lower() == "style":
        rels = frozenset({"stylesheet"}) if "onload" in attrib else frozenset()
    if "alternate" in rels or not rels & policy.LINK_RELS:
        return False
    if "stylesheet" in rels:
        if "onload" in attrib and attrib.get("media", "").strip().lower() in ("print", "x"):
            attrib["media"] = "all"
        attrib["rel"] = "stylesheet"
    return bool(attrib.get("href"))


def _counts(picture: html.HtmlElement) -> bool:
    address, style = picture.get("src", "").strip().casefold(), picture.get("style", "")
    sizes = [picture.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return (
        all(size in ("0", "1") for size in sizes)
        or (style != "" and len(beacons._LINE.findall(style)) == 2)
        or beacons._HOST.match(address) is not None
        or ("?" in address and beacons._NAME.search(address) is not None)
    )


def _attributes(element: html.HtmlElement, tag: str, base: Base, seen: Seen) -> None:
    attrib = element.attrib
    allowed = _ALLOWED.get(tag, policy.GLOBAL_ATTRIBUTES)
    rules = _RULES.get(tag, _OF_ALL)
    for name, value in attrib.items():
        if name not in allowed:
            longest = attributes.unlisted(name)
            kept, stays = value, 0 < longest >= len(value)
        elif name in rules:
            rule = rules[name]
            if (found := seen.get((rule, value))) is None:
                found = seen[rule, value] = rule(base, value)
            kept, stays = found, bool(found)
        else:
            continue
        if not stays:
            del attrib[name]
        elif kept != value:
            attrib[name] = kept
