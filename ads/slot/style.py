"""Style sheets that a hostile page cannot reach into (DESIGN, section 5; look, section 4).

The sheets are ordinary CSS in which `&` is our element. Three `:not(#_)` give every rule the
specificity of three ids, and every declaration is `!important`: measured against a dozen hostile
rules, no computed value of ours changes.
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


_HOST = "note-card[data-slot]"
STYLE = isolate(RESET + (_FOLDER / "slot.css").read_text(encoding="utf-8"), _HOST)
# Beside STYLE on pages that follow the reader's dark theme; a light article keeps light ads.
DARK = isolate((_FOLDER / "dark.css").read_text(encoding="utf-8"), _HOST)
