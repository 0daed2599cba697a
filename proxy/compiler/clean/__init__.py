"""A publisher's page with nothing left in it that runs, asks, frames or fetches ahead.

The Content-Security-Policy is the barrier (DESIGN, section 5); this keeps pages whole and honest
where no policy goes with them, as in the output of `passalong brand`.

`policy` lists what may stay; `attributes`, `head`, `css` and `foreign` (SVG, MathML) judge what
only some may say, `beacons` are pictures that count.
"""

from collections.abc import Callable, Mapping
from typing import Final

from proxy.compiler import tree
from proxy.compiler.clean import attributes, beacons, foreign, head, policy
from proxy.compiler.tree import HTML, Document, Element
from proxy.compiler.urls import Base

_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
# Most elements: nothing is asked of them but their attributes, and those that may have others.
_PLAIN = policy.ELEMENTS - {"link", "meta", "style", "title", "img", *policy.RENAMED}
_ALLOWED = {
    tag: policy.GLOBAL_ATTRIBUTES | policy.ATTRIBUTES.get(tag, frozenset())
    for tag in policy.ELEMENTS
}
# Whether names of attributes are all allowed; bound to its set, which saves looking that up.
_SAFE = {tag: _ALLOWED[tag].issuperset for tag in _PLAIN}
_NEVER = ().__contains__


def clean(document: Document, base: Base) -> None:
    """Clean the whole tree; every address in it is absolute afterwards."""
    tree.remove(tree.notes(document))
    tree.remove(tree.elements(document, *policy.DROPPED))
    # Most elements are as they may be, and a page has thousands: no call for each.
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
    """Clean one element of HTML; False: it goes with all that is in it."""
    if tag in policy.RENAMED:
        above = tree.parent(element)
        if above is not None and above.tag in _TABLE:  # no div could stand here
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
    """What is named nowhere goes, and what is in it stays: in a span, if sheets may style that."""
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


# What only some elements must pass.
_FITS: Final[Mapping[str, Callable[[Element, Base], bool]]] = {
    "link": lambda element, _: head.link_stays(element),
    "meta": lambda element, _: head.meta_stays(element),
    "style": head.clean_style,
    "title": _title_fits,
    "img": lambda element, _: not beacons.counts(element),
}
