"""Style sheets and `style` attributes: addresses become absolute, layers go back into the flow.

Each pattern is searched for everywhere, in strings and comments too: text that only looks like a
layer is changed needlessly, but nothing can hide. A declaration with a comment in place of its
value is made invalid, and browsers drop it; names are read with their escapes (CSS Syntax 3).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from re import Match, Pattern
from typing import Final

from proxy.compiler.urls import Base

# Possessive throughout (`*+`): a sheet of a million spaces must not take a million squared steps.
# Runs of ASCII come first: data: pictures consist of nothing else and then take half the time.
_STRING = (
    r'(?:"[ !#-\[\]-~]*+[^"\\\n\r\f]*+(?:\\[\s\S][^"\\\n\r\f]*+)*+"?'
    r"|'[ -&(-\[\]-~]*+[^'\\\n\r\f]*+(?:\\[\s\S][^'\\\n\r\f]*+)*+'?)"
)
_BARE_RUN = r"[ -(*-\[\]-~]*+[^)\\]*+(?:\\[\s\S][^)\\]*+)*+"
_INNER = rf"(?:[^()\"']|{_STRING})*+"
_VALUE = r"(?P<value>(?:[-+.%\w\s\\]++|\((?:[^()\"';{}]++|\([^()\"';{}]*+\))*+\))*+)"

# Only the names ignore case: for runs of letters that would take five times as long.
_URL = re.compile(rf"(?i:url)\(\s*+(?:(?P<quoted>{_STRING})\s*+|(?P<bare>{_BARE_RUN}))\)?")
# Without an address it matches too: Chromium asks ahead for whatever stands there as a word.
_IMPORT = re.compile(rf"((?i:@import)\s*+)(?:{_URL.pattern}|(?P<sheet>{_STRING}))?")
_SET = re.compile(rf"(?i:image-set)\({_INNER}(?:\({_INNER}\){_INNER})*+\)?")
_SET_PART = re.compile(rf"\b\w++\({_INNER}\)|(?P<sheet>{_STRING})")
# The look-behind comes after the first letter, not at every place: three times as fast.
_POSITION = re.compile(rf"p(?<![-\w]p)osition\s*+(?:(?P<odd>/)|:{_VALUE})", re.IGNORECASE)
_LEVEL = re.compile(rf"z(?<![-\w]z)-index\s*+(?:(?P<odd>/)|:{_VALUE})", re.IGNORECASE)
# Replaces a name before a comment, where only somebody who hides something has one; invalid CSS.
_GONE = "gone/"

# The names above, which escapes may spell.
_NAMES = frozenset({"url", "import", "image-set", "position", "z-index"})
# An escaped letter of such a name (an escape ends after six digits, whatever follows); the escapes
# of icons and class names are of other characters.
_LETTER = "(?:2d|[4-7][0-9a-f])"
_SPELLS = re.compile(rf"\\(?:0{{4}}{_LETTER}|0{{0,3}}{_LETTER}(?![0-9a-f])|[-g-z])", re.IGNORECASE)
_ESCAPED = re.compile(
    r"(?<![-\w])[-\w]*+(?:\\(?:[0-9a-f]{1,6}(?:\r\n|\s)?|[^\n\r\f0-9a-f])[-\w]*+)++", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|([\s\S]))", re.IGNORECASE)
# An address without quotes, as a browser reads one.
_BARE = re.compile(r"[^\"'()\\\s\x00-\x20\x7f]*+(?:\\.[^\"'()\\\s\x00-\x20\x7f]*+)*+")

# In the flow, or inside a box in the flow. Others could cover the slots (DESIGN, section 5).
_PLACED = frozenset({"static", "relative", "absolute", "inherit", "initial", "unset"})
_MOVED = re.compile(
    rf"p(?<![-\w]p)osition\s*+:(?!\s*+(?:{'|'.join(sorted(_PLACED))})\b)", re.IGNORECASE
)
_LOW = re.compile(r"[-+]?\d{1,9}|auto|inherit|initial|unset", re.IGNORECASE)
# In the flow a layer as high as the screen would be mostly empty: it gets the height of its text.
_SCREEN = re.compile(
    r"(?<!max-)height\s*+:\s*+(?:(?:1\d\d|9\d)(?:\.\d++)?(?:%|[dls]?vh)|calc\(\s*+100)",
    re.IGNORECASE,
)
_LOOSE = "height:auto!important;min-height:0!important;"
# A layer becomes `relative`, so that its absolute content stays inside it, and loses its offsets.
_FLOWS = "inset:auto!important;"
# What overflowed a fixed layer did not make the page wider.
_CLIPPED = f"{_FLOWS}overflow-x:clip!important;"
_UNSEEN = "display:none!important;"
# Menus and boxes wait, transparent or beside the screen, for a script: in the flow all would show.
_AWAY = re.compile(
    r"(?<![-\w])(?:visibility\s*+:\s*+hidden|opacity\s*+:\s*+0?(?:\.0\d*+)?\s*+(?:[;!]|$)"
    r"|transform\s*+:\s*+(?:translate(?:x|y|3d)?\(\s*+(?:0(?:px|%)?\s*+,\s*+)?(?:calc\(\s*+)?"
    r"-?(?:1\d\d(?:%|v[wh])|\d{3,5}px)|scale\(0[,)])"
    r"|(?:left|right|top|bottom)\s*+:\s*+(?:-?1\d\d(?:%|v[wh])|-(?:[6-9]\d%|\d{3,5}px)))",
    re.IGNORECASE,
)
# Others have no width or height and hide their content: drawers as W3Schools teaches them.
_SHUT = re.compile(
    r"(?<![-\w])(?:max-)?(?:width|height)\s*+:\s*+0(?:px|%)?\s*+(?:[;!]|$)", re.IGNORECASE
)
_HIDES = re.compile(r"(?<![-\w])overflow(?:-[xy])?\s*+:\s*+(?:hidden|clip)", re.IGNORECASE)
# Bars that share, ask or sell lie above the page, at the screen's lower edge or in its middle.
_LOWER = re.compile(r"(?<![-\w])bottom\s*+:\s*+-?[\d.]", re.IGNORECASE)
_UPPER = re.compile(r"(?<![-\w])top\s*+:\s*+-?[\d.]", re.IGNORECASE)
_AMIDST = re.compile(r"(?<![-\w])top\s*+:\s*+[1-9]\d(?:\.\d++)?(?:%|[dls]?vh)", re.IGNORECASE)
_ABOVE = re.compile(r"(?<![-\w])z-index\s*+:\s*+[1-9]", re.IGNORECASE)
# How far around a declaration (characters) the others of its rule are looked for.
NEAR = 1_000
TOP = 999_999_999
"""The highest `z-index` of a publisher's layer; the slots are above it (`ads.slot`)."""

