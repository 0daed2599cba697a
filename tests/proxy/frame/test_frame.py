"""Our parts around an article: the contract's marks, the card's tags, the facts block."""

import base64
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.ad import Variant
from proxy import frame
from proxy.frame.head import described, named
from proxy.page import Article, Card
from tests.pages import an_ad

ARTICLE = Article(
    title="Oolong", site="Slow Kettle", language="en", source_url="https://kettle.example/a?b=1&c=2"
)
AD = an_ad(variants=(Variant(id="a", weight=1), Variant(id="b", weight=3)))


def block(article: Article = ARTICLE, **changes: str) -> str:
    facts = {
        "share": "s1",
        "pages_origin": "https://p.example",
        "console_origin": "https://c.example",
    }
    return frame.share_block(article, advertiser="Half Hill Tea", **(facts | changes))


def test_each_mark_of_the_contract_stands_once_and_leads_where_it_says() -> None:
    html = frame.sharer_line(ARTICLE, sharer="Mei Lin", advertiser="Half Hill Tea") + block()
    marks = re.findall(r'data-passalong="(\w+)"', html)
    assert sorted(marks) == ["mine", "plain", "report", "share", "sharer", "source"]
    leads = {
        mark: href.replace("&amp;", "&")
        for tag in re.findall(r"<a [^>]*>", html)
        for mark in re.findall(r'data-passalong="(\w+)"', tag)
        for href in re.findall(r'href="([^"]*)"', tag)
    }
    assert leads == {
        "source": ARTICLE.source_url,
        "plain": ARTICLE.source_url,
        "share": "https://p.example/s/s1",
        "mine": "https://c.example/?url=https%3A%2F%2Fkettle.example%2Fa%3Fb%3D1%26c%3D2",
        "report": "https://c.example/report?share=s1",
    }
    assert re.search('href="https://c.example/about"[^>]*>We count that a page was seen', html)


def test_the_line_names_the_sharer_the_advertiser_and_the_source() -> None:
    html = frame.sharer_line(ARTICLE, sharer="Mei Lin", advertiser="Half Hill Tea")
    text = re.sub("<[^>]+>", "", html)
    assert "Mei Lin passed this along. It carries an ad from Half Hill Tea." in text
    assert "Slow Kettle" in text


def test_without_a_sharer_the_line_still_says_what_the_page_carries() -> None:
    html = frame.sharer_line(ARTICLE, sharer="", advertiser="Half Hill Tea")
    assert "passed this along" not in html
    assert "It carries an ad from Half Hill Tea." in html


def test_a_source_without_a_name_is_called_by_its_host() -> None:
    nameless = Article(source_url="https://www.kettle.example:81/a")
    assert ">kettle.example<" in frame.sharer_line(nameless, sharer="M")


@given(st.text(max_size=30) | st.just('"><script>x</script>'))
def test_no_name_breaks_out_of_our_parts(text: str) -> None:
    article = Article(title=text, site=text, language=text, source_url="https://k.example/" + text)
    html = (
        frame.sharer_line(article, sharer=text, advertiser=text)
        + block(article, share=text)
        + frame.head(Card(text, text, text), article, advertiser=text)
    )
    assert "<script" not in html
    opened = re.findall(r"<([a-z0-9-]+)", html)
    assert set(opened) <= {
        *("note-line", "note-pass", "p", "span", "a", "b", "button", "section", "h2", "dialog"),
        *("details", "summary", "img"),
        *("input", "meta", "style"),
    }


def test_the_head_starts_with_our_sheet_and_the_card_says_that_an_ad_is_inside() -> None:
    card = Card("Oolong", "A hillside.", "https://kettle.example/a.jpg")
    html = frame.head(card, ARTICLE, advertiser="Half Hill Tea")
    assert html.startswith('<meta charset="utf-8"><style>note-card[data-slot]')
    tags = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html))
    assert tags["og:title"] == "Oolong"
    assert tags["og:description"] == "Ad inside · Half Hill Tea · A hillside."
    assert tags["og:image"] == "https://kettle.example/a.jpg"
    assert (tags["og:type"], tags["og:site_name"]) == (
        "article",
        "Slow Kettle · Ad · Half Hill Tea",
    )
    assert tags["twitter:card"] == "summary_large_image"
    assert "og:url" not in html
    assert "canonical" not in html


def test_a_card_has_the_names_that_qq_reads() -> None:
    card = Card("Oolong", "A hillside.", "https://kettle.example/a.jpg")
    html = frame.head(card, ARTICLE, advertiser="Half Hill Tea")
    found = dict(re.findall(r'<meta [^>]*content="([^"]*)" itemprop="(\w+)">', html))
    assert found == {
        "Oolong": "name",
        "Ad inside · Half Hill Tea · A hillside.": "description",
        "https://kettle.example/a.jpg": "image",
    }


@pytest.mark.parametrize("image", ["", "javascript:alert(1)", "//x/y.png", "data:image/png,"])
def test_a_card_without_a_usable_picture_has_none(image: str) -> None:
    html = frame.head(Card("t", "d", image), ARTICLE)
    assert "og:image" not in html
    assert 'content="summary"' in html


def test_a_card_without_an_ad_announces_none() -> None:
    assert named("Slow Kettle", "", "en") == "Slow Kettle"
    assert named("慢壶", "屿筑", "zh-CN") == "慢壶 · 广告 · 屿筑"
    assert named("Kettle " * 30, "Tea", "en")[30:] == "ttle Kett… · Ad · Tea"
    assert described("A hillside.", "", "en") == "A hillside."
    assert described("茶。", "屿筑", "zh-CN") == "含广告 · 屿筑 · 茶。"


@given(st.text(max_size=30) | st.just("</script><b>"))
def test_the_facts_are_what_the_contract_says_and_cannot_end_their_element(ticket: str) -> None:
    html = frame.facts(
        share="s1",
        mode="full",
        ticket=ticket,
        pages_origin="https://p.example",
        ad=AD,
        slots=("top", "end"),
    )
    inner = re.fullmatch(r'<script type="application/json" id="passalong">([^<]*)</script>', html)
    assert inner
    assert json.loads(inner[1]) == {
        "v": 1,
        "share": "s1",
        "mode": "full",
        "ticket": ticket,
        "send": "https://p.example/e",
        "slots": [
            {"slot": slot, "variants": ["a", "b"], "weights": [1, 3]} for slot in ("top", "end")
        ],
    }


def test_the_hash_is_computed_from_the_very_script_in_the_page() -> None:
    inner = frame.script().removeprefix("<script>").removesuffix("</script>")
    digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
    assert frame.script_hash() == f"sha256-{digest}"
    assert "</script" not in inner


def test_only_a_page_that_follows_the_dark_theme_brings_dark_rules() -> None:
    assert "prefers-color-scheme" in frame.head(Card("t"), ARTICLE, dark=True)
    assert "prefers-color-scheme" not in frame.head(Card("t"), ARTICLE)
