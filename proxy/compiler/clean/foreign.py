"""SVG and MathML: drawings and formulas stay; what runs, animates or goes back to HTML does not."""

import re
from functools import lru_cache

from proxy.compiler import tree
from proxy.compiler.clean import css, policy
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base

_ELSEWHERE = re.compile(r'url\("http[^"]*+"\)')
_LINKS = frozenset({"href", "xlink:href"})
# Integration points, in which the parser goes back to HTML: only their text may stay.
_INTEGRATION = frozenset({"title", "desc", "annotation", "mi", "mo", "mn", "ms", "mtext"})


def clean(element: Element, base: Base) -> bool:
    """Clean one element of SVG or MathML; False: remove it with its content."""
    tag = element.tag
    drawn = element.namespace is tree.SVG
    if tag not in (policy.SVG_ELEMENTS if drawn else policy.MATHML_ELEMENTS):
        return False
    if tag == "style":
        tree.drop(element, *(name for name, _ in tree.attributes(element)))
        text = css.sheet(element.text, base)
        if "<" in text or "&" in text:
            return False
        element.set_text(text)
        return True
    if tag in _INTEGRATION and tree.child_elements(element):
        element.set_text(element.text)
    _attributes(element, base)
    return True


def _attributes(element: Element, base: Base) -> None:
    for name, value in tree.attributes(element):
        kept = _link(element, value, base) if name in _LINKS else _value(name, value, base)
        if kept != value:
            tree.put(element, name, kept or "")


def _link(element: Element, value: str, base: Base) -> str | None:
    if element.tag == "a":
        return base.link(value) or None
    if element.tag in ("image", "feImage"):
        return base.picture(value) or None
    # `use` and gradients may refer to a part of this page, never to another document.
    return value if value.startswith("#") else None


def _value(name: str, value: str, base: Base) -> str | None:
    if len(name) > policy.MAX_NAME or not _is_named(name):
        return None
    if name == "id" and value.strip().lower() == "passalong":
        return None
    if name == "style" or ("(" in value and "url(" in value.lower()):
        # A browser would fetch a marker or a filter of another address as a document.
        return _ELSEWHERE.sub('url("")', css.inline(value, base))
    return None if ":" in value and "script" in value.lower() else value


@lru_cache(maxsize=4096)
def _is_named(name: str) -> bool:
    """Whether an attribute of this name may stay."""
    named = policy.FOREIGN_ATTRIBUTE.match(name) is not None
    return named and name not in policy.FOREIGN_REFUSED
