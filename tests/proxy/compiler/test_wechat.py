"""WeChat's pages: texts and pictures out of scripts, notices refused."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from ads.errors import Problem
from proxy.page import Page

from .conftest import faults, written

Brand = Callable[..., Page]
URL = "https://mp.weixin.qq.com/s/abc"
SCRIPT = r"""<script>window.cgiDataNew = {
 nick_name: JsDecode('山谷'), title: JsDecode('收获'), create_time: JsDecode('2026-05-04 10:00'),
 content_noencode: JsDecode('第一段\x0a\x0a\x3ca href=\x22https://a.example/x\x22\x3e链接\x3c/a\x3e很长'),
 ori_create_time: '1790000000' * 1,
 picture_page_info_list: [{
   cdn_url: JsDecode('https://mmbiz.qpic.cn/a/0?wx_fmt=jpeg\x26amp;from=appmsg'),
   width: '600' * 1, height: '800' * 1,
   watermark_info: { cdn_url: JsDecode('https://mmbiz.qpic.cn/mark'), is_uploader: true },
 }], };</script>"""


def test_what_stands_only_in_a_script_is_shown(brand: Brand) -> None:
    page = brand(f"<body><div id=js_article></div>{SCRIPT}</body>", url=URL)
    text = written(page)
    assert '<img src="https://mmbiz.qpic.cn/a/0?wx_fmt=jpeg&amp;from=appmsg"' in text
    assert "mark" not in text
    assert "<p>第一段</p>" in text
    assert '<a href="https://a.example/x">链接</a>' in text
    assert "<h1" in text
    assert faults(text) == []
    assert page.article.title == "收获"
    assert page.article.site == "山谷"
    assert page.article.published == "2026-09-21T22:13:20+08:00"
    assert page.gaps[2:] == ("top", "end", "share", "tail")


def test_a_text_share_that_has_its_text_for_a_title_alone_shows_it(brand: Brand) -> None:
    script = """<script>window.cgiDataNew = { nick_name: JsDecode('山谷'),
     title: JsDecode('第一段\\x0a\\x0a第二段'), content_noencode: JsDecode('') };</script>"""
    place = "<div id=js_content><p id=js_text_desc></p></div>"
    page = written(brand(f"<body>{place}{script}</body>", url=URL))
    assert page.count("<p>第一段</p><p>第二段</p>") == 1
    assert "<h1" not in page


def test_a_text_in_the_page_is_left_alone(brand: Brand) -> None:
    text = "<p>收获的季节来得很早，谁来把篮子抬下山谷？一共有好几个人被问到了。</p>" * 3
    hidden = "<div id=js_content style='visibility: hidden; opacity: 0'>"
    page = written(brand(f"<body>{hidden}{text}</div>{SCRIPT}</body>", url=URL))
    assert page.count("谁来把篮子抬下山谷") == 3
    assert "第一段" not in page
    assert "visibility: hidden" not in page


def test_an_account_is_named_as_pages_of_2018_name_it(brand: Brand) -> None:
    text = "<p>收获的季节来得很早，谁来把篮子抬下山谷？一共有好几个人被问到了。</p>" * 3
    page = f"<body><a id=post-user>山谷</a><div id=js_content>{text}</div></body>"
    said = brand(page, url=URL).article
    assert (said.site, said.author) == ("山谷", "山谷")


@pytest.mark.parametrize("mode", ["full", "card"])
def test_notices_and_account_pages_get_no_ad(brand: Brand, corpus: Path, mode: str) -> None:
    stubs = sorted((corpus / "suites" / "wechat_stubs").glob("*.gz"))
    assert len(stubs) >= 8
    for stub in stubs:
        for url in (URL, "http://127.0.0.1:8000/stub.html"):
            with pytest.raises(Problem) as refused:
                brand(gzip.decompress(stub.read_bytes()), mode, url=url)
            assert refused.value.code == "not_an_article"
