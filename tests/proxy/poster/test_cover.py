"""Covers: any title fits, and a picture's address depends on its words."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from proxy.pictures.address import PATH, PictureAddresses, host
from proxy.poster import cover
from tests.proxy.poster.test_drawing import TITLES

ADDRESSES = PictureAddresses("https://pages.example", (b"n" * 32,))


def _pixels(title: str, site: str) -> Image.Image:
    with Image.open(io.BytesIO(cover.png(title, site))) as image:
        return image.convert("L")


@pytest.mark.parametrize("title", ["", "Tea", *TITLES])
def test_no_title_reaches_the_edges_or_the_line_above(title: str) -> None:
    image, edge = _pixels(title, "茶" * 60), cover.EDGE
    ground = image.getpixel((0, 0))
    right = (cover.WIDTH - edge + 4, 0, cover.WIDTH, cover.HEIGHT)
    above = (0, edge + 36, cover.WIDTH, edge + 44)
    for box in (right, above, (0, 0, edge - 16, cover.HEIGHT)):
        assert image.crop(box).getextrema() == (ground, ground)


@settings(max_examples=40)
@given(title=st.text(max_size=400), site=st.text(max_size=100))
def test_an_address_is_short_signed_and_says_what_is_drawn(title: str, site: str) -> None:
    url = ADDRESSES.of_cover(title, site)
    _, signature, name = url.removeprefix("https://pages.example").strip("/").split("/")
    told = ADDRESSES.source(signature, name)
    assert len(name) <= 3_300, PATH
    assert told is not None
    kind, _, rest = told.partition(" ")
    assert kind == "cover"
    assert rest.count("\n") == 1, "a title cannot pass for a site"
    assert rest.split("\n")[1] == " ".join(title.split())[:120]
    assert host(told) == ""
    assert ADDRESSES.source(signature, name[::-1]) in (None, told)
