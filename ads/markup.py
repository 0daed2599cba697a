"""HTML elements whose text and attributes are escaped by construction (a leaf)."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

ATTRIBUTES = 1_000
"""Attributes in the cache: most are ours and the same on every page."""
_VOID = frozenset({"img", "input", "link", "meta"})


def tag(name: str, /, *children: str, **attributes: str | int | bool | None) -> Markup:
    """One element. Children are escaped unless they are Markup already.

    Attributes: `class_` is `class`, other underscores are hyphens; True stands bare, False and
    None are left out.
    """
    pairs = "".join([_attribute(key, value) for key, value in attributes.items()])
    if name in _VOID:
        return Markup(f"<{name}{pairs}>")  # noqa: S704 - the name is ours, the pairs are escaped
    # Joined as plain text: a Markup object for each piece takes ten times as long.
    return Markup(f"<{name}{pairs}>{_inside(children)}</{name}>")  # noqa: S704 - children too


def join(*children: str) -> Markup:
    """Children side by side, each escaped unless it is Markup."""
    return Markup(_inside(children))  # noqa: S704 - they are escaped


def _inside(children: Iterable[str]) -> str:
    return "".join([each if isinstance(each, Markup) else escape(each) for each in children])


def fill(template: str, **parts: str) -> Markup:
    """A translated sentence with `{names}` in it; sentence and parts are escaped, Markup stays."""
    return escape(template).format(**parts)


@lru_cache(ATTRIBUTES, typed=True)
def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
