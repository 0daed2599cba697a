"""Invalid numbers, dates and texts are ignored, without a crash."""

import json
import re
from collections.abc import Callable

import msgspec
import pytest

from proxy.page import MODES, Mode, Page

from .conftest import PARAGRAPHS, article, faults, written

Brand = Callable[..., Page]

# Digits that are no numbers, numbers that are no pixels, lone surrogates.
VALUES = ("²", "٣", "①", "०", "1" * 5_000, "-1", "1e999", "nan", "9" * 20, "1.5", "", " 5px ")
HALVES = (r"\ud83d", r"\udc00x", r"\ud83d\ude00", r"\\ud83d", r"\u0000")
HEAD = """
<meta property="article:published_time" content="{0}"><meta name=date content="{0}">
<link rel=next href="/2026/story.html?page={0}">
<script type="application/ld+json">
{{"@type": "NewsArticle", "headline": "Harvest {0}", "datePublished": "{0}", "inLanguage": "{0}",
"author": {{"name": "By {0}"}}, "publisher": {{"name": "P {0}"}}, "image": "https://a.example/{0}"}}
</script>
"""
BODY = """
<img src=/a.png width="{0}" height="{0}"><img data-src=/b.png data-w="{0}" data-ratio="{0}">
<img srcset="/a.png {0}w, /b.png {0}x"><video src=a.mp4 width="{0}" height="{0}"></video>
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="{0}" height="{0}"></iframe>
<table><tr><td colspan="{0}" rowspan="{0}">x</table><ol start="{0}"><li value="{0}">x</ol>
<time datetime="{0}">{0}</time><svg width="{0}" viewBox="0 0 {0} 1"><path d="M0 0"/></svg>
<p style="top:{0}px;width:{0};position:fixed">x</p><a href="?page={0}">2</a>
<p>Posted: {0}-{0}-01</p>
"""


@pytest.mark.parametrize("mode", ["full", "reader", "card"])
@pytest.mark.parametrize("value", [*VALUES, *HALVES], ids=lambda value: str(value)[:12])
def test_a_page_with_odd_values_is_a_page_that_can_be_kept(
    brand: Brand, value: str, mode: Mode
) -> None:
    page = brand(article(BODY.format(value), head=HEAD.format(value)), mode)
    assert "Harvest" in page.article.title
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(page), type=Page)


def test_names_hold_no_controls_and_turn_no_line_around(brand: Brand) -> None:
    said = "Har\x1b[31mvest\x07 \u202ebackwards\x9b"
    head = f'<meta name=author content="By {said}"><meta property=og:site_name content="{said}">'
    head += f'<meta name=description content="{said}"><meta property=og:title content="{said}">'
    page = brand(article(head=head).replace("Harvest", said))
    told = (page.article.title, page.article.site, page.article.author, page.card.description)
    assert "Har[31mvest backwards" in page.article.site
    assert (
        len(
            brand(
                article(head="<meta property=og:site_name content='" + "S " * 999 + "'>")
            ).article.site
        )
        <= 200
    )
    assert not [text for text in told if re.search("[\x00-\x1f\x7f-\x9f\u202e]", text)]


@pytest.mark.parametrize(("said", "shown"), [(r"\ud83d\ude00", "😀"), (r"\ud83d", "\ufffd")])
def test_halves_of_letters_in_a_script_are_one_letter_or_none(
    brand: Brand, said: str, shown: str
) -> None:
    script = f"<script>window.cgiDataNew = {{title: JsDecode('A {said}')}};</script>"
    markup = f"<body><div id=js_content>{PARAGRAPHS}</div>{script}"
    assert brand(markup, url="https://mp.weixin.qq.com/s/abc").article.title == f"A {shown}"
    facts = json.dumps({"@type": "NewsArticle", "headline": "A half"}).replace("half", said)
    head = f'<script type="application/ld+json">{facts}</script>'
    assert brand(article(head=head).replace("<h1>Harvest</h1>", "")).article.title == f"A {shown}"


@pytest.mark.parametrize("mode", MODES)
def test_what_the_engine_leaves_beside_the_page_stands_in_it(brand: Brand, mode: Mode) -> None:
    start = "<math><template><mtext/1><l></template>"
    lost = "<noscript><p>One<p>Two</noscript><font><b>3</b>4</font>"
    page = written(brand(article(start + lost), mode))
    assert faults(page) == []
    assert mode != "full" or ("One" in page and "Two" in page and "<b>3</b>4" in page)
