"""Complete downloads from a server on loopback."""

import asyncio
import time
from collections.abc import Callable

import msgspec
import pytest

from proxy.errors import SourceProblem
from proxy.fetch import Fetcher, NotModified, Validators, answer, user_agent
from proxy.source import Source
from tests.proxy.fetch.conftest import code

Make = Callable[..., Fetcher]


async def page(fetcher: Fetcher, url: str) -> Source:
    found = await fetcher.get(url)
    assert isinstance(found, Source)
    return found


async def test_a_page_comes_with_its_address_type_and_headers(origin, make: Make) -> None:
    origin.put("/a", "X-One: 1", "X-Two: a", "X-Two: b", "Set-Cookie: c=1")
    source = await page(make(), origin.url("/a#part"))
    assert (source.url, source.media, source.fetched_at) == (origin.url("/a"), "html", 1_000)
    assert source.body.endswith(b"Its text.")
    assert source.headers["x-two"] == "a, b"
    assert "set-cookie" not in source.headers


async def test_a_header_with_bytes_that_are_no_text_can_be_kept_and_sent(
    origin, make: Make
) -> None:
    url = origin.put("/a", "X-Robots-Tag: noarchive", "ETag: é")
    origin.answers["/a"] = origin.answers["/a"].replace("é".encode(), "é".encode("latin-1"))
    source = await page(make(), url)
    assert b"noarchive" in msgspec.msgpack.encode(source)


async def test_a_head_as_long_as_browsers_take_is_taken(origin, make: Make) -> None:
    policy = f"Content-Security-Policy: {'https://cdn.example ' * 1_000}"
    url = origin.put("/a", policy, *(f"X-Served-{number}: by" for number in range(200)))
    assert (await page(make(), url)).body


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["text/html", "text/html"], "text/html"),
        (["text/html; charset=gbk", "text/html"], "text/html; charset=gbk"),
        (["text/html; charset=gbk, text/html; charset=utf-8"], "text/html; charset=utf-8"),
        (["application/json", "text/html"], "text/html"),
        (["text/html", "", "*/*"], "text/html"),
    ],
)
async def test_of_several_types_the_last_is_meant(
    origin, make: Make, said: list[str], meant: str
) -> None:
    url = origin.put("/a", *(f"Content-Type: {each}" for each in said))
    assert (await page(make(), url)).content_type == meant


@pytest.mark.parametrize("word", ["none", "utf-8", "8bit", "none, none"])
async def test_a_content_encoding_that_there_is_not_says_nothing(
    origin, make: Make, word: str
) -> None:
    assert (await page(make(), origin.put("/a", f"Content-Encoding: {word}"))).body


async def test_each_robots_header_keeps_a_line_of_its_own(origin, make: Make) -> None:
    origin.put("/a", "X-Robots-Tag: otherbot: none", "X-Robots-Tag: noarchive")
    assert (await page(make(), origin.url("/a"))).headers["x-robots-tag"] == (
        "otherbot: none\nnoarchive"
    )


async def test_we_say_who_we_are_and_carry_nothing_of_anyones(
    origin, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login a password b\n")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", str(netrc))
    fetcher = make()
    origin.put("/", "Set-Cookie: id=1; Path=/")
    origin.put("/b", "Location: /", status="302 Found")
    await fetcher.get(origin.url("/b"))
    await fetcher.get(origin.url("/"))
    assert len(origin.asked) == 3
    for request in origin.asked:
        assert request.method == "GET"
        assert request.headers["user-agent"].startswith("PassalongBot/")
        assert set(request.headers) == {
            "host", "user-agent", "accept", "accept-encoding", "connection",
        }  # fmt: skip


async def test_an_unchanged_page_is_told_by_its_validators(origin, make: Make) -> None:
    origin.put("/a", status="304 Not Modified", body=b"")
    fetcher = make()
    known = Validators(etag='W/"1"', last_modified="Sun, 22 Nov 2026 00:00:00 GMT")
    assert isinstance(await fetcher.get(origin.url("/a"), validators=known), NotModified)
    assert origin.asked[0].headers["if-none-match"] == 'W/"1"'
    assert origin.asked[0].headers["if-modified-since"] == known.last_modified
    assert await code(fetcher, origin.url("/a")) == "unreachable"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", "source_refused"),
        ("402 Payment Required", "source_refused"),
        ("403 Forbidden", "source_refused"),
        ("404 Not Found", "source_not_found"),
        ("405 Method Not Allowed", "source_refused"),
        ("408 Request Timeout", "source_timeout"),
        ("410 Gone", "source_not_found"),
        ("429 Too Many Requests", "source_refused"),
        ("451 Unavailable For Legal Reasons", "refused_by_publisher"),
        ("500 Oops", "unreachable"),
        ("503 Later", "unreachable"),
        ("504 Gateway Timeout", "source_timeout"),
        ("204 No Content", "not_an_article"),
        ("300 Multiple Choices", "unreachable"),
        ("302 Found", "unreachable"),  # without a Location
        ("600 What", "unreachable"),
        ("999 Request denied", "source_refused"),
    ],
)
async def test_a_status_is_one_code(origin, make: Make, status: str, expected: str) -> None:
    assert await code(make(), origin.put("/a", status=status, body=b"")) == expected


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        ("503 Service Unavailable", ["cf-mitigated: challenge"], b""),
        ("202 Accepted", ["x-amzn-waf-action: challenge"], b""),
        ("200 OK", [], b"<script>window._cf_chl_opt={}</script>"),
        ("503 Busy", [], b"<title>Just a moment...</title><script>_cf_chl_opt</script>"),
        ("200 OK", [], b"<script src='https://geo.captcha-delivery.com/c.js'></script>"),
        ("200 OK", [], b"<iframe src='/_Incapsula_Resource?x'></iframe>"),
    ],
)
async def test_a_challenge_is_a_refusal_whatever_its_status(
    origin, make: Make, status: str, headers: list[str], body: bytes
) -> None:
    url = origin.put("/a", *headers, status=status, body=body)
    assert await code(make(), url) == "source_refused"


