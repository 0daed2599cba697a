"""The poster: 1080 x 1440, a black QR code on white in any theme. Pure."""

import io
from typing import NamedTuple

import segno
from PIL import Image, ImageDraw, ImageOps

from proxy.poster import fonts
from proxy.poster.fonts import Font
from proxy.poster.lines import broken

WIDTH, HEIGHT, EDGE = 1080, 1440, 72
PICTURE = 607  # 16:9 of the width
SIZES = (128, 104, 84, 64)
"""Pixels of a title's font: the first size in which all of it has room, else the last."""
GROUND, INK, SOFT, LAKE, LINE = "#FFFFFF", "#11201F", "#5A6B68", "#0B5563", "#D5DEDC"
CODE = 300
AD_INSIDE = "Ad inside"


class Words(NamedTuple):
    """The texts: `sharer` passes the article along, `scan` explains the code, `ad` is its label."""

    title: str
    site: str
    sharer: str
    scan: str
    ad: str
    advertiser: str = ""


def png(words: Words, link: str, picture: bytes | None) -> bytes:
    """The poster as PNG; leaves out a picture that cannot be read, and letters that no font has."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    top = _picture(image, picture)
    top = _line(draw, words.site, 34, SOFT, top + 56)
    foot = HEIGHT - EDGE - CODE
    _title(draw, words.title, top, foot - 72 - top)
    draw.line((EDGE, foot - 48, WIDTH - EDGE, foot - 48), fill=LINE, width=2)
    image.paste(_code(link), (WIDTH - EDGE - CODE, foot))
    at = foot + 8
    room = WIDTH - 3 * EDGE - CODE
    at = _line(draw, words.sharer, 38, INK, at, bold=True, room=room) + 14
    at = _line(draw, words.scan, 32, SOFT, at, room=room) + 14
    if words.ad:
        # Never left out: else an ad would go unlabelled if no font has its advertiser's letters.
        whole = f"{words.ad} · {words.advertiser}".rstrip(" ·")
        font, text = fonts.surest(whole, words.ad, AD_INSIDE, 32)
        _written(draw, text, font, 32, LAKE, at, room)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _picture(image: Image.Image, data: bytes | None) -> int:
    """Paste the picture across the top; returns where the text begins."""
    if not data:
        return EDGE
    try:
        with Image.open(io.BytesIO(data)) as found:
            fitted = ImageOps.fit(found.convert("RGB"), (WIDTH, PICTURE), Image.Resampling.LANCZOS)
    except (OSError, ValueError):
        return EDGE
    image.paste(fitted, (0, 0))
    return PICTURE


def _code(link: str) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(link, error="q").save(out, kind="png", border=4, scale=10)
    with Image.open(out) as code:
        return code.convert("RGB").resize((CODE, CODE), Image.Resampling.NEAREST)


def _title(draw: ImageDraw.ImageDraw, text: str, top: int, high: int) -> None:
    """Write the title as large as the height allows, in the middle of it."""
    for size in SIZES:
        found = fonts.writing(text, size, bold=True)
        if found is None:
            return
        step = round(size * 1.31)
        most = high // step
        lines = broken(found[1], found[0], WIDTH - 2 * EDGE, most + 1)
        if len(lines) <= most or size == SIZES[-1]:
            lines = broken(found[1], found[0], WIDTH - 2 * EDGE, most)
            above = top + (high - len(lines) * step) // 2
            for place, line in enumerate(lines):
                draw.text((EDGE, above + place * step), line, font=found[0], fill=INK)
            return


def _line(
    draw: ImageDraw.ImageDraw,
    text: str,
    size: int,
    colour: str,
    top: int,
    *,
    bold: bool = False,
    room: int = WIDTH - 2 * EDGE,
) -> int:
    """Write a text in two lines at most; returns where the next one begins."""
    found = fonts.writing(text, size, bold=bold)
    return _written(draw, found[1], found[0], size, colour, top, room) if found else top


def _written(
    draw: ImageDraw.ImageDraw,
    text: str,
    font: Font,
    size: int,
    colour: str,
    top: int,
    room: int,
) -> int:
    for line in broken(text, font, room, 2):
        draw.text((EDGE, top), line, font=font, fill=colour)
        top += round(size * 1.4)
    return top
