"""Style sheets and fonts from plain http, which the policy would block, are proxied."""

import re

import pytest

from proxy.pictures.address import DEEPEST
from proxy.pictures.sheets import decoded
from proxy.source import Source
from tests.pages import ARTICLE
from tests.proxy.pictures.conftest import World, drawn

OURS = re.compile(r"http://127\.0\.0\.1:\d+/i/[a-z2-7]{26}/[a-z2-7]+")
SHEET = """@charset "utf-8"; @import 'more.css'; @import url(/too.css) screen;
@font-face{font-family:F;src:url(f.woff2?#iefix) format("woff2")}
body{background:url(i/bg.png)} .bar{position:fixed;top:0;z-index:2147483647}
p{behavior:url(x.htc);background:url(javascript:alert(1))}"""


async def got(world: World, url: str) -> tuple[int, str, str]:
    async with world.http.get(url) as answer:
        return answer.status, answer.content_type, await answer.text("latin-1")


async def shown(world: World, path: str = "/a") -> list[str]:
    """Our addresses in the head of a share's page, except its link card's."""
    link = world.link(await world.publish(path))
    _, _, page = await got(world, link)
    return OURS.findall(re.sub("<meta[^>]+>", "", page.partition("</head>")[0]))


async def test_a_sheet_comes_cleaned_and_what_it_names_comes_the_same_way(world: World) -> None:
    head = "<link rel=stylesheet href=/s/a.css><style>@import '/s/more.css';</style>"
    page = ARTICLE.replace("</head>", f"{head}</head>").encode()
    world.site.files |= {
        "/a": ("text/html", page),
        "/s/a.css": ("text/css", SHEET.encode()),
        "/s/more.css": ("text/css", b"i{color:red}"),
        "/too.css": ("text/css", b"b{color:red}"),
        "/s/i/bg.png": ("image/png", drawn()),
        "/s/f.woff2": ("application/octet-stream", b"wOF2" + bytes(90)),
    }
    linked, imported = await shown(world)
    status, kind, sheet = await got(world, linked)
    assert (status, kind) == (200, "text/css")
    assert "inset:auto!important;overflow-x:clip!important;position:relative" in sheet
    assert not re.search("fixed|2147483647|javascript|behavior", sheet)
    more, too, font, picture, _ = OURS.findall(sheet)
    assert (await got(world, more))[2] == (await got(world, imported))[2] == "i{color:red}"
    assert (await got(world, too))[2] == "b{color:red}"
    assert (await got(world, picture))[:2] == (200, "image/jpeg")
    async with world.http.get(font) as answer:
        assert answer.content_type == "font/woff2"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/html", b"<p>no sheet"), ("image/png", b"x"), ("text/css", b"x" * 3_000_000)],
)
async def test_what_is_no_sheet_or_too_big_is_nothing(world: World, kind: str, body: bytes) -> None:
    world.site.files["/a.css"] = kind, body
    url = world.parts.addresses.of_sheet(f"{world.site.url}/a.css")
    assert (await got(world, url))[0] == 404


async def test_what_is_no_font_is_nothing(world: World) -> None:
    world.site.files["/f.woff2"] = "font/woff2", b"<script>alert(1)</script>"
    assert (await got(world, world.parts.addresses.of_font(f"{world.site.url}/f.woff2")))[0] == 404


async def test_sheets_that_import_each_other_without_end_end(world: World) -> None:
    world.site.files["/a.css"] = "text/css", b"@import 'a.css';"
    url, steps = world.parts.addresses.of_sheet(f"{world.site.url}/a.css"), 0
    while found := OURS.findall((await got(world, url))[2]):
        url, steps = found[0], steps + 1
    assert steps == DEEPEST


async def test_a_cache_that_asks_for_a_sheet_again_is_told_to_ask_again_tomorrow(
    world: World,
) -> None:
    world.site.files["/a.css"] = "text/css", b"i{}"
    url = world.parts.addresses.of_sheet(f"{world.site.url}/a.css")
    async with world.http.get(url) as first:
        asked = {"If-None-Match": first.headers["ETag"]}
    async with world.http.get(url, headers=asked) as again:
        assert again.status == 304
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert "max-age=86400" in again.headers["Cache-Control"]


async def test_a_picture_is_not_to_be_had_as_a_sheet_by_another_name(world: World) -> None:
    world.site.files["/a.css"] = "text/css", b"i{}"
    assert (await got(world, world.ours("/a.css")))[0] == 404, "named as a picture, it must be one"


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (b"\xef\xbb\xbfp{}", "text/css; charset=gbk", "p{}"),
        ("p{content:'é'}".encode("latin-1"), "text/css; charset=iso-8859-1", "p{content:'é'}"),
        ('@charset "gbk";宋体{}'.encode("gbk"), "text/css", '@charset "gbk";宋体{}'),
        ("p{font:'宋体'}".encode("gbk"), "text/css", "p{font:'宋体'}"),
        ("p{font:'宋体'}".encode(), "text/css; charset=nonsense", "p{font:'宋体'}"),
        (b"p{}", "text/css; charset=idna", "p{}"),
        (b'@charset "punycode";p{}', "", '@charset "punycode";p{}'),
    ],
)
def test_a_sheet_is_read_in_its_own_encoding(body: bytes, kind: str, text: str) -> None:
    assert decoded(Source("http://a.example/", body, kind)) == text
