"""The sample site's pictures and the ad's, drawn when they are asked for (pure)."""

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 675
_FINE = 2  # drawn larger, then reduced: edges come out smooth

Draw = ImageDraw.ImageDraw


def png(name: str) -> bytes:
    """One of DRAWINGS as a PNG, 1200 x 675. Raises KeyError."""
    ground, paint = DRAWINGS[name]
    image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), ground)
    paint(ImageDraw.Draw(image))
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _at(*numbers: float) -> tuple[float, ...]:
    return tuple(number * _FINE for number in numbers)


def _wave(draw: Draw, colour: str, heights: tuple[float, ...]) -> None:
    """A hill from edge to edge, through heights at equal distances, rounded."""
    step = WIDTH / (len(heights) - 1)
    points = []
    for x in range(0, WIDTH + 1, 6):
        place = min(int(x / step), len(heights) - 2)
        part = x / step - place
        soft = part * part * (3 - 2 * part)
        points.append(_at(x, heights[place] * (1 - soft) + heights[place + 1] * soft))
    draw.polygon([*points, _at(WIDTH, HEIGHT), _at(0, HEIGHT)], fill=colour)


def _hills(draw: Draw) -> None:
    draw.rectangle(_at(0, 0, WIDTH, 210), fill="#f4e3c8")
    draw.ellipse(_at(790, 110, 930, 250), fill="#e07f43")
    _wave(draw, "#cbdad2", (330, 270, 340, 300, 250, 310, 280))
    _wave(draw, "#9fc0b3", (400, 350, 310, 380, 420, 350, 400))
    _wave(draw, "#6d9f8d", (470, 520, 440, 470, 520, 470, 430))
    _wave(draw, "#3f7a69", (570, 540, 590, 560, 530, 580, 560))
    for line in range(4):
        at = 590 + line * 22
        draw.line(_at(0, at, 400, at - 24, 800, at + 10, WIDTH, at - 14), fill="#5a917f", width=3)


def _thermometer(draw: Draw) -> None:
    draw.rounded_rectangle(_at(565, 90, 635, 480), 70, fill="#fbf7ef")
    draw.ellipse(_at(535, 430, 665, 560), fill="#fbf7ef")
    draw.rounded_rectangle(_at(586, 230, 614, 500), 28, fill="#b0441d")
    draw.ellipse(_at(555, 450, 645, 540), fill="#b0441d")
    for mark in range(6):
        draw.line(_at(650, 150 + mark * 44, 690, 150 + mark * 44), fill="#8d7a66", width=6)
    draw.rectangle(_at(0, 560, WIDTH, HEIGHT), fill="#b9a48f")
    draw.rounded_rectangle(_at(430, 520, 770, 640), 60, fill="#fbf7ef")


def _houses(draw: Draw) -> None:
    for x, top, width in ((60, 300, 300), (330, 240, 330), (640, 290, 260), (880, 250, 300)):
        draw.rectangle(_at(x, top + 50, x + width, 560), fill="#f7f6f1")
        roof = [_at(x - 26, top + 56), _at(x + width / 2, top - 26), _at(x + width + 26, top + 56)]
        draw.polygon(roof, fill="#3b4644")
        draw.rectangle(_at(x + 40, top + 120, x + 90, top + 180), fill="#59645f")
        door = x + width / 2
        draw.rectangle(_at(door, 450, door + 60, 560), fill="#8a4a2b")
    draw.rectangle(_at(0, 560, WIDTH, HEIGHT), fill="#b8c7c6")
    for line in range(3):
        draw.line(_at(80, 590 + line * 26, 1120, 590 + line * 26), fill="#d7e1e0", width=4)


def _tin(draw: Draw) -> None:
    draw.rectangle(_at(0, 520, WIDTH, HEIGHT), fill="#d5a762")
    draw.ellipse(_at(300, 530, 640, 600), fill="#bd8d4b")
    draw.rounded_rectangle(_at(340, 120, 600, 570), 24, fill="#1e4a45")
    draw.rounded_rectangle(_at(340, 120, 600, 210), 24, fill="#16393a")
    draw.rounded_rectangle(_at(392, 280, 548, 440), 8, fill="#f2e8d3")
    draw.polygon([_at(412, 400), _at(455, 320), _at(498, 400)], fill="#1e4a45")
    draw.polygon([_at(452, 400), _at(490, 346), _at(528, 400)], fill="#3f7a69")
    draw.ellipse(_at(740, 540, 1020, 590), fill="#bd8d4b")
    draw.pieslice(_at(740, 260, 1000, 600), 0, 180, fill="#fbf7ef")
    draw.arc(_at(960, 420, 1060, 530), 250, 110, fill="#fbf7ef", width=36)
    draw.ellipse(_at(740, 405, 1000, 455), fill="#fbf7ef")
    draw.ellipse(_at(764, 414, 976, 446), fill="#b4602a")


DRAWINGS: Mapping[str, tuple[str, Callable[[Draw], None]]] = {
    "hills": ("#f6d9b4", _hills),
    "thermometer": ("#cdbca9", _thermometer),
    "houses": ("#dbe6e4", _houses),
    "tin": ("#e9c68f", _tin),
}
