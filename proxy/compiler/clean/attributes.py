"""Attributes of HTML elements: kept by name, addresses made absolute, handlers never."""

from collections.abc import Callable, Mapping
from typing import Final

from proxy.compiler.clean import css, policy
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base

# What becomes of a value; None: the attribute goes.
Rule = Callable[[str, Base], str | None]

# Most elements have only these: whatever they say, they stay.
_HARMLESS = policy.GLOBAL_ATTRIBUTES - {"id", "style", "background"}


def clean(element: Element, tag: str, base: Base) -> None:
    """Leave what the policy names for this tag, with safe values; the rest goes."""
    attrs = element.attrs
    if not attrs or _HARMLESS.issuperset(attrs):
        return
    rules = _RULES.get(tag, _COMMON)
    for name in list(attrs):
        if name in _HARMLESS:
            continue
        value = element.attr(name) or ""
        rule = rules.get(name) or _unlisted(name)
        kept = rule(value, base)
        if kept is None:
            del attrs[name]
        elif kept != value:
            attrs[name] = kept


def rule_of(tag: str, name: str) -> Rule:
    """What becomes of the values of an attribute of HTML's elements."""
    return _RULES.get(tag, _COMMON).get(name) or _unlisted(name)


def _unlisted(name: str) -> Rule:
    """For an attribute that is in no list."""
    if name.startswith("data-"):
        return _refused if policy.REFUSED_DATA.match(name) else _data
    return _told if name.startswith("aria-") else _refused


def _refused(_: str, __: Base) -> None:
    return None


def _told(value: str, _: Base) -> str:
    return value


def _data(value: str, _: Base) -> str | None:
    return value if len(value) <= policy.MAX_DATA else None


def _id(value: str, _: Base) -> str | None:
    return None if value.strip().lower() == "passalong" else value


def _target(value: str, _: Base) -> str | None:
    return value if value == "_blank" else None


def _usemap(value: str, _: Base) -> str | None:
    return value if value.startswith("#") else None


def _link(value: str, base: Base) -> str | None:
    return base.link(value) or None


def _fetched(value: str, base: Base) -> str | None:
    return base.fetched(value) or None


def _picture(value: str, base: Base) -> str | None:
    return base.picture(value) or None


def _srcset(value: str, base: Base) -> str | None:
    return srcset(value, base) or None


def _style(value: str, base: Base) -> str | None:
    return css.inline(value, base) or None


def srcset(value: str, base: Base) -> str:
    """The candidates of a srcset whose address may stay, absolute."""
    kept = []
    for url, size in candidates(value):
        # Commas within an address are its own: services that resize pictures are told by them.
        if absolute := base.fetched(url).rstrip(","):
            kept.append(f"{absolute} {size}".strip())
    return ", ".join(kept)


def candidates(value: str) -> list[tuple[str, str]]:
    """Address and size of each candidate (WHATWG, "parse a srcset attribute", simplified)."""
    found: list[tuple[str, str]] = []
    rest = value.strip()
    while rest and len(found) < 100:
        url, _, rest = rest.lstrip(", \t\n\r\f").partition(" ") if " " in rest else (rest, "", "")
        if url.endswith(","):
            found.append((url.rstrip(","), ""))
            continue
        size, _, rest = rest.partition(",")
        found.append((url.strip(", \t\n\r\f"), size.strip()))
    return [(url, size) for url, size in found if url]


_OF_NAMES: Final[Mapping[str, Rule]] = {
    "id": _id,
    "style": _style,
    "background": _picture,
    "target": _target,
    "usemap": _usemap,
    "href": _fetched,
    "src": _fetched,
    "cite": _fetched,
    "srcset": _srcset,
}
_OF_TAGS: Final[Mapping[tuple[str, str], Rule]] = {
    ("a", "href"): _link,
    ("area", "href"): _link,
    ("img", "src"): _picture,
    ("video", "poster"): _picture,
}


def _rules(tag: str, names: frozenset[str]) -> dict[str, Rule]:
    return {
        name: _OF_TAGS.get((tag, name)) or _OF_NAMES.get(name, _told)
        for name in names | policy.GLOBAL_ATTRIBUTES
    }


_COMMON: Final = _rules("", frozenset())
_RULES: Final = {tag: _rules(tag, names) for tag, names in policy.ATTRIBUTES.items()}
