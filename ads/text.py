"""Which characters texts may have: one rule for people's names, ads and cards (a leaf).

The OpenAPI document has the same character classes, as `pattern`.
"""

import re
import unicodedata

# Controls, line separators, embeddings and overrides of direction (Unicode TR9 explicit
# formatting), interlinear marks, surrogates and non-characters: none of it is text to be read.
REFUSED = (
    r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff"
)
# Characters that leave no ink of their own: white space, joiners, marks that combine, variation
# selectors, fillers, formats of scripts and music, tags (the high ones stand as themselves:
# ECMAScript and Python write characters of that height differently).
_HIGH = ((0x13430, 0x1343F), (0x16FE4,) * 2, (0x1BCA0, 0x1BCA3), (0x1D159,) * 2, (0x1D173, 0x1D17A))
_INVISIBLE = (
    r"\u0020\u00a0\u00ad\u0300-\u036f\u0483-\u0489\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u2000-\u200f\u202f\u205f-\u206f\u20d0-\u20ff\u2800\u3000\u3164"
    r"\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\ufff8\ufffc"
) + "".join(f"{chr(first)}-{chr(last)}" for first, last in (*_HIGH, (0xE0000, 0xE0FFF)))
_SURROGATES = r"\ud800-\udfff"

LINE_PATTERN = f"^[^{REFUSED}]*$"
LINES_PATTERN = f"^(?:[^{REFUSED}]|\\n)*$"
VISIBLE_PATTERN = f"^[^{REFUSED}]*[^{REFUSED}{_INVISIBLE}][^{REFUSED}]*$"

_line = re.compile(f"[^{REFUSED}{_SURROGATES}]*")
_refused = re.compile(f"[{REFUSED}{_SURROGATES}]")
_ink = re.compile(f"[^{REFUSED}{_INVISIBLE}]")


def clean(text: str, *, lines: bool = False) -> str | None:
    """`text` in NFC without white space around it; None if it holds a character that is refused.

    With `lines` it may hold line feeds (CR LF counts as one).
    """
    text = text.replace("\r\n", "\n") if lines else text
    if not _line.fullmatch(text.replace("\n", "") if lines else text):
        return None
    return unicodedata.normalize("NFC", text).strip()


def mended(text: str, *, lines: bool = False) -> str:
    """As `clean`, with a space for every character that is refused."""
    rows = text.replace("\r\n", "\n").split("\n") if lines else [text]
    return clean("\n".join(_refused.sub(" ", row) for row in rows), lines=lines) or ""


def visible(text: str) -> bool:
    """Whether a reader would see anything of a text."""
    return bool(_ink.search(text))


def initials(name: str) -> str:
    """Initials in place of a portrait: ML for Mei Lin, 陈 for 陈屿."""
    parts = name.split()
    if not parts:
        return "·"
    if not parts[0][0].isascii() or len(parts) == 1:
        return parts[0][0].upper()
    return (parts[0][0] + parts[-1][0]).upper()
