"""Pictures: only pixels come through."""

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from ads import picture, picture_id
from ads.errors import Problem


def picture_of(form: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    image = Image.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(encoded: picture.Picture) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.data))
    image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF"])
def test_the_usual_forms_are_written_anew(form: str) -> None:
    encoded = picture.encode_now(picture_of(form))
    assert encoded.media_type in ("image/jpeg", "image/png", "image/webp")
    assert (encoded.width, encoded.height) == (40, 20)
    assert opened(encoded).size == (40, 20)


def test_the_id_tells_the_size_and_is_the_same_for_the_same_picture() -> None:
    data = picture_of("PNG")
    one, two = picture.encode_now(data), picture.encode_now(data)
    assert one.id == two.id
    assert picture_id.valid(one.id)
    assert picture_id.size(one.id) == (40, 20)
    assert picture_id.size("nothing") == (0, 0)


def test_no_side_is_longer_than_2000_pixels() -> None:
    encoded = picture.encode_now(picture_of("JPEG", (2600, 100)))
    assert (encoded.width, encoded.height) == (2000, 77)


def test_a_camera_that_lay_on_its_side_is_turned_upright_and_its_notes_go() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    encoded = picture.encode_now(picture_of("JPEG", exif=exif))
    assert (encoded.width, encoded.height) == (20, 40)
    assert b"secret" not in encoded.data
    assert not opened(encoded).getexif()


def test_comments_profiles_and_text_go() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret text")
    data = picture_of("PNG", pnginfo=notes, icc_profile=b"secret profile")
    encoded = picture.encode_now(data)
    assert b"secret" not in encoded.data
    assert "icc_profile" not in opened(encoded).info


def test_what_hangs_behind_a_picture_is_left_behind() -> None:
    encoded = picture.encode_now(picture_of("GIF") + b"<script>alert(1)</script>")
    assert b"script" not in encoded.data


def test_transparent_pixels_stay_transparent() -> None:
    image = Image.effect_noise((30, 30), 90).convert("RGBA")
    image.putpixel((0, 0), (1, 2, 3, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    encoded = picture.encode_now(out.getvalue())
    assert opened(encoded).convert("RGBA").getpixel((0, 0))[3] == 0


def test_sixteen_bits_of_grey_keep_their_shade() -> None:
    out = io.BytesIO()
    Image.new("I;16", (4, 4), 30_000).save(out, "PNG")
    assert opened(picture.encode_now(out.getvalue())).convert("L").getpixel((0, 0)) == 117


def test_few_colours_stay_sharp() -> None:
    out = io.BytesIO()
    Image.new("1", (50, 50), 1).save(out, "PNG")
    assert picture.encode_now(out.getvalue()).media_type == "image/png"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"GIF89a<script>alert(1)</script>",
        picture_of("PNG")[:60],
        picture_of("JPEG")[:300],
    ],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        picture.encode_now(data)
    assert caught.value.code == "unsupported_media_type"


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    body = zlib.compress(bytes(100))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize("side", [8_000, 12_000, 100_000])
def test_a_bomb_is_refused_by_what_it_says_of_itself(side: int) -> None:
    with pytest.raises(Problem) as caught:
        picture.encode_now(bomb(side))
    assert caught.value.code in ("too_big", "unsupported_media_type")


def test_a_picture_of_too_many_pixels_is_refused_though_it_is_whole() -> None:
    out = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(out, "PNG")
    with pytest.raises(Problem) as caught:
        picture.encode_now(out.getvalue())
    assert caught.value.code == "too_big"


async def test_more_than_8_megabytes_are_too_big() -> None:
    with pytest.raises(Problem) as caught:
        await picture.encode(bytes(picture.BYTES_MAX + 1))
    assert caught.value.code == "too_big"


SAMPLES = {form: picture_of(form) for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(1, 4000),
)
def test_a_damaged_picture_is_read_or_refused(
    form: str, changes: list[tuple[int, int]], kept: int
) -> None:
    data = bytearray(SAMPLES[form][:kept])
    for at, value in changes:
        data[at % len(data)] = value
    try:
        picture.encode_now(bytes(data))
    except Problem as problem:
        refused = problem.code
    else:
        return
    assert refused in ("unsupported_media_type", "too_big")
