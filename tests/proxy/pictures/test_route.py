"""The signed picture route: what it shows, refuses and fetches."""

import io
import struct
import zlib

import aiohttp
import pytest
from PIL import Image

from tests.proxy.pictures.conftest import World, drawn

GUARDS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that claims `side` squared pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


async def asked(
    world: World, url: str, method: str = "GET", **headers: str
) -> tuple[aiohttp.ClientResponse, bytes]:
    """The answer, which must have the security headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with world.http.request(method, url, headers=named) as answer:
        body = await answer.read()
    assert all(name in answer.headers for name in GUARDS)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "no-transform" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    return answer, body


async def test_a_picture_is_written_anew_and_kept_for_long(world: World) -> None:
    world.site.files["/wide.jpg"] = "image/jpeg", drawn("JPEG", (2560, 90))
    url = world.ours("/wide.jpg")
    answer, body = await asked(world, url)
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    with Image.open(io.BytesIO(body)) as image:
        assert image.size == (1280, 45)
    assert {"immutable", "public"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "pictures:127.0.0.1" in answer.headers["Surrogate-Key"]
    head, nothing = await asked(world, url, "HEAD")
    assert (head.status, head.content_length, nothing) == (200, len(body), b"")
    again, nothing = await asked(world, url, If_None_Match=answer.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    assert world.site.asked == ["/wide.jpg"]


async def test_what_was_not_signed_is_refused_and_nobody_is_asked(world: World) -> None:
    world.site.files["/a.png"] = "image/png", drawn()
    start, signature, name = world.ours("/a.png").rsplit("/", 2)
    other = world.ours("/b.png").rsplit("/", 1)[1]
    twisted = ("b" if signature[0] == "a" else "a") + signature[1:]
    for forged in (f"{signature}/{other}", f"{twisted}/{name}", f"{signature}/{name}aaaaaaaa"):
        answer, body = await asked(world, f"{start}/{forged}")
        assert (answer.status, body) == (403, b"")
        assert "no-store" in answer.headers["Cache-Control"]
    for unlike in (f"{signature}/{name.upper()}", name, f"{signature}/{world.site.url}/a.png"):
        async with world.http.get(f"{start}/{unlike}") as answer:
            assert answer.status == 404
            assert "Content-Security-Policy" in answer.headers
    assert not world.site.asked


BAD = {
    "/svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "/hidden-svg": ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "/page": ("text/html", b"<!doctype html><script>alert(1)</script>"),
    "/hidden-page": ("image/png", b"<!doctype html><script>alert(1)</script>"),
    "/mistyped": ("text/html", drawn()),
    "/bomb": ("image/png", bomb()),
    "/long": ("image/jpeg", b"\xff\xd8\xff" + b"\0" * (8 << 20)),
    "/empty": ("image/png", b""),
}


async def test_what_is_no_picture_fails_small(world: World) -> None:
    world.site.files |= BAD
    for path in BAD:
        answer, shown = await asked(world, world.ours(path))
        assert (answer.status, shown) == (404, b""), path
        assert "max-age=60" in answer.headers["Cache-Control"]
        assert "immutable" not in answer.headers["Cache-Control"]
    assert world.site.asked == list(BAD)


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/a.png",
        "http://169.254.169.254/latest/a.png",
        "http://[::1]/a.png",
        "http://127.0.0.1:1/a.png",
        "http://user@127.0.0.1/a.png",
        "http://2130706433/a.png",
        "{pages}/m/0123",
    ],
)
async def test_signed_or_led_to_private_addresses_are_never_reached(
    world: World, target: str
) -> None:
    target = target.format(pages=world.pages.replace("127.0.0.1", "127.0.0.2"))
    direct, _ = await asked(world, world.parts.addresses.of(target))
    assert direct.status == 404
    world.site.redirects["/led"] = target
    led, _ = await asked(world, world.ours("/led"))
    assert led.status == 404
    assert world.site.asked == ["/led"]


async def test_a_picture_that_is_not_there_is_asked_for_once(world: World) -> None:
    for _ in range(3):
        answer, _ = await asked(world, world.ours("/none.png"))
        assert answer.status == 404
    assert world.site.asked == ["/none.png"]
