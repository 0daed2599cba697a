"""HTML elements whose text and attributes are escaped by construction (a leaf)."""

from markupsafe import Markup, escape

_VOID = frozenset({"img", "input", "link", "meta"})


def tag(name: str, /, *children: str, **attributes: str | int | bool | None) -> Markup:
    """One element. Children are escaped unless they are Markup already.

    Attributes: `class_` is `class`, other underscores are hyphens; True stands bare, False and
    None are left out.
    """
    pairs = "".join(_attribute(key, value) for key, value in attributes.items())
    start = Markup(f"<{name}{pairs}>")  # noqa: S704 - the name is ours, the pairs are escaped
    if name in _VOID:
        return start
    return start + join(*children) + Markup(f"</{name}>")  # noqa: S704 - the name is ours


def join(*children: str) -> Markup:
    """Children side by side, each escaped unless it is Markup."""
    return Markup().join(children)


def fill(template: str, **parts: str) -> Markup:
    """A translated sentence with `{names}` in it; sentence and parts are escaped, Markup stays."""
    return escape(template).format(**parts)


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
