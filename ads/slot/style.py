"""Style sheets that a hostile page cannot reach into (DESIGN, section 5; look, section 4).

The sheets are ordinary CSS in which `&` is our element, and every declaration is `!important`.
`first` puts them into a layer without a name: what is important in the first layer of a page wins
over all its other rules, however specific, and nobody can add to a layer without a name (CSS
Cascade 5, section 6.4). Browsers before 2022 know no layers: for them the same rules stand alone,
with the specificity of three ids by `:not(#_)`.
"""

import re
from pathlib import Path

_FOLDER = Path(__file__).parent
_NEVER = ":not(#_)" * 3
RESET = (_FOLDER / "reset.css").read_text(encoding="utf-8")


def isolate(sheet: str, host: str) -> str:
    """`sheet` for the elements `host`, small and beyond the page's reach.

    Each declaration of the sheet ends with a semicolon, and none holds one.
    """
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    sheet = re.sub(r" ?([{};,>]) ?", r"\1", sheet).replace(": ", ":").strip()
    sheet = sheet.replace(";", "!important;").replace(";}", "}")
    return sheet.replace("&", host + _NEVER)


def first(sheet: str) -> str:
    """The rules of `isolate`, for the beginning of a page's first style sheet."""
    return f"{sheet}@layer{{{sheet.replace(_NEVER, '')}}}"


_HOST = "note-card[data-slot]"
STYLE = isolate(RESET + (_FOLDER / "slot.css").read_text(encoding="utf-8"), _HOST)
# For what holds a slot.
AROUND = isolate((_FOLDER / "around.css").read_text(encoding="utf-8"), f":has({_HOST})")
# After STYLE on pages that follow the reader's dark theme; a light article keeps light ads.
DARK = isolate((_FOLDER / "dark.css").read_text(encoding="utf-8"), _HOST)
