"""Videos, sounds, embedded pages and WeChat's cards become stills that link to their source."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.compiler.tree import Element
from proxy.page import Page

from .conftest import URL, article, faults, written

Brand = Callable[..., Page]
FILM = "https://www.youtube.com/watch?v=abc-1_2"
SIZE = "width=560 height=315"


def still(page: Page) -> Element | None:
    links = tree.elements(tree.parse(written(page)), "a")
    return next((link for link in links if link.text.startswith("▶")), None)


YOUTUBE = "//www.youtube.com/embed/abc-1_2"
TENCENT = "https://v.qq.com/txp/iframe/player.html?vid=k01"
COVER = "data-cover='http%3A%2F%2Fa.example%2Fb.jpg'"
TEMPLATE = "https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&vid=wxv_7"
MINI = "data-miniprogram-title='订票' data-miniprogram-imageurl=https://a.example/m.png"
PROFILE = "data-nickname='山谷' data-headimg=https://a.example/h.png"
LIST = "//www.youtube.com/embed/videoseries?list=PL1"
POST = "//www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fm%2Fposts%2F1"
HOUSE = "https://news.example/"
MP4 = HOUSE + "a.mp4"
PAGE = "https://v.qq.com/x/page/k01.html"
CHART = "https://a.example/embed/7"
POSTER = "https://i.ytimg.com/vi/abc-1_2/hqdefault.jpg"


@pytest.mark.parametrize(
    ("markup", "link", "text", "picture"),
    [
        (f"<iframe src={YOUTUBE}?x>", FILM, "youtube.com", POSTER),
        (f"<lite-youtube videoid={FILM[32:]}>", FILM, "youtube.com", POSTER),
        (f"<iframe src={LIST}>", "https://www.youtube.com/playlist?list=PL1", "youtube.com", ""),
        (f"<iframe data-src='{TENCENT}' {COVER}>", PAGE, "v.qq.com", "http://a.example/b.jpg"),
        (f"<iframe data-mpvid=wxv_7 {COVER}>", URL, "news.example", "http://a.example/b.jpg"),
        (f"<iframe data-mpvid=wxv_7 data-src={TEMPLATE}>", URL, "news.example", ""),
        (f"<iframe src={CHART} title='Rain'>", CHART, "Rain", ""),
        ("<iframe src=//a.example/Embed/8>", "https://a.example/Embed/8", "a.example", ""),
        (f"<iframe src={POST}>", "https://www.facebook.com/m/posts/1", "facebook.com", ""),
        ("<iframe src=//a.example/7 title='Rain'>", "https://a.example/7", "Rain", ""),
        (f"<div class=lazy data-src={YOUTUBE}>", FILM, "youtube.com", POSTER),
        ("<blockquote data-instgrm-permalink=https://www.instagram.com/p/A/>",
         "https://www.instagram.com/p/A/", "instagram.com", ""),
        ("<div data-src=visualisation/15>", "https://flo.uri.sh/visualisation/15/embed",
         "flo.uri.sh", ""),
        ("<div data-src=story/7 data-url=https://flo.uri.sh/story/7/embed>",
         "https://flo.uri.sh/story/7/embed", "flo.uri.sh", ""),
        ("<div id=datawrapper-vis-a1>", "https://datawrapper.dwcdn.net/a1/",
         "datawrapper.dwcdn.net", ""),
        ("<div class=infogram-embed data-id=_/a-1 data-title=Rain>",
         "https://e.infogram.com/_/a-1", "Rain", ""),
        ("<span class='wistia_embed wistia_async_a1 videoFoam=true'>",
         "https://fast.wistia.net/embed/iframe/a1", "fast.wistia.net", ""),
        ("<script src=https://gist.github.com/m/a1.js>", "https://gist.github.com/m/a1",
         "gist.github.com", ""),
        ("<script data-telegram-post=hills/12>", "https://t.me/hills/12", "t.me", ""),
        ("<video controls poster=/p.jpg><source src=/a.mp4>", MP4, "news.example", HOUSE + "p.jpg"),
        ("<video controls data-video-id=7 src=blob:x>", URL, "news.example", ""),
        ("<video src=http://a.example/f.mp4>", "http://a.example/f.mp4", "a.example", ""),
        ("<audio src=/a.mp3>", HOUSE + "a.mp3", "news.example", ""),
        ("<mpvoice name='早安' voice_encode_fileid=x>", URL, "早安", ""),
        ("<mp-common-mpaudio name='晚安' src=/cgi-bin/readtemplate>", URL, "晚安", ""),
        (f"<mp-miniprogram {MINI}>", URL, "订票", "https://a.example/m.png"),
        (f"<mp-common-profile {PROFILE}>", URL, "山谷", "https://a.example/h.png"),
    ],
)  # fmt: skip
def test_each_leads_to_its_source(
    brand: Brand, markup: str, link: str, text: str, picture: str
) -> None:
    tag = markup[1:].split()[0]
    page = brand(article(f"<div>{markup}</{tag}></div>"))
    found = still(page)
    assert found is not None
    assert (tree.get(found, "href"), found.text) == (link, f"▶ {text}")
    assert [tree.get(e, "src") for e in tree.elements(found, "img")] == [picture][: bool(picture)]
    assert faults(written(page)) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<iframe src=//ads.example/embed/frame allowfullscreen></iframe>",
        "<iframe src=//www.youtube.com/embed/abc-1_2 width=1 height=1></iframe>",
        "<iframe src=//a.example/embed/x style='display: none'></iframe>",
        "<iframe src=//www.facebook.com/plugins/like.php?href=x></iframe>",
        "<iframe src=//a.example/embed/Banner></iframe>",
        "<object data=/banner.swf></object>",
        "<iframe src=//a.example/7 width=300 height=250></iframe>",
        "<div><b>Tools</b><iframe src=//a.example/7></iframe></div>",
        "<video id=player></video>",
        "<audio src=#></audio>",
        "<iframe src=//imasdk.a.example/js/core/bridge.html allowfullscreen></iframe>",
    ],
)
def test_what_shows_nothing_of_the_article_goes(brand: Brand, markup: str) -> None:
    page = brand(article(f"<p>{markup}</p>"))
    assert still(page) is None
    assert not tree.elements(tree.parse(written(page)), "iframe", "object", "audio", "video")


@pytest.mark.parametrize(
    "markup",
    [
        f"<div data-src={YOUTUBE}></div><noscript><iframe src={YOUTUBE}></iframe></noscript>",
        f"<div data-src={YOUTUBE}><a href={FILM}>▶ A film</a></div>",
        f"<div data-href={FILM}>▶ <a href={FILM}>A film</a></div>",
    ],
)
def test_what_waits_empty_for_a_frame_is_shown_once(brand: Brand, markup: str) -> None:
    assert written(brand(article(markup))).count(f' href="{FILM}"') == 1


def test_a_still_is_as_large_as_what_it_stands_for(brand: Brand) -> None:
    """The holder's padding made the height; with the still's own it would be twice as high."""
    holder = "<div class=video-container style='padding-bottom: 56.25%; height: 0'>"
    frame = f"<iframe src={YOUTUBE} {SIZE}></iframe></div>"
    page = brand(article(holder + frame))
    found = still(page)
    assert found is not None
    assert "width:560px;aspect-ratio:560/315" in tree.get(found, "style")
    assert "padding-bottom" not in written(page)


def test_reader_mode_keeps_the_still(brand: Brand) -> None:
    frame = f"<p><iframe src={YOUTUBE} {SIZE}></iframe></p>"
    found = still(brand(article(frame), "reader"))
    assert found is not None
    assert tree.elements(found, "img")


def test_a_film_in_a_link_keeps_that_link(brand: Brand) -> None:
    film = "<video poster=/p.jpg src=/a.mp4></video>"
    page = brand(article(f"<p><a href=/story>{film}</a></p>"))
    links = [a for a in tree.elements(tree.parse(written(page)), "a") if "▶" in a.text]
    assert [tree.get(a, "href") for a in links] == [HOUSE + "story"]
    assert page.mode == "full"
