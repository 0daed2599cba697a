"""Attributes of HTML elements: kept by name, with absolute addresses; event handlers never."""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from proxy.compiler import tree
from proxy.compiler.clean import css, policy
from proxy.compiler.tree import HTML, Document, Element
from proxy.compiler.urls import Base

# The value that an attribute gets instead of its own; "": the attribute is removed.
Rule = Callable[[Base, str], str]


def names(element: Element, allowed: frozenset[str]) -> None:
    """Remove attributes that are not in `allowed`, the list of the element's tag, or `unlisted`."""
    attrs = element.attrs
    for name in list(attrs):
        if name not in allowed:
            longest = unlisted(name) if len(name) <= policy.MAX_NAME else 0
            if not longest or len(element.attr(name) or "") > longest:
                del attrs[name]


@lru_cache(maxsize=4096)
def unlisted(name: str) -> int:
    """How long the value of an attribute that no list names may be; 0: remove the attribute."""
    if name.startswith("data-"):
        return 0 if policy.REFUSED_DATA.match(name) else policy.MAX_DATA
    if name.startswith(policy.SCOPES):
        return policy.MAX_DATA
    return sys.maxsize if name.startswith("aria-") else 0


def values(document: Document, base: Base) -> None:
    """Make the values of the remaining attributes safe, or remove the attributes.

    The engine finds the few elements that have an attribute with a rule.
    """
    of_tags = defaultdict(list)
    for element in tree.elements(document, *OF_TAGS):
        of_tags[element.tag].append(element)
    for tag, elements in of_tags.items():
        for name, rule in OF_TAGS[tag].items():
            _judge(elements, name, rule, base)
    for selector, rules in _SOUGHT.items():
        elements = [each for each in tree.select(document, selector) if each.namespace is HTML]
        for name, rule in rules.items():
            _judge(elements, name, rule, base)


def _judge(elements: list[Element], name: str, rule: Rule, base: Base) -> None:
    """Apply the rule of one attribute to all these elements, to each different value once."""
    given = [element.attr(name) for element in elements]
    changed: dict[str | None, str] = {}
    for value in set(given):
        if value is not None and ((kept := rule(base, value)) != value or not kept):
            changed[value] = kept
    for element, value in zip(elements, given, strict=True) if changed else ():
        if value not in changed:
            continue
        if kept := changed[value]:
            base.weigh(len(kept))
            element.attrs[name] = kept
        else:
            del element.attrs[name]


def _id(_: Base, value: str) -> str:
    return "" if value.strip().lower() == "passalong" else value


def _style(base: Base, value: str) -> str:
    return css.inline(value, base)


def srcset(base: Base, value: str) -> str:
    """A srcset with the candidates whose address may stay, made absolute."""
    kept = []
    for url, size in candidates(value):
        # Commas inside an address belong to it: picture-resizing services use them.
        if absolute := base.fetched(url).rstrip(","):
            kept.append(f"{absolute} {size}".strip())
    return ", ".join(kept)


def candidates(value: str) -> list[tuple[str, str]]:
    """Address and size of each candidate (WHATWG, "parse a srcset attribute", simplified)."""
    found: list[tuple[str, str]] = []
    rest = " ".join(value.split())
    while rest and len(found) < 100:
        url, _, rest = rest.lstrip(", ").partition(" ")
        if url.endswith(","):
            found.append((url.rstrip(","), ""))
            continue
        size, _, rest = rest.partition(",")
        found.append((url.strip(", "), size.strip()))
    return [(url, size) for url, size in found if url]


_OF_NAMES: Final[Mapping[str, Rule]] = {
    "id": _id,
    "style": _style,
    "background": Base.picture,
    "target": lambda _, value: value if value == "_blank" else "",
    # A page that a link opens in a new tab must not control this one.
    "rel": lambda _, value: "" if "opener" in value.lower().split() else value,
    "usemap": lambda _, value: value if value.startswith("#") else "",
    "href": Base.fetched,
    "src": Base.fetched,
    "cite": Base.fetched,
    "srcset": srcset,
}
_OF_BOTH: Final[Mapping[tuple[str, str], Rule]] = {
    ("a", "href"): Base.link,
    ("area", "href"): Base.link,
    ("img", "src"): Base.picture,
    ("video", "poster"): Base.picture,
}


def rules_of(tag: str, names: frozenset[str]) -> dict[str, Rule]:
    """The rules of a tag; an attribute without one stays whatever it says."""
    both = {name: _OF_BOTH.get((tag, name)) or _OF_NAMES.get(name) for name in sorted(names)}
    return {name: rule for name, rule in both.items() if rule}


OF_TAGS: Final = {
    tag: rules for tag, names in policy.ATTRIBUTES.items() if (rules := rules_of(tag, names))
}
# Selectors of elements, whatever their tag, with an attribute that a rule may change.
_SOUGHT: Final[Mapping[str, Mapping[str, Rule]]] = {
    "[style]": {"style": _style},
    "[background], [id*=passalong i]": {"background": Base.picture, "id": _id},
}
