"""Templates within drawings and formulas, taken out before the engine reads them. Pure.

There `<template>` is no template (WHATWG HTML, 13.2.6.5), but the engine ends it as one and then
reads what is not its own: `<svg><template><title><b></template><a><ul><a>` ends the process.
Browsers show nothing of a template, and next to nothing of one in a drawing.
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
# A drawing whose end no parser can miss: nothing in it but plain text is read by rules of HTML.
_DRAWING: Final = re.compile(
    rf"(?ai)<svg{_ATTRIBUTES}(?:[^<]++|<!--[^<>]*+(?<=--)>|{_TEXT}"
    rf"|<(?!(?:svg|math|template|title|desc|foreignobject){_NAMED})[a-z][\w:-]*+{_ATTRIBUTES}"
    rf"|</(?!svg{_NAMED})[a-z][\w:-]*+{_SPACE}*+>)*+</svg{_SPACE}*+>"
)
_WHOLE: Final = re.compile(
    rf"(?ai)<template{_NAMED}(?:[^<]++|<(?!/?template{_NAMED}|/script{_NAMED}))*+</template{_SPACE}*+>"
)


def sound(markup: str) -> str:
    """The page without templates that may stand in a drawing or a formula.

    After one whose end is in doubt all are taken out, so that none is left to be mistaken.
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
    """No template begins here any more; of one without an end the content stays."""
    return _START.sub("<template-", _WHOLE.sub("<!---->", markup))
