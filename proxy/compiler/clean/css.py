"""Style sheets and `style` attributes: addresses made absolute, layers put back into the flow.

Each pattern is sought everywhere, in strings and comments too: what only looks like a layer is
changed for nothing, and nothing can hide. What holds a comment where a value should be is left to
be dropped by the browser; names are read with their escapes (CSS Syntax 3).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from re import Match, Pattern
from typing import Final

from proxy.compiler.urls import Base

# Possessive throughout (`*+`): a sheet of a million spaces must not take a million squared.
# ASCII's runs are named first: pictures in addresses are nothing else, and take half the time.
_STRING = (
    r'(?:"[ !#-\[\]-~]*+[^"\\\n\r\f]*+(?:\\[\s\S][^"\\\n\r\f]*+)*+"?'
    r"|'[ -&(-\[\]-~]*+[^'\\\n\r\f]*+(?:\\[\s\S][^'\\\n\r\f]*+)*+'?)"
)
_BARE_RUN = r"[ -(*-\[\]-~]*+[^)\\]*+(?:\\[\s\S][^)\\]*+)*+"
_INNER = rf"(?:[^()\"']|{_STRING})*+"
_VALUE = r"(?P<value>(?:[-+.%\w\s\\]++|\((?:[^()\"';{}]++|\([^()\"';{}]*+\))*+\))*+)"

# Without regard to case in their names alone: runs of letters would take five times as long.
_URL = re.compile(rf"(?i:url)\(\s*+(?:(?P<quoted>{_STRING})\s*+|(?P<bare>{_BARE_RUN}))\)?")
_IMPORT = re.compile(rf"((?i:@import)\s*+)(?:(?P<odd>/)|({_STRING}))")
_SET = re.compile(rf"(?i:image-set)\({_INNER}(?:\({_INNER}\){_INNER})*+\)?")
_SET_PART = re.compile(rf"\b\w++\({_INNER}\)|(?P<sheet>{_STRING})")
# Looking back after the first letter, not at every place: three times as fast.
_POSITION = re.compile(rf"p(?<![-\w]p)osition\s*+(?:(?P<odd>/)|:{_VALUE})", re.IGNORECASE)
_LEVEL = re.compile(rf"z(?<![-\w]z)-index\s*+(?:(?P<odd>/)|:{_VALUE})", re.IGNORECASE)
# Where only somebody who hides something has a comment; a declaration of this is none.
_GONE = "gone/"

# What is sought above, should escapes spell it.
_NAMES = frozenset({"url", "import", "image-set", "position", "z-index"})
# An escaped letter of such a name, which ends after six digits whatever follows; icons and class
# names have others.
_LETTER = "(?:2d|[4-7][0-9a-f])"
_SPELLS = re.compile(rf"\\(?:0{{4}}{_LETTER}|0{{0,3}}{_LETTER}(?![0-9a-f])|[-g-z])", re.IGNORECASE)
_ESCAPED = re.compile(
    r"(?<![-\w])[-\w]*+(?:\\(?:[0-9a-f]{1,6}(?:\r\n|\s)?|[^\n\r\f0-9a-f])[-\w]*+)++", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|([\s\S]))", re.IGNORECASE)
# An address without quotes, as a browser reads one.
_BARE = re.compile(r"[^\"'()\\\s\x00-\x20\x7f]*+(?:\\.[^\"'()\\\s\x00-\x20\x7f]*+)*+")

# In the flow, or within what is in it. Anything else could cover the slots (DESIGN, section 5).
_PLACED = frozenset({"static", "relative", "absolute", "inherit", "initial", "unset"})
_LOW = re.compile(r"[-+]?\d{1,9}|auto|inherit|initial|unset", re.IGNORECASE)
# A layer as high as the screen would be a screen of nothing in the flow: its height is its text's.
_SCREEN = re.compile(
    r"(?<!max-)height\s*+:\s*+(?:(?:1\d\d|9\d)(?:\.\d++)?(?:%|[dls]?vh)|calc\(\s*+100)",
    re.IGNORECASE,
)
_LOOSE = "height:auto!important;min-height:0!important;"
# What stands absolutely in a layer stays within it: it would stand before the article.
_FLOWS = "inset:auto!important;"
# Nothing in a layer made the page wider.
_CLIPPED = f"{_FLOWS}overflow-x:clip!important;"
_UNSEEN = "display:none!important;"
# Menus and boxes that wait unseen or beside the screen for a script would stand in the page.
_AWAY = re.compile(
    r"(?<![-\w])(?:visibility\s*+:\s*+hidden|opacity\s*+:\s*+0?(?:\.0\d*+)?\s*+(?:[;!]|$)"
    r"|transform\s*+:\s*+(?:translate(?:x|y|3d)?\(\s*+(?:0(?:px|%)?\s*+,\s*+)?"
    r"-?(?:1\d\d(?:%|v[wh])|\d{3,5}px)|scale\(0[,)])"
    r"|(?:left|right|top|bottom)\s*+:\s*+(?:-?1\d\d(?:%|v[wh])|-(?:[6-9]\d%|\d{3,5}px)))",
    re.IGNORECASE,
)
# Or have no width or height, and hide what is in them: drawers as W3Schools teaches them.
_SHUT = re.compile(
    r"(?<![-\w])(?:max-)?(?:width|height)\s*+:\s*+0(?:px|%)?\s*+(?:[;!]|$)", re.IGNORECASE
)
_HIDES = re.compile(r"(?<![-\w])overflow(?:-[xy])?\s*+:\s*+(?:hidden|clip)", re.IGNORECASE)
# Bars to share, to ask, to sell, above the page and at the screen's lower edge or amidst of it.
_LOWER = re.compile(r"(?<![-\w])bottom\s*+:\s*+-?[\d.]", re.IGNORECASE)
_UPPER = re.compile(r"(?<![-\w])top\s*+:\s*+-?[\d.]", re.IGNORECASE)
_AMIDST = re.compile(r"(?<![-\w])top\s*+:\s*+[1-9]\d(?:\.\d++)?(?:%|[dls]?vh)", re.IGNORECASE)
_ABOVE = re.compile(r"(?<![-\w])z-index\s*+:\s*+[1-9]", re.IGNORECASE)
# A rule's declarations are within so many characters of each other.
NEAR = 1_000
TOP = 999_999_999
"""As high as a layer of the publisher's may be; the slots are above it (`ads.slot`)."""

