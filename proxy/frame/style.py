"""The style sheet of a branded page: ours first, the article's own after it. Pure."""

from functools import cache
from pathlib import Path

from ads.slot import style

_FOLDER = Path(__file__).parent


def _read(*names: str) -> str:
    return "".join((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in names)


# The sticky slot never covers an element that gets the focus.
_PADDING = (
    "html:has(note-room){scroll-padding-bottom:calc(80px + env(safe-area-inset-bottom))!important}"
)
# The sharer line is at the page's upper edge: a page may leave room there for its fixed header, but
# that is in the flow now.
_EDGE = "html,body{margin-top:0!important;padding-top:0!important}"
# Going from one page to another a browser shows pictures of both above all else, as long as a sheet
# of the page says.
_AT_ONCE = "::view-transition{display:none!important}"
# Bounds a picture that waited for a script, if the sheet that made it fit does not load. Any rule
# of the page wins over this one, which is in the first layer and not important.
_FITS = "@layer{img[data-fits]{max-width:max(100%,300px);height:auto}}"
_LINE, _PASS, _ROOM = "note-line", "note-pass", "note-room"
STYLE = (
    style.STYLE
    + style.AROUND
    + _PADDING
    + _EDGE
    + _AT_ONCE
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
    """All our rules; with `dark`, for a page that follows the reader's dark theme."""
    return style.first(STYLE + DARK if dark else STYLE) + _FITS