# Scripts in style sheets, which today's browsers ignore and very old ones run.
_SCRIPTED = re.compile(
    r"expression\s*\(|-moz-binding|(?<![-\w])behavior\s*:|(?:(?<=java)|(?<=vb))script\s*:",
    re.IGNORECASE,
)
_ENDS_SHEET = re.compile(r"</(?=style)", re.IGNORECASE)
MAX_SHEET = 1_000_000


def sheet(text: str, base: Base) -> str:
    """The cleaned text of a `<style>`, in which nothing can end the element early."""
    text = text[:MAX_SHEET]
    if "<" in text:
        text = _ENDS_SHEET.sub(" ", text.replace("<!--", " ").replace("-->", " "))
    return _cleaned(text, base)


def inline(text: str, base: Base) -> str:
    """The cleaned value of a `style` attribute."""
    return _cleaned(text, base) if _SUSPECT.search(_lowered(text)) else text


def _cleaned(text: str, base: Base) -> str:
    if _SPELLS.search(text):
        text = _ESCAPED.sub(_plain_name, text)
    lowered = _lowered(text)
    moves = any(word in lowered for word in _MOVES)
    for word, pattern, made in _STEPS:
        if word in lowered and (moves or pattern is not _POSITION):
            found = _found(text, lowered, word, pattern)
            text, lowered = _each(found, text, lowered, made, base)
    return text


def _lowered(text: str) -> str:
    """Text of the same length in lower case, with `?` for each character beyond ASCII."""
    return (text if text.isascii() else text.encode("ascii", "replace").decode()).lower()


def _each(
    found: Iterable[Match[str]], text: str, lowered: str, made: "Made", base: Base
) -> tuple[str, str]:
    """The text with each match replaced by what `made` makes of it; and this text `_lowered`."""
    parts: list[str] = []
    small: list[str] = []
    end = 0
    for match in found:
        if (new := made(match, base)) != match[0]:
            start = match.start()
            parts += (text[end:start], new)
            small += (lowered[end:start], _lowered(new))
            end = match.end()
    return "".join((*parts, text[end:])), "".join((*small, lowered[end:]))


def _found(text: str, lowered: str, word: str, pattern: Pattern[str]) -> Iterator[Match[str]]:
    """The matches of a pattern that begins with `word`: three times as fast as `finditer`."""
    at = lowered.find(word)
    while at >= 0:
        match = pattern.match(text, at)
        if match:
            yield match
        at = lowered.find(word, match.end() if match else at + 1)


def _plain_name(match: Match[str]) -> str:
    name = _unescaped(match[0])
    return name if name.lower() in _NAMES else match[0]


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: _character(m[1]) if m[1] else m[2], text)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _import(match: Match[str], base: Base) -> str:
    written = _text(match["sheet"]) if match["sheet"] else _written(match)
    url = base.fetched(written or "")
    # An empty address would mean this page.
    return f'{match[1]}"{_quoted(url)}"' if url else "@gone "


