"""A publisher's page with nothing left in it that runs, asks, frames or fetches ahead.

The Content-Security-Policy is the barrier (DESIGN, section 5); this keeps pages whole and honest
where no policy goes with them, as in the output of `passalong brand`.
"""

from proxy.compiler import tree
from proxy.compiler.clean import attributes, beacons, foreign, head, policy
from proxy.compiler.tree import Comment, Document, Element
from proxy.compiler.urls import Base

_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
# Most elements: nothing is asked of them but their attributes, and those that may have others.
_PLAIN = policy.ELEMENTS - {"link", "meta", "style", "title", "img", *policy.RENAMED}
_ALLOWED = {
    tag: policy.GLOBAL_ATTRIBUTES | policy.ATTRIBUTES.get(tag, frozenset())
    for tag in policy.ELEMENTS
}
_SAFE = {tag: _ALLOWED[tag] for tag in _PLAIN}


def clean(document: Document, base: Base) -> None:
    """Clean the whole tree; every address in it is absolute afterwards."""
    tree.remove(tree.notes(document))
    # The parser alone makes what is drawn, and never outside of these two.
    for element in tree.select(document, "svg, svg *, math, math *"):
        if not tree.is_html(element) and not foreign.clean(element, base):
            element.extract()
    # Nine of ten elements are as they may be, and a page has thousands: no call for each.
    for element in tree.elements(document):
        safe = _SAFE.get(element.tag)
        if safe is not None and safe.issuperset(element.attrs):
            continue
        if tree.is_html(element) and not _element(element, base):
            element.extract()
    attributes.values(document, base)


def _element(element: Element, base: Base) -> bool:
    """Clean one element of HTML; False: it goes with all that is in it."""
    if element.tag in policy.RENAMED and not _renamed(element):
        return True
    if element.tag in policy.DROPPED or not _fits(element, base):
        return False
    if element.tag in policy.UNWRAPPED or not _known(element.tag):
        tree.unwrap(element)
        return True
    attributes.names(element, _ALLOWED.get(element.tag, policy.GLOBAL_ATTRIBUTES))
    return True


def _known(tag: str) -> bool:
    if tag in policy.RESERVED:
        return False
    return tag in policy.ELEMENTS or policy.CUSTOM.fullmatch(tag) is not None


def _renamed(element: Element) -> bool:
    """Rename; False: it was unwrapped instead, a div could not stand here."""
    above = tree.parent(element)
    if above is not None and above.tag in _TABLE:
        tree.unwrap(element)
        return False
    element.tag = policy.RENAMED[element.tag]
    return True


def _fits(element: Element, base: Base) -> bool:
    """What only some elements must pass."""
    if element.tag == "link":
        return head.link_stays(element)
    if element.tag == "meta":
        return head.meta_stays(element)
    if element.tag == "style":
        return head.clean_style(element, base)
    if element.tag == "title":
        above = tree.parent(element)
        return above is not None and above.tag == "head"
    return not (element.tag == "img" and beacons.counts(element))


__all__ = ["Comment", "clean"]
