"""The head's links and metas: style sheets and the icon stay; nothing that fetches ahead does."""

from proxy.compiler import tree
from proxy.compiler.clean import css, policy
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base


def link_stays(element: Element, _: Base) -> bool:
    """Whether a `<link>` stays; a style sheet that waits for a script is made to load at once."""
    rels = frozenset(tree.get(element, "rel").lower().split())
    waits = "onload" in element.attrs
    if "preload" in rels and tree.get(element, "as").lower() == "style":
        # loadCSS: `rel=preload as=style onload="this.rel='stylesheet'"`.
        rels = frozenset({"stylesheet"} if waits else ())
    if "alternate" in rels or not rels & policy.LINK_RELS:
        return False
    if "stylesheet" in rels and waits and tree.get(element, "media").strip().lower() == "print":
        # `media=print onload="this.media='all'"` is a style sheet for the screen.
        tree.put(element, "media", "all")
    # No other keyword beside it: `icon preconnect` connects, `icon canonical` is what chats share.
    tree.put(element, "rel", "stylesheet" if "stylesheet" in rels else "icon")
    return bool(tree.get(element, "href"))


def meta_stays(element: Element, _: Base) -> bool:
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
