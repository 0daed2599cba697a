"""A font that can write the words of a poster: the machine's own, one for Chinese weighs 20 MB.

Debian's package is fonts-noto-cjk (SIL Open Font License); what macOS, Windows and other
distributions bring is taken as well. Words that no font here can write are left out, never drawn
as empty boxes.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import cast

from PIL import ImageFont

Font = ImageFont.FreeTypeFont

PACKAGE = "fonts-noto-cjk"
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
# By file name, the best first; the number is the face of a collection that is Simplified Chinese.
_BOLD = (
    ("NotoSansCJK-Bold.ttc", 2),
    ("NotoSansCJKsc-Bold.otf", 0),
    ("SourceHanSansSC-Bold.otf", 0),
    ("PingFang.ttc", 0),
    ("msyhbd.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("DejaVuSans-Bold.ttf", 0),
)
_PLAIN = (
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSansCJKsc-Regular.otf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("PingFang.ttc", 0),
    ("msyh.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("DejaVuSans.ttf", 0),
)


def font(text: str, size: int, *, bold: bool) -> Font | None:
    """The first font of the machine that has every letter of `text`; None if none has."""
    for path, face in _files(bold):
        found = _loaded(path, face, size)
        if found and _writes(found, text):
            return found
    return None


def surest(whole: str, label: str, plain: str, size: int) -> tuple[Font, str]:
    """A font, and what it writes of `whole`, which begins with `label`; never less than a label.

    Letters that it lacks are left out; where nothing can write `label`, Pillow's own font writes
    `plain`, in Latin letters.
    """
    found = font(whole, size, bold=False)
    if found:
        return found, whole
    found = font(label, size, bold=False)
    rest = whole.removeprefix(label)
    if found is None:
        found, label = cast(Font, ImageFont.load_default(size)), plain
    missing = _shape(found, "\U0010ffff")
    kept = (letter for letter in rest if letter.isspace() or _shape(found, letter) != missing)
    return found, f"{label}{''.join(kept)}".rstrip(" ·")


def chinese() -> bool:
    """Whether Chinese can be written at all."""
    return font("转发文章", 16, bold=False) is not None


@cache
def _files(bold: bool) -> tuple[tuple[str, int], ...]:
    there = {path.name: str(path) for path in _all()}
    return tuple((there[name], face) for name, face in (_BOLD if bold else _PLAIN) if name in there)


def _all() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from Path(folder).rglob("*.[to]t[cf]")


@cache
def _loaded(path: str, face: int, size: int) -> Font | None:
    try:
        return ImageFont.truetype(path, size, index=face)
    except OSError:
        return None


def _writes(found: Font, text: str) -> bool:
    """Whether it has a shape for every letter: what it lacks is drawn like what nobody has."""
    missing = _shape(found, "\U0010ffff")
    return all(_shape(found, letter) != missing for letter in _letters(text))


def _letters(text: str) -> Iterable[str]:
    return {letter for letter in text if not letter.isspace()}


def _shape(found: Font, letter: str) -> bytes:
    mask = found.getmask(letter)
    return bytes(mask) + bytes(str(mask.size), "ascii")
