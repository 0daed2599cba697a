"""Pictures are encoded again at the width of a phone; other files are refused."""

import io

import pytest
from PIL import Image

from ads.errors import Problem
from proxy.pictures.shrink import shrink
from proxy.pool import ShrinkPool
from tests.proxy.pictures.conftest import drawn


def size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


@pytest.mark.parametrize(
    ("sent", "shown"),
    [((60, 40), (60, 40)), ((2560, 100), (1280, 50)), ((90, 5000), (90, 5000))],
)
def test_no_picture_is_wider_than_a_phone_and_long_strips_stay_long(
    sent: tuple[int, int], shown: tuple[int, int]
) -> None:
    assert size(shrink(drawn("JPEG", sent)).data) == shown


def test_a_picture_lying_on_its_side_keeps_what_it_needs_of_its_pixels() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.effect_noise((3000, 2600), 90).save(out, "JPEG", exif=exif)
    shrunk = shrink(out.getvalue())
    assert (size(shrunk.data), shrunk.media_type) == ((1280, 1477), "image/jpeg")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        drawn()[:100],
    ],
)
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        shrink(body)
    assert refused.value.code == "unsupported_media_type"


def test_what_follows_the_pixels_does_not_come_through() -> None:
    assert b"alert" not in shrink(drawn("GIF") + b"<script>alert(1)</script>").data


async def test_refusals_come_whole_out_of_the_process_and_it_goes_on() -> None:
    pool = ShrinkPool()
    try:
        with pytest.raises(Problem) as refused:
            await pool.shrink(b"GIF89a")
        assert refused.value.code == "unsupported_media_type"
        assert size((await pool.shrink(drawn())).data) == (60, 40)
    finally:
        pool.close()
