"""Cleans a publisher's page of all that runs, asks, frames or fetches ahead.

The Content-Security-Policy is the barrier (DESIGN, section 5); cleaning keeps pages whole and
honest where none is sent with them, as in the output of `passalong brand`.

`policy` lists what may stay. `attributes`, `head`, `css` and `foreign` (SVG, MathML) judge what
depends on its value; `beacons` are pictures that count readers.
"""

from collections.abc import Callable, Mapping
from typing import Final

from proxy.compiler import tree
from proxy.compiler.clean import attributes, beacons, foreign, head, policy
from proxy.compiler.tree import HTML, Document, Element
from proxy.compiler.urls import Base

_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
# Most elements: only the names and values of their attributes are judged.
_PLAIN = policy.ELEMENTS - {"link", "meta", "style", "title", "img", *policy.RENAMED}
_ALLOWED = {
    tag: policy.GLOBAL_ATTRIBUTES | policy.ATTRIBUTES.get(tag, frozenset())
    for tag in policy.ELEMENTS
}
# Whether all of an element's attributes are allowed, as bound methods: that saves a look-up.
_SAFE = {tag: _ALLOWED[tag].issuperset for tag in _PLAIN}
_NEVER = ().__contains__


def clean(document: Document, base: Base) -> None:
    """Clean the whole tree; every address in it is absolute afterwards."""
    tree.remove(tree.notes(document))
    tree.remove(tree.elements(document, *policy.DROPPED))
    # A page has thousands of elements, and most may stay as they are: no call for each.
    for element in [
        each
        for each in tree.elements(document)
        if not _SAFE.get(each.tag, _NEVER)(each.attrs) or each.namespace is not HTML
    ]:
        tag = element.tag
        if element.namespace is not HTML:
            stays = foreign.clean(element, base)
        elif tag in _PLAIN:
            attributes.names(element, _ALLOWED[tag])
            continue
        else:
            stays = _element(element, tag, base)
        if not stays:
            element.extract()
    attributes.values(document, base)


def _element(element: Element, tag: str, base: Base) -> bool:
    """Clean one HTML element; False: remove it with its content."""
    if tag in policy.RENAMED:
        above = tree.parent(element)
        if above is not None and above.tag in _TABLE:  # which may not contain a div
            tree.unwrap(element)
            return True
        tag = element.tag = policy.RENAMED[tag]
    if (fits := _FITS.get(tag)) and not fits(element, base):
        return False
    allowed = _ALLOWED.get(tag) or _if_custom(tag)
    if allowed is None:
        _unknown(element)
    elif not allowed.issuperset(element.attrs):
        attributes.names(element, allowed)
    return True


def _unknown(element: Element) -> None:
    """Replace an unlisted element by its content: in a span, if a style sheet may select it."""
    if "class" not in element.attrs and "id" not in element.attrs:
        tree.unwrap(element)
        return
    element.tag = "span"
    attributes.names(element, _ALLOWED["span"])


def _if_custom(tag: str) -> frozenset[str] | None:
    named = policy.CUSTOM.fullmatch(tag) and tag not in policy.RESERVED
    return policy.GLOBAL_ATTRIBUTES if named else None


def _title_fits(element: Element, _: Base) -> bool:
    above = tree.parent(element)
    return above is not None and above.tag == "head"


def _picture_fits(element: Element, _: Base) -> bool:
    if not beacons.counts(element):
        return True
    beacons.grow(element)
    return not beacons.counts(element)


# Tests that only some elements must pass.
_FITS: Final[Mapping[str, Callable[[Element, Base], bool]]] = {
    "link": head.link_stays,
    "meta": head.meta_stays,
    "style": head.clean_style,
    "title": _title_fits,
    "img": _picture_fits,
}
