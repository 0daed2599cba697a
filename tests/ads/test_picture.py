"""Pictures: only pixels come through."""

import io
import tracemalloc
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


@pytest.mark.parametrize("start", [0, 0.1, 0.2725, 0.4881, 0.5])
async def test_a_part_is_as_large_wherever_it_begins(start: float) -> None:
    cut = await picture.cropped(picture_of("PNG"), (start, 0, start + 0.5, 1))
    assert Image.open(io.BytesIO(cut)).size == (20, 20)


def test_the_id_tells_the_size_and_is_the_same_for_the_same_picture() -> None:
    data = picture_of("PNG")
    one, two = picture.encode_now(data), picture.encode_now(data)
    assert one.id == two.id
    assert picture_id.valid(one.id)
    assert picture_id.size(one.id) == (40, 20)
    assert picture_id.size("nothing") == (0, 0)


@pytest.mark.parametrize(("more", "taken"), [(100, True), (200, False)])
def test_a_photograph_that_is_gone_over_hundreds_of_times_is_none(more: int, taken: bool) -> None:
    whole = picture_of("JPEG", progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    data = whole[:-2] + scan * more + whole[-2:]
    if taken:
        assert opened(picture.encode_now(data)).size == (40, 20)
    else:
        with pytest.raises(Problem) as refusal:
            picture.encode_now(data)
        assert refusal.value.code == "unsupported_media_type"


def test_no_side_is_longer_than_2000_pixels() -> None:
    encoded = picture.encode_now(picture_of("JPEG", (2600, 100)))
    assert (encoded.width, encoded.height) == (2000, 77)


def test_a_line_stays_a_pixel_wide() -> None:
    assert picture.encode_now(picture_of("PNG", (1, 30_000))).height == 2000


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


SECRET = b"<script>alert(1)</script>"


def other_halves() -> dict[str, bytes]:
    """Pictures that are another format as well (polyglots), by where that is hidden."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=False)
    return {
        "a JPEG's comment": picture_of("JPEG", comment=SECRET),
        "a JPEG's Exif": picture_of("JPEG", exif=exif),
        "a JPEG's profile": picture_of("JPEG", icc_profile=SECRET),
        "an archive behind a JPEG": picture_of("JPEG") + b"PK\x03\x04" + SECRET,
        "a GIF's comment": picture_of("GIF", comment=SECRET),
        "a PNG's XMP": picture_of("PNG", pnginfo=notes),
        "a WebP's XMP": picture_of("WEBP", xmp=SECRET),
        "an AVIF's Exif": picture_of("AVIF", exif=exif),
        "a BMP's tail": picture_of("BMP") + SECRET,
    }


@pytest.mark.parametrize("where", other_halves())
def test_what_is_something_else_as_well_comes_out_as_a_picture_alone(where: str) -> None:
    data = other_halves()[where]
    assert SECRET in data
    encoded = picture.encode_now(data)
    assert SECRET not in encoded.data
    assert opened(encoded).size == (40, 20)
    assert encoded.data[:4] in (b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0")


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_of_what_moves_the_first_frame_is_a_picture(form: str) -> None:
    frames = [Image.new("RGB", (30, 20), (shade, 0, 0)) for shade in (250, 10, 120)]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    image = opened(picture.encode_now(out.getvalue()))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((5, 5))[0] > 200


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


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_a_photograph_without_colour_is_written_as_one_with_colour_is(form: str) -> None:
    assert picture.encode_now(picture_of(form, (400, 300))).media_type == "image/jpeg"


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


def bomb(side: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of a few bytes that says it is very large, or has chunks that are."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    body = zlib.compress(bytes(100))
    told = b"".join(chunk(*each) for each in more)
    parts = chunk(b"IHDR", head) + told + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("kind", "head"), [(b"iCCP", b"x\0\0"), (b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0")]
)
def test_a_bomb_beside_the_pixels_is_refused(kind: bytes, head: bytes) -> None:
    hidden = head + zlib.compress(bytes(20_000_000))
    tracemalloc.start()
    with pytest.raises(Problem) as caught:
        picture.encode_now(bomb(5, (kind, hidden)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "unsupported_media_type"
    assert peak < 10_000_000


@pytest.mark.parametrize("side", [8_000, 12_000, 100_000])
def test_a_bomb_is_refused_by_what_it_says_of_itself(side: int) -> None:
    with pytest.raises(Problem) as caught:
        picture.encode_now(bomb(side))
    assert caught.value.code == "too_big"


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