async def test_an_article_that_loads_a_firewalls_script_is_an_article(origin, make: Make) -> None:
    url = origin.put("/a", body=b"<p>text</p>" * 4000 + b"<script src=/_Incapsula_Resource>")
    assert (await page(make(), url)).media == "html"


@pytest.mark.parametrize(
    ("path", "content_type", "media"),
    [
        ("/a", "text/html; charset=gbk", "html"),
        ("/a", "application/xhtml+xml", "html"),
        ("/a", "TEXT/HTML", "html"),
        ("/a", "application/pdf", "pdf"),
        ("/a.pdf", "application/octet-stream", "pdf"),
        ("/a", "image/png", "picture"),
        ("/a.JPG", "binary/octet-stream", "picture"),
        ("/a", "audio/mpeg", "audio"),
        ("/a.mp4", "application/octet-stream", "video"),
        ("/a", "video/mp4", "video"),
    ],
)
async def test_files_are_told_by_type_and_not_read(
    origin, make: Make, path: str, content_type: str, media: str
) -> None:
    url = origin.put(path, f"Content-Type: {content_type}", body=b"<p>" + b"x" * 1000)
    source = await page(make(max_bytes=2000 if media == "html" else 10), url)
    assert source.media == media
    assert bool(source.body) == (media == "html")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/json", "application/zip", "text/css", "x", "font/woff"],
)
async def test_other_types_are_no_articles(origin, make: Make, content_type: str) -> None:
    url = origin.put("/a", f"Content-Type: {content_type}")
    assert await code(make(), url) == "not_an_article"


async def test_without_a_type_only_markup_is_taken(origin, make: Make) -> None:
    origin.put("/a", "Content-Type: ", body=b"\xef\xbb\xbf \n<!doctype html><p>x")
    origin.put("/b", "Content-Type: ", body=b"PK\x03\x04")
    assert (await page(make(), origin.url("/a"))).media == "html"
    assert await code(make(), origin.url("/b")) == "not_an_article"


async def test_pictures_come_as_sent_and_nothing_else_passes_for_one(origin, make: Make) -> None:
    fetcher = make(max_picture_bytes=100)
    url = origin.put("/p", "Content-Type: image/png", body=b"\x89PNG" + bytes(50))
    assert await fetcher.picture(url) == b"\x89PNG" + bytes(50)
    for name, kind, size in (
        ("/s", "image/svg+xml", 9),
        ("/h", "text/html", 9),
        ("/b", "image/png", 101),
    ):
        url = origin.put(name, f"Content-Type: {kind}", body=bytes(size))
        with pytest.raises(SourceProblem) as caught:
            await fetcher.picture(url)
        assert caught.value.code == ("too_big" if size > 100 else "not_an_article")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_to_the_page(origin, make: Make, status: int) -> None:
    origin.put("/a", "Location: b/?x=1", status=f"{status} Moved")
    origin.put("/b/?x=1")
    assert (await page(make(), origin.url("/a"))).url == origin.url("/b/?x=1")


async def test_raw_bytes_in_a_location_are_escaped_as_they_are(origin, make: Make) -> None:
    origin.answers["/a"] = b"HTTP/1.1 302 Found\r\nLocation: /\xd6\xd0\r\nContent-Length: 0\r\n\r\n"
    origin.put("/%D6%D0")
    assert (await page(make(), origin.url("/a"))).url == origin.url("/%D6%D0")


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="refresh" content="0;url=/b?x=1&amp;y=2">',
        "<META content='0; URL=/b?x=1&y=2' HTTP-EQUIV='Refresh'>",
        "<noscript><meta http-equiv=refresh content=1;url=/b?x=1&y=2></noscript><script>x</script>",
        '<meta http-equiv="refresh" content="0;url=\'/b?x=1&amp;y=2\'">',
    ],
)
async def test_a_shorteners_page_that_leads_on_at_once_is_followed(
    origin, make: Make, markup: str
) -> None:
    origin.put("/a", body=markup.encode())
    origin.put("/b?x=1&y=2")
    assert (await page(make(), origin.url("/a"))).url == origin.url("/b?x=1&y=2")


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="refresh" content="300;url=/b">',
        '<meta http-equiv="refresh" content="5;url=/b">',
        '<meta http-equiv="refresh" content="0">',
        '<meta name="description" content="0;url=/b">',
        '<meta http-equiv="refresh" content="0;url=/b">' + "text " * 1000,
    ],
    ids=range(5),
)
async def test_a_page_that_refreshes_later_is_the_page(origin, make: Make, markup: str) -> None:
    origin.put("/a", body=markup.encode())
    assert (await page(make(), origin.url("/a"))).url == origin.url("/a")


