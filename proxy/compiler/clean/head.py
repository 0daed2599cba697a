"""The head's links and metas: style sheets and the icon stay; nothing that fetches ahead does."""

from proxy.compiler import tree
from proxy.compiler.clean import css, policy
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base


def link_stays(element: Element) -> bool:
    """Whether a `<link>` stays; a style sheet that waits for a script is made to load at once."""
    rels = frozenset(tree.get(element, "rel").lower().split())
    if "preload" in rels and tree.get(element, "as").lower() == "style":
        rels = _sheet_now(element)
    if "alternate" in rels or not rels & policy.LINK_RELS:
        return False
    if "stylesheet" in rels:
        _media_now(element)
    # No other keyword beside it: `icon preconnect` connects, `icon canonical` is what chats share.
    tree.put(element, "rel", "stylesheet" if "stylesheet" in rels else "icon")
    return bool(tree.get(element, "href"))


def _sheet_now(element: Element) -> frozenset[str]:
    # loadCSS: `rel=preload as=style onload="this.rel='stylesheet'"`.
    return frozenset({"stylesheet"}) if "onload" in element.attrs else frozenset()


def _media_now(element: Element) -> None:
    # `media=print onload="this.media='all'"` is a style sheet for the screen.
    if "onload" in element.attrs and tree.get(element, "media").strip().lower() == "print":
        tree.put(element, "media", "all")


def meta_stays(element: Element) -> bool:
    """Whether a `<meta>` stays: no refresh, policy or card of the publisher's, and our charset."""
    return tree.get(element, "name").strip().lower() in policy.META_NAMES


def clean_style(element: Element, base: Base) -> bool:
    """Clean a `<style>`; False: it hides the page until a script runs (AMP, Optimize)."""
    if any(name.startswith("amp") for name in element.attrs) and "amp-custom" not in element.attrs:
        return False
    text = element.text
    if (kept := css.sheet(text, base)) != text:
        element.set_text(kept)
    return True
