"""Removes templates in SVG and MathML before the engine parses a page. Pure.

There `<template>` is an ordinary element (WHATWG HTML, 13.2.6.5), but the engine closes it like a
template and then reads memory that is not its own: `<svg><template><title><b></template><a><ul><a>`
ends the process. Browsers show nothing of a template, and next to nothing of one in SVG.
"""

import re
from typing import Final

_NAMED: Final = r"(?=[ \t\n\r\f/>])"
_START: Final = re.compile(rf"(?ai)<template{_NAMED}")
_FOREIGN: Final = re.compile(rf"(?ai)<(?:svg|math){_NAMED}")
_SPACE: Final = r"[ \t\n\r\f]"
_ATTRIBUTES: Final = (
    rf"(?:{_SPACE}++[^\s\"'<>/=]++"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'=<>`]++))?+)*+{_SPACE}*+/?+>"
)
_TEXT: Final = "|".join(f"<{n}{_ATTRIBUTES}[^<]*+</{n}{_SPACE}*+>" for n in ("title", "desc"))
# An `<svg>` whose end no parser can miss: only plain text in it is parsed by the rules of HTML.
_DRAWING: Final = re.compile(
    rf"(?ai)<svg{_ATTRIBUTES}(?:[^<]++|<!--[^<>]*+(?<=--)>|{_TEXT}"
    rf"|<(?!(?:svg|math|template|title|desc|foreignobject){_NAMED})[a-z][\w:-]*+{_ATTRIBUTES}"
    rf"|</(?!svg{_NAMED})[a-z][\w:-]*+{_SPACE}*+>)*+</svg{_SPACE}*+>"
)
_WHOLE: Final = re.compile(
    rf"(?ai)<template{_NAMED}(?:[^<]++|<(?!/?template{_NAMED}|/script{_NAMED}))*+</template{_SPACE}*+>"
)


def sound(markup: str) -> str:
    """The page without any template that may be inside SVG or MathML.

    After an `<svg>` or `<math>` whose end is in doubt, all templates are removed.
    """
    if not _START.search(markup):
        return markup
    at = 0
    while found := _FOREIGN.search(markup, at):
        drawing = _DRAWING.match(markup, found.start())
        if drawing is None:
            return markup[: found.start()] + _without(markup[found.start() :])
        at = drawing.end()
    return markup


def _without(markup: str) -> str:
    """Markup without templates; the content of one without an end tag stays."""
    return _START.sub("<template-", _WHOLE.sub("<!---->", markup))