def test_a_page_that_might_lead_on_is_read_once_whatever_is_in_it() -> None:
    def took(size: int) -> float:
        page = b"http-equiv=refresh " + b"<meta " * (size // 60) + b"content=" + b" " * size
        began = time.thread_time()
        assert answer.leads_on(page[:size]) == ""
        return time.thread_time() - began

    whole, part = (min(took(size) for _ in range(3)) for size in (4096, 512))
    assert whole < 64 * part, "eight times the page: it was seven hundred times the time"


async def test_a_small_text_is_read_to_its_own_cap(origin, make: Make) -> None:
    origin.put("/robots.txt", "Content-Type: text/plain", body=b"x" * 500 * 1024)
    fetcher = make(max_bytes=10)
    assert len((await fetcher.text(origin.url("/robots.txt"))).body) == 500 * 1024


async def test_of_a_text_over_the_cap_the_whole_lines_within_it_count(origin, make: Make) -> None:
    head = b"User-agent: PassalongBot\nDisallow: /\n"
    whole = head + b"Allow: /x\n" * 60_000
    for more in (f"Content-Length: {len(whole)}", "X: of no length"):
        origin.answers["/robots.txt"] = f"HTTP/1.1 200 OK\r\n{more}\r\n\r\n".encode() + whole
        found = (await make().text(origin.url("/robots.txt"))).body
        assert (found.startswith(head), found.endswith(b"\nAllow: /x")) == (True, True)
        assert 511 * 1024 < len(found) < 512 * 1024


async def test_a_server_that_speaks_no_tls_is_unreachable(make: Make) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        assert await code(make(), f"https://127.0.0.1:{port}/") == "unreachable"


async def test_a_closed_port_is_unreachable(origin, make: Make, unused_tcp_port: int) -> None:
    assert await code(make(), f"http://127.0.0.1:{unused_tcp_port}/") == "unreachable"


def test_our_name_leads_to_a_page_about_us() -> None:
    assert user_agent("https://c.example") == "PassalongBot/0.1 (+https://c.example/about)"


async def test_five_redirects_are_followed_and_six_are_not(origin, make: Make) -> None:
    for number in range(6):
        origin.put(f"/{number}", f"Location: /{number + 1}", status="302 Found")
    origin.put("/6")
    assert (await page(make(), origin.url("/1"))).url == origin.url("/6")
    asked = len(origin.asked)
    assert await code(make(), origin.url("/0")) == "unreachable"
    assert len(origin.asked) - asked == 6


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/login?next=/a", "login_required"),
        ("/Sign-In/", "login_required"),
        ("/wp-login.php?x", "login_required"),
        ("/mp/wappoc_appmsgcaptcha?poc_token=1", "source_refused"),
        ("/account/unhuman", "source_refused"),
    ],
)
async def test_a_redirect_to_a_login_or_a_captcha_says_so(
    origin, make: Make, place: str, expected: str
) -> None:
    origin.put("/a", f"Location: {place}", status="302 Found")
    origin.put(place)
    assert await code(make(), origin.url("/a")) == expected
    assert (await page(make(), origin.url(place))).media == "html"  # asked for by name: a page


async def test_going_round_by_a_login_needs_a_login(origin, make: Make) -> None:
    origin.put("/a", "Location: /login", status="302 Found")
    origin.put("/login", "Location: /a", status="302 Found")
    assert await code(make(), origin.url("/a")) == "login_required"


async def test_a_host_is_asked_no_more_at_once_than_allowed(origin, make: Make) -> None:
    inside, two, go = 0, asyncio.Event(), asyncio.Event()

    async def slow(_: object, writer: asyncio.StreamWriter) -> None:
        nonlocal inside
        inside += 1
        if inside >= 2:
            two.set()
        await go.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\nx")

    origin.answers["/slow"] = slow
    origin.put("/quick")
    fetcher = make({"other.test": ["127.0.0.1"]}, per_host=2)
    jobs = [asyncio.create_task(fetcher.get(origin.url("/slow"))) for _ in range(6)]
    await two.wait()
    for _ in range(3):  # another host is not held up, and in its time nobody else got in
        await fetcher.get(origin.url("/quick", "other.test"))
    assert inside == 2
    go.set()
    assert len(await asyncio.gather(*jobs)) == 6
    assert inside == 6