def _address(match: Match[str], base: Base) -> str:
    written = _written(match)
    # A browser drops a declaration whose address is invalid: that must not become a valid one.
    return "gone()" if written is None else f'url("{_quoted(base.style(written))}")'


def _written(match: Match[str]) -> str | None:
    """The address in a match of `_URL`, None for an invalid one."""
    if match["quoted"] is not None:
        return _text(match["quoted"])
    bare = (match["bare"] or "").strip()
    return _unescaped(bare) if _BARE.fullmatch(bare) else None


def _set(match: Match[str], base: Base) -> str:
    def made(part: Match[str]) -> str:
        sheet = part["sheet"]
        return part[0] if sheet is None else f'"{_quoted(base.style(_text(sheet)))}"'

    return _SET_PART.sub(made, match[0])


def _position(match: Match[str], _: Base) -> str:
    if match["odd"]:
        return _GONE
    place = match["value"].strip().lower()
    if place in _PLACED:
        return match[0]
    if match.string.startswith(")", match.end()):  # a condition of @supports
        return _with(match, "static")
    if "sticky" in place:  # already in the flow; its offsets only say where it sticks
        return _FLOWS + _with(match, "relative")
    # Other values, such as a variable, may turn out to be `fixed`.
    kept = _CLIPPED if place == "fixed" else _FLOWS
    rule, after = _around(match)
    # A later one decides what shows; judging each takes seconds in a sheet of nothing else.
    if "position" in after.lower() and _MOVED.search(after):
        return kept + _with(match, "relative")
    if place == "fixed" and (_is_away(rule) or _is_bar(rule)):
        return _UNSEEN + _with(match, "static")
    return f"{kept}{_LOOSE if _SCREEN.search(rule) else ''}{_with(match, 'relative')}"


def _is_away(rule: str) -> bool:
    return bool(_AWAY.search(rule) or (_SHUT.search(rule) and _HIDES.search(rule)))


def _is_bar(rule: str) -> bool:
    """Whether a layer is a bar at the screen's lower edge or in its middle: no part of the text."""
    if not _ABOVE.search(rule):
        return False
    return bool(_AMIDST.search(rule) or (_LOWER.search(rule) and not _UPPER.search(rule)))


def _around(match: Match[str]) -> tuple[str, str]:
    """The others of a match's rule, within `NEAR` and up to a rule inside it; those after it."""
    around, at = match.string, match.start()
    before = around[max(0, at - NEAR) : at].rpartition("{")[2].rpartition("}")[2]
    after = around[match.end() : match.end() + NEAR].partition("}")[0].partition("{")[0]
    return f"{before};{after}", after


def _level(match: Match[str], _: Base) -> str:
    if match["odd"]:
        return _GONE
    height = match["value"].strip()
    if _LOW.fullmatch(height):
        return match[0]
    if re.fullmatch(r"[-+]?\d+", height):
        return _with(match, f"-{TOP}" if height[0] == "-" else str(TOP))
    return _with(match, f"min({TOP},{height})")


def _with(match: Match[str], value: str) -> str:
    """The declaration with another value and the same white space around it.

    More declarations must go before this one: an `!important` may follow it.
    """
    given = match["value"]
    ending = given[len(given.rstrip()) :]
    opening = given[: len(given) - len(given.lstrip())]
    return f"{match[0][: len(match[0]) - len(given)]}{opening}{value}{ending}"


def _text(string: str) -> str:
    """The value of a string token."""
    inner = string[1:-1] if len(string) > 1 and string[-1] == string[0] else string[1:]
    if "\\" not in inner:
        return inner
    return _unescaped(re.sub(r"\\(?:\r\n|[\n\r\f])", "", inner))


def _quoted(url: str) -> str:
    return url.replace("\\", "%5C").replace('"', "%22")


# Makes the replacement of a match.
Made = Callable[[Match[str], Base], str]
# In order: the word that every match begins with, the pattern, the replacement.
_STEPS: Final[tuple[tuple[str, Pattern[str], Made], ...]] = (
    ("@import", _IMPORT, _import),
    ("url(", _URL, _address),
    ("image-set(", _SET, _set),
    ("position", _POSITION, _position),
    ("z-index", _LEVEL, _level),
    *(
        (word, _SCRIPTED, lambda *_: "x")
        for word in ("-moz-binding", "behavior", "script", "expression")
    ),
)
# Without one of these words everything is in the flow. A "(" begins a function, whose value comes
# from elsewhere: a variable, an attribute, a function that the page defines.
_MOVES: Final = ("fixed", "sticky", "(", "\\")
# All that is changed above contains one of these; most inline styles contain none.
_SUSPECT: Final = re.compile(
    "|".join(map(re.escape, (*_MOVES, *(word for word, how, _ in _STEPS if how is not _POSITION))))
)
