"""Attributes of HTML elements: kept by name, addresses made absolute, handlers never."""

from proxy.compiler import tree
from proxy.compiler.clean import css, policy
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base

_PICTURES = frozenset({("img", "src"), ("video", "poster")})

# Most elements have only these: whatever they say, they stay.
_HARMLESS = policy.GLOBAL_ATTRIBUTES - {"id", "style", "background"}


def clean(element: Element, base: Base) -> None:
    """Leave what the policy names, with safe values; the rest goes."""
    if _HARMLESS.issuperset(element.attrs):
        return
    allowed = policy.ATTRIBUTES.get(element.tag, frozenset())
    for name in list(element.attrs):
        if name in _HARMLESS:
            continue
        value = tree.get(element, name)
        kept = _value(element.tag, name, value, base) if _named(name, allowed) else None
        if kept is None:
            tree.drop(element, name)
        elif kept != value:
            tree.put(element, name, kept)


def _named(name: str, allowed: frozenset[str]) -> bool:
    if name.startswith("data-"):
        return not policy.REFUSED_DATA.match(name)
    return name in allowed or name in policy.GLOBAL_ATTRIBUTES or name.startswith("aria-")


def _value(tag: str, name: str, value: str, base: Base) -> str | None:
    """What the attribute may say; None: it goes."""
    if name == "href":
        return (base.link(value) if tag in ("a", "area") else base.fetched(value)) or None
    if (tag, name) in _PICTURES or name == "background":
        return base.picture(value) or None
    if name in ("src", "cite"):
        return base.fetched(value) or None
    if name == "srcset":
        return srcset(value, base) or None
    if name == "style":
        return css.inline(value, base) or None
    return _plain(name, value)


def _plain(name: str, value: str) -> str | None:
    if name.startswith("data-"):
        return value if len(value) <= policy.MAX_DATA else None
    if name == "id" and value.strip().lower() == "passalong":
        return None
    if name == "target":
        return value if value == "_blank" else None
    if name == "usemap":
        return value if value.startswith("#") else None
    return value


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