# Dead in today's browsers, alive in very old ones.
_SCRIPTED = re.compile(
    r"expression\s*\(|-moz-binding|(?<![-\w])behavior\s*:|(?:(?<=java)|(?<=vb))script\s*:",
    re.IGNORECASE,
)
_ENDS_SHEET = re.compile(r"</(?=style)", re.IGNORECASE)
MAX_SHEET = 1_000_000


def sheet(text: str, base: Base) -> str:
    """The text of a `<style>`: nothing in it can end the element early."""
    text = text[:MAX_SHEET]
    if "<" in text:
        text = _ENDS_SHEET.sub(" ", text.replace("<!--", " ").replace("-->", " "))
    return _cleaned(text, base)


def inline(text: str, base: Base) -> str:
    """The value of a `style` attribute."""
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
    """With ASCII's letters small and a `?` for every other, which no word has; as long."""
    return (text if text.isascii() else text.encode("ascii", "replace").decode()).lower()


def _each(
    found: Iterable[Match[str]], text: str, lowered: str, made: "Made", base: Base
) -> tuple[str, str]:
    """The text with each match as it is made, and that in small letters."""
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
    """What `pattern` finds, which begins with `word`: three times as fast as by itself."""
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
    url = "" if match["odd"] else base.fetched(_text(match[3]))
    # An empty address would be this page's own.
    return f'{match[1]}"{_quoted(url)}"' if url else f"@{_GONE if match['odd'] else 'gone'}"


def _address(match: Match[str], base: Base) -> str:
    if match["quoted"] is not None:
        return f'url("{_quoted(base.style(_text(match["quoted"])))}")'
    bare = match["bare"].strip()
    # What is no address to a browser lets its declaration fall away; it must not become one.
    return f'url("{_quoted(base.style(_unescaped(bare)))}")' if _BARE.fullmatch(bare) else "gone()"


