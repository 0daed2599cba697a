"""The picture of a link card whose article has none: 1200 x 630, with title and site. Pure.

The size suits the apps that read Open Graph (1.91:1); the text keeps clear of the edges, which some
chats crop.
"""

import io
from itertools import accumulate

from PIL import Image, ImageDraw

from proxy.poster import fonts
from proxy.poster.lines import broken

WIDTH, HEIGHT, EDGE = 1200, 630, 96
ROOM = WIDTH - 2 * EDGE
GROUND, INK, SOFT, LAKE, EMBER = "#F3F6F5", "#11201F", "#5A6B68", "#0B5563", "#DB6730"
SIZES = (76, 64, 54)
"""Pixels of a title's font: the first size in which it takes at most three lines, else the last."""
SITE = 34
HOPS = ((15, LAKE), (12, LAKE), (9, LAKE), (7, EMBER))
"""Our logo, a stone that skips over water: radius and colour of each touch."""
LEAPS = (132, 104, 80)
SMOOTH = 4  # drawn so many times larger and scaled down: Pillow's arcs are not anti-aliased


def png(title: str, site: str) -> bytes:
    """The picture, as PNG. Letters that no font here has are left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    if found := fonts.writing(site, SITE, bold=False):
        for line in broken(found[1], found[0], ROOM, 1):
            draw.text((EDGE, EDGE - 14), line, font=found[0], fill=SOFT)
    _title(draw, title)
    mark = _mark()
    image.paste(mark, (EDGE - HOPS[0][0], HEIGHT - EDGE - mark.height + 30))
    out = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _title(draw: ImageDraw.ImageDraw, text: str) -> None:
    for size in SIZES:
        found = fonts.writing(text, size, bold=True)
        if found is None:
            return
        font, written = found
        lines = broken(written, font, ROOM, 4)
        if len(lines) < 4 or size == SIZES[-1]:
            step = round(size * 1.28)
            top = (HEIGHT - len(lines) * step) // 2 - 8
            for place, line in enumerate(lines):
                draw.text((EDGE, top + place * step), line, font=font, fill=INK)
            return


def _mark() -> Image.Image:
    """The logo: touches, joined by arcs that get smaller."""
    width, height = (sum(LEAPS) + 40) * SMOOTH, 100 * SMOOTH
    image = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(image)
    across = [HOPS[0][0], *accumulate(LEAPS, initial=HOPS[0][0])][1:]
    foot = height - 20 * SMOOTH
    for x, leap in zip(across, LEAPS, strict=False):
        left, right, high = x * SMOOTH, (x + leap) * SMOOTH, leap * SMOOTH // 3
        draw.arc((left, foot - high, right, foot + high), 180, 360, fill=LAKE, width=4 * SMOOTH)
    for x, (radius, colour) in zip(across, HOPS, strict=True):
        r, middle = radius * SMOOTH, x * SMOOTH
        draw.ellipse((middle - r, foot - r, middle + r, foot + r), fill=colour)
    return image.resize((width // SMOOTH, height // SMOOTH), Image.Resampling.LANCZOS)
