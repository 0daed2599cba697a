"""Finds a system font that has a poster's letters; we ship none, as one for Chinese has 20 MB.

Debian's package is fonts-noto-cjk (SIL Open Font License); the fonts of macOS, Windows and other
distributions are used as well. Letters that no font here has are left out, such as an emoji of a
title; they are never drawn as empty boxes.
"""

from collections.abc import Iterator
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
# File names, the best first; the number is the index of Simplified Chinese in a collection.
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
    """The best font of this machine that has every letter of `text`; None if none has."""
    best = writing(text, size, bold=bold)
    return best[0] if best and best[1] == " ".join(text.split()) else None


def writing(text: str, size: int, *, bold: bool) -> tuple[Font, str] | None:
    """The font of this machine that has most letters of `text`, and these; None if none has any."""
    fonts = [found for path, face in _files(bold) if (found := _loaded(path, face, size))]
    able = ((each, _written(each, text)) for each in fonts)
    best = max(able, key=lambda each: len(each[1]), default=None)
    return best if best and best[1] else None


def _written(found: Font, text: str) -> str:
    """The letters of `text` that the font has: those that it lacks look like U+10FFFF."""
    missing = _shape(found, "\U0010ffff")
    kept = (letter for letter in text if letter.isspace() or _shape(found, letter) != missing)
    return " ".join("".join(kept).split())


def surest(whole: str, label: str, plain: str, size: int) -> tuple[Font, str]:
    """A font, and what it can write of `whole`, which begins with `label`: at least the label.

    Letters that the font lacks are left out. If no font has those of `label`, Pillow's own font
    writes `plain` instead, in Latin letters.
    """
    found = font(whole, size, bold=False)
    if found:
        return found, whole
    found = font(label, size, bold=False)
    rest = whole.removeprefix(label)
    if found is None:
        found, label = cast(Font, ImageFont.load_default(size)), plain
    return found, f"{label} {_written(found, rest)}".rstrip(" ·")


def chinese() -> bool:
    """Whether any font here has Chinese letters."""
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


def _shape(found: Font, letter: str) -> bytes:
    mask = found.getmask(letter)
    return bytes(mask) + bytes(str(mask.size), "ascii")
