"""The style sheet of a branded page: ours first, the article's own after it. Pure."""

from functools import cache
from pathlib import Path

from ads.slot import style

_FOLDER = Path(__file__).parent


def _read(*names: str) -> str:
    return "".join((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in names)


# What takes the focus is never left under the sticky slot.
_PADDING = (
    "html:has(note-room){scroll-padding-bottom:calc(80px + env(safe-area-inset-bottom))!important}"
)
# The line is at the page's upper edge: no room above it for a fixed header, which is in the flow.
_EDGE = "html,body{margin-top:0!important;padding-top:0!important}"
# A picture that waited for a script is shown as wide as its markup says, though the sheet that made
# it fit does not come: any rule of the page's wins over one in the first layer without importance.
_FITS = "@layer{img[data-fits]{max-width:max(100%,300px);height:auto}}"
_LINE, _PASS, _ROOM = "note-line", "note-pass", "note-room"
STYLE = (
    style.STYLE
    + style.AROUND
    + _PADDING
    + _EDGE
    + "".join(
        style.isolate(sheet, host)
        for host, sheet in (
            (_LINE, style.RESET + _read("frame", "line")),
            (_PASS, style.RESET + _read("frame", "pass")),
            (_ROOM, style.RESET + _read("room")),
        )
    )
)
DARK = (
    style.DARK
    + style.isolate(_read("dark", "line-dark"), _LINE)
    + style.isolate(_read("dark"), _PASS)
)


@cache
def sheet(*, dark: bool) -> str:
    """All rules of ours; with `dark`, for a page that follows the reader's dark theme."""
    return style.first(STYLE + DARK if dark else STYLE) + _FITS
