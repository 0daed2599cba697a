"""Style sheets and `style` attributes: addresses made absolute, layers put back into the flow."""

import re
from re import Match

from proxy.compiler.urls import Base

# Possessive (`*+`): a sheet of a million spaces must not take a million squared.
_URL = re.compile(r"url\(\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\"'()\s]*+))\s*+\)", re.IGNORECASE)
_IMPORT = re.compile(r"(@import\s++)(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
# Dead in today's browsers, alive in very old ones.
_SCRIPTED = re.compile(
    r"expression\s*\(|-moz-binding|behavior\s*:|javascript\s*:|vbscript\s*:", re.IGNORECASE
)
_SCRIPTED_WORDS = ("expression", "-moz-binding", "behavior", "script")
_LAYER = re.compile(r"(position\s*:\s*)(?:fixed|-webkit-sticky|sticky)\b", re.IGNORECASE)
_ENDS_SHEET = re.compile(r"</(?=style)|<!--|-->", re.IGNORECASE)
MAX_SHEET = 1_000_000


def sheet(text: str, base: Base) -> str:
    """The text of a `<style>`: nothing in it can end the element early."""
    return _ENDS_SHEET.sub("", _cleaned(text[:MAX_SHEET], base))


def inline(text: str, base: Base) -> str:
    """The value of a `style` attribute."""
    return _cleaned(text, base)


def _cleaned(text: str, base: Base) -> str:
    # Looking for the words first is ten times as fast as the patterns, and most sheets have none.
    lowered = text.lower()
    if "@import" in lowered:
        text = _IMPORT.sub(lambda m: f'{m[1]}"{_quoted(base.fetched(m[2] or m[3] or ""))}"', text)
    if "url(" in lowered:
        text = _URL.sub(lambda m: _address(m, base), text)
    if "fixed" in lowered or "sticky" in lowered:
        # The page's own layers would cover the slots (DESIGN, section 5).
        text = _LAYER.sub(r"\1static", text)
    if any(word in lowered for word in _SCRIPTED_WORDS):
        text = _SCRIPTED.sub("x", text)
    return text


def _address(match: Match[str], base: Base) -> str:
    text = match[1] or match[2] or match[3] or ""
    return f'url("{_quoted(base.style(text))}")'


def _quoted(url: str) -> str:
    return url.replace("\\", "%5C").replace('"', "%22")
