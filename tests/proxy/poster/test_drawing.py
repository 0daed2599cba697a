"""Posters: every title fits, in any language, and nothing is drawn as empty boxes."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from proxy.poster import drawing, fonts
from proxy.poster.drawing import Words
from proxy.poster.lines import broken

WORDS = Words("What the last oolong tastes like", "Slow Kettle", "Mei Lin", "Scan", "Ad inside")
TITLES = ["茶" * 200, "a" * 300, "Tea " * 60, "老房子，为什么越来越值得修？", "\U0010fffd" * 3]


def _pixels(words: Words, picture: bytes | None = None) -> Image.Image:
    with Image.open(io.BytesIO(drawing.png(words, "https://r.example/s/abc", picture))) as image:
        return image.convert("L")


@pytest.mark.parametrize("title", TITLES)
def test_no_title_reaches_the_edge_or_the_code(title: str) -> None:
    image = _pixels(WORDS._replace(title=title))
    assert image.crop((0, 0, drawing.EDGE - 8, drawing.HEIGHT)).getextrema() == (255, 255)
    assert image.crop(
        (drawing.WIDTH - drawing.EDGE + 8, 0, drawing.WIDTH, drawing.HEIGHT)
    ).getextrema() == (255, 255)
    between = (
        0,
        drawing.HEIGHT - drawing.EDGE - drawing.CODE - 44,
        drawing.WIDTH,
        drawing.HEIGHT - drawing.EDGE - drawing.CODE,
    )
    assert image.crop(between).getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("title", "written"), [("\U0010fffd", ""), ("Tea \U0010fffd time", "Tea time")]
)
def test_letters_that_no_font_has_are_left_out_and_the_others_stay(
    title: str, written: str
) -> None:
    assert fonts.font("\U0010fffd", 20, bold=False) is None
    assert _pixels(WORDS._replace(title=title)) == _pixels(WORDS._replace(title=written))


def test_a_title_stands_in_the_middle_of_a_poster_without_a_picture() -> None:
    middle = _pixels(WORDS._replace(title="Tea")).crop((0, 500, drawing.WIDTH, 650))
    assert middle.getextrema()[0] < 64


# A letter that no font has, alone and among others; nothing but spaces; both directions; a cup.
NAMES = [
    "\U0010fffd",
    "Acme \U0010fffd Tea",
    "\u200b\u2060 x",
    "שלום",
    "Acme ☕",
    "a" * 80,
    "茶" * 80,
]


@pytest.mark.parametrize("label", ["Ad inside", "含广告", "\U0010fffd"])
@pytest.mark.parametrize("name", NAMES)
def test_no_advertisers_name_takes_the_label_off(name: str, label: str) -> None:
    unlabelled = _pixels(WORDS._replace(ad=""))
    image = _pixels(WORDS._replace(ad=label, advertiser=name))
    foot = (0, drawing.HEIGHT - drawing.EDGE - drawing.CODE, drawing.WIDTH, drawing.HEIGHT)
    assert image.crop(foot) != unlabelled.crop(foot)
    _, said = fonts.surest(f"{label} · {name}", label, drawing.AD_INSIDE, 32)
    assert said.startswith((label, drawing.AD_INSIDE))


def test_chinese_is_written_where_a_font_for_it_is() -> None:
    if not fonts.chinese():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"NO CHINESE FONT: install {fonts.PACKAGE}")
    assert _pixels(WORDS._replace(title="茶")) != _pixels(WORDS._replace(title="山"))


def test_a_damaged_picture_is_left_out() -> None:
    assert _pixels(WORDS, b"no picture") == _pixels(WORDS)


@settings(max_examples=25)
@given(st.text("ab 茶，。", max_size=80))
def test_breaking_a_title_loses_no_letter(text: str) -> None:
    font = fonts.font("ab", 64, bold=True)
    if font is None:
        pytest.skip("NO FONT AT ALL")
    lines = broken(text, font, 900, 100)
    assert "".join("".join(lines).split()) == "".join(text.split())