def _set(match: Match[str], base: Base) -> str:
    return _SET_PART.sub(lambda part: _set_part(part, base), match[0])


def _set_part(match: Match[str], base: Base) -> str:
    if match["sheet"] is None:
        return match[0]
    return f'"{_quoted(base.style(_text(match["sheet"])))}"'


def _position(match: Match[str], _: Base) -> str:
    if match["odd"]:
        return _GONE
    place = match["value"].strip().lower()
    if place in _PLACED:
        return match[0]
    if match.string.startswith(")", match.end()):  # asked by @supports
        return _with(match, "static")
    if "sticky" in place:  # it stands in the flow, whatever it is moved by when it sticks
        return _FLOWS + _with(match, "relative")
    rule = _rule(match)
    if place == "fixed" and (_is_away(rule) or _is_bar(rule)):
        return _UNSEEN + _with(match, "static")
    # What a variable says may be fixed, too.
    kept = _CLIPPED if place == "fixed" else _FLOWS
    return f"{kept}{_LOOSE if _SCREEN.search(rule) else ''}{_with(match, 'relative')}"


def _is_away(rule: str) -> bool:
    return bool(_AWAY.search(rule) or (_SHUT.search(rule) and _HIDES.search(rule)))


def _is_bar(rule: str) -> bool:
    """Whether a layer is at the screen's lower edge, or amidst of it: it has no place in a page."""
    if not _ABOVE.search(rule):
        return False
    return bool(_AMIDST.search(rule) or (_LOWER.search(rule) and not _UPPER.search(rule)))


def _rule(match: Match[str]) -> str:
    """The declarations around a match, those that are near."""
    around, at = match.string, match.start()
    before = around[max(0, at - NEAR) : at].rpartition("{")[2].rpartition("}")[2]
    return f"{before};{around[match.end() : match.end() + NEAR].partition('}')[0]}"


def _level(match: Match[str], _: Base) -> str:
    if match["odd"]:
        return _GONE
    height = match["value"].strip()
    if _LOW.fullmatch(height):
        return match[0]
    if re.fullmatch(r"[-+]?\d+", height):
        return _with(match, f"-{TOP}" if height[0] == "-" else str(TOP))
    return _with(match, f"min({TOP},{height})")


def _scripted(_: Match[str], __: Base) -> str:
    return "x"


def _with(match: Match[str], value: str) -> str:
    """The declaration with another value, the space around it as it was.

    What is said beside it goes before it: an `!important` may follow.
    """
    given = match["value"]
    ending = given[len(given.rstrip()) :]
    opening = given[: len(given) - len(given.lstrip())]
    return f"{match[0][: len(match[0]) - len(given)]}{opening}{value}{ending}"


def _text(string: str) -> str:
    """What a string token says."""
    inner = string[1:-1] if len(string) > 1 and string[-1] == string[0] else string[1:]
    if "\\" not in inner:
        return inner
    return _unescaped(re.sub(r"\\(?:\r\n|[\n\r\f])", "", inner))


def _quoted(url: str) -> str:
    return url.replace("\\", "%5C").replace('"', "%22")


# What a match becomes.
Made = Callable[[Match[str], Base], str]
# The word that begins whatever the pattern matches; in this order.
_STEPS: Final[tuple[tuple[str, Pattern[str], Made], ...]] = (
    ("@import", _IMPORT, _import),
    ("url(", _URL, _address),
    ("image-set(", _SET, _set),
    ("position", _POSITION, _position),
    ("z-index", _LEVEL, _level),
    *(
        (word, _SCRIPTED, _scripted)
        for word in ("-moz-binding", "behavior", "script", "expression")
    ),
)
# Without one of these nothing stands but in the flow.
# A function says what another place does: a variable, an attribute, a function of the page's own.
_MOVES: Final = ("fixed", "sticky", "(", "\\")
# Whatever is changed above has one of these in it; most inline styles have none.
_SUSPECT: Final = re.compile(
    "|".join(map(re.escape, (*_MOVES, *(word for word, how, _ in _STEPS if how is not _POSITION))))
)
