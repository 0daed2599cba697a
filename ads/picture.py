"""Uploaded pictures: decoded and encoded anew, so that nothing but pixels comes through."""

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from ads import picture_id
from ads.errors import Problem
from ads.tasks import Lane

BYTES_MAX = 8 * 1024 * 1024
SIDE_MAX = 2000
PIXELS_MAX = 32_000_000
"""Pixels of a picture as sent: 128 MB decoded, and as much again while it is reduced."""
PHOTOGRAPH_MAX = 50_000_000
"""Pixels of a JPEG: large cameras make such, and they can be decoded at a smaller size."""
SCANS_MAX = 200
"""Scans of a JPEG, of which ten or so are usual: in 75 bytes, each costs a pass over all pixels."""
QUALITY = 85
PHOTOGRAPHIC = 2
"""If its PNG is so many times as large as its JPEG, a grey picture is a photograph."""
_PHOTOGRAPHS = ("JPEG", "MPO")
_SCAN = b"\xff\xda"  # ITU T.81, B.1.1.3: no coded data has these two bytes
_PLAIN = ("L", "RGB", "RGBA")
_READ = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
_lane = Lane(2)


class Picture(NamedTuple):
    """A picture written anew, as it is served; sides in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def id(self) -> str:
        """The id, made of its bytes and sides (`ads.picture_id`)."""
        return picture_id.make(self.data, self.width, self.height)


async def encode(data: bytes) -> Picture:
    """As `encode_now`, in a thread."""
    return await _lane.run(encode_now, data)


def encode_now(data: bytes) -> Picture:
    """The picture in these bytes, turned upright, at most 2000 pixels a side, metadata dropped.

    Raises Problem("too_big") for more than 8 MB or too many pixels, and
    Problem("unsupported_media_type") for what is no picture that we know: SVG is none.
    """
    if len(data) > BYTES_MAX:
        raise Problem("too_big", "A picture has at most 8 MB.")
    return reduced(data, (SIDE_MAX, SIDE_MAX))


def reduced(data: bytes, box: tuple[int, int]) -> Picture:
    """The first frame, turned upright, no wider and no higher than `box`, metadata dropped.

    Raises Problem as `encode_now` does; the bytes are bounded by whoever got them.
    """
    image, photograph = _decoded(data, box)
    image.thumbnail(box, Image.Resampling.LANCZOS)
    return Picture(*_written(image, photograph=photograph), *image.size)


Part = tuple[float, float, float, float]
"""Left, top, right, bottom, as parts of a picture's sides."""


async def cropped(data: bytes, part: Part) -> bytes:
    """That part of a picture, a pixel a side at least. Raises Problem as `encode_now` does."""
    return await _lane.run(_cropped, data, part)


def _cropped(data: bytes, part: Part) -> bytes:
    image, photograph = _decoded(data, (SIDE_MAX, SIDE_MAX))
    left, right = _between(part[0], part[2], image.width)
    top, bottom = _between(part[1], part[3], image.height)
    cut = image.crop((left, top, right, bottom))
    return _written(cut, photograph=photograph)[0]


def _between(start: float, end: float, side: int) -> tuple[int, int]:
    """The pixels of a part of a side: as many wherever it begins, so that a square is a square."""
    many = max(1, min(side, round((end - start) * side)))
    first = max(0, min(round(start * side), side - many))
    return first, first + many


def _decoded(data: bytes, box: tuple[int, int]) -> tuple[Image.Image, bool]:
    """Upright pixels in RGB or RGBA, of the first frame; whether they came as a photograph."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, on odd files; we judge the pixels
            with Image.open(io.BytesIO(data), formats=_READ) as image:
                _check(image, data)
                enough = _enough(image, box)
                image.draft(None, enough)  # a large JPEG is decoded smaller
                image.load()
                if image.mode in _PLAIN:  # reduced first, so that the copies below are small
                    image.thumbnail(enough, Image.Resampling.LANCZOS)
                return _plain(ImageOps.exif_transpose(image)), image.format in _PHOTOGRAPHS
    except Problem:
        raise
    except Image.DecompressionBombError:
        raise Problem("too_big", f"At most {PIXELS_MAX // 1_000_000} megapixels.") from None
    except UnidentifiedImageError:
        raise Problem("unsupported_media_type", "This is not a picture that we know.") from None
    except Exception:  # noqa: BLE001 - decoders raise a dozen kinds of errors on hostile bytes
        raise Problem("unsupported_media_type", "The picture is damaged.") from None


def _enough(image: Image.Image, box: tuple[int, int]) -> tuple[int, int]:
    """What the picture will measure in `box`, lying on its side or not."""
    (width, height), (wide, high) = image.size, box
    upright, lying = min(wide / width, high / height), min(wide / height, high / width)
    scale = min(1.0, max(upright, lying))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _check(image: Image.Image, data: bytes) -> None:
    """Judged by the header, before a pixel is decoded."""
    most = PHOTOGRAPH_MAX if image.format in _PHOTOGRAPHS else PIXELS_MAX
    if image.width * image.height > most:
        raise Problem("too_big", f"At most {most // 1_000_000} megapixels.")
    if image.format in _PHOTOGRAPHS and data.count(_SCAN) > SCANS_MAX:
        raise Problem("unsupported_media_type", f"At most {SCANS_MAX} scans.")


def _plain(image: Image.Image) -> Image.Image:
    """A copy with pixels alone: no profile, no text, no palette."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")  # else all becomes white
    transparent = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if transparent else "RGB")
    plain.info = {}
    if transparent and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    return plain


def _written(image: Image.Image, *, photograph: bool) -> tuple[bytes, str]:
    """PNG for few colours (drawings, QR codes), WebP for transparent ones, JPEG for photographs.

    One in black and white has few colours too: as PNG it would be four times as large.
    """
    few = not photograph and image.getcolors(256) is not None
    if image.mode == "RGBA":
        return _png(image) if few else _saved(image, "webp", quality=QUALITY, method=4, exact=False)
    jpeg = _saved(image, "jpeg", quality=QUALITY, optimize=True, progressive=True)
    if not few:
        return jpeg
    png = _png(image)
    return png if len(png[0]) < PHOTOGRAPHIC * len(jpeg[0]) else jpeg


def _png(image: Image.Image) -> tuple[bytes, str]:
    return _saved(image, "png", optimize=True)


def _saved(image: Image.Image, kind: str, **how: object) -> tuple[bytes, str]:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue(), f"image/{kind}"
