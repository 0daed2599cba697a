"""An article that is split over pages is read as one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.compiler import compile_page
from proxy.compiler.further import following
from proxy.rights import Signals
from proxy.source import Source

from .conftest import AT, PARAGRAPHS, TEXT, article, written

SITE = "https://news.example"


@pytest.mark.parametrize(
    ("url", "markup", "found"),
    [
        ("/a/story.html", "<link rel=next href=story_2.html>", "/a/story_2.html"),
        ("/a/story", '<link href="/a/story/2/" rel="next">', "/a/story/2/"),
        ("/a/story/", "<link rel='next' href='/a/story/page/2'>", "/a/story/page/2"),
        ("/a?id=7", "<a class=x href='?id=7&amp;page=2' rel=next>Go on</a>", "/a?id=7&page=2"),
        ("/a/07.html", "<a href=07_2.html>下一页</a>", "/a/07_2.html"),
        ("/a/story", "<a href=/a/story/2><span>Next page</span></a>", "/a/story/2"),
        ("/a/story", "<link rel=next href=/a/other>", ""),
        ("/a/story", "<link rel=next href=https://other.example/a/story/2>", ""),
        ("/a/story", "<link rel=prev href=/a/story/2>", ""),
        ("/a/chapter-7", "<link rel=next href=/a/chapter-8>", ""),
        ("/a/story", "<link rel=next href=/a/story/3>", ""),
        ("/a/story", "<link rel=next href='javascript:x'>", ""),
        ("/a/story", '<a class=next rel=next href="">Next</a>', ""),
        ("/a/story", "<link rel=next>", ""),
        ("/a/story", "<link rel=nextpage href=/a/story/2>", ""),
        ("/a/story", "<link rel='prefetch next' href=/a/story/2>", "/a/story/2"),
        (
            "/a/story",
            "<a href='' rel=x>Next page</a><a href=/a/story/2>Next page</a>",
            "/a/story/2",
        ),
    ],
)
def test_only_the_next_page_of_the_same_article_goes_on_with_it(
    url: str, markup: str, found: str
) -> None:
    assert following(Source(SITE + url, markup.encode()), 1) == (found and SITE + found)


PIECES = ["<a", "<link", " ", "rel=next", "rel", "href=", "href", "=", '"', "'", "/a/story/2", ">"]


@given(st.lists(st.sampled_from([*PIECES, "Next page", "\0", "&#x110000;", "//[", "é"])))
def test_whatever_stands_in_a_page_its_next_one_is_an_address_or_none(pieces: list[str]) -> None:
    found = following(Source(f"{SITE}/a/story", "".join(pieces).encode()), 1)
    assert found in ("", f"{SITE}/a/story/2")


def test_reader_mode_shows_the_pages_as_one() -> None:
    pages = [
        Source(SITE + f"/a/{n}", article(paragraphs=f"<p>Page {n}. {TEXT}</p>" * 6).encode())
        for n in (2, 3)
    ]
    first = Source(SITE + "/a", article().encode(), fetched_at=AT)
    source = replace(first, further=(*pages, Source(SITE + "/a/4", b"<p>Nothing.</p>")))
    text = written(compile_page(source, "reader", Signals()))
    assert text.index(PARAGRAPHS[3:40]) < text.index("Page 2.") < text.index("Page 3.")
    assert text.count("<h1") == 1
    assert "Page 2." not in written(compile_page(source, "full", Signals()))


def test_a_page_whose_own_word_allows_no_copy_is_not_added() -> None:
    kept = Source(
        SITE + "/a/2",
        article(paragraphs=f"<p>Page 2. {TEXT}</p>" * 6).encode(),
        headers={"x-robots-tag": "noarchive"},
    )
    first = Source(SITE + "/a", article().encode(), fetched_at=AT)
    page = compile_page(replace(first, further=(kept,)), "reader", Signals())
    assert page.mode == "reader"
    assert "Page 2." not in written(page)


def test_a_page_that_says_the_same_again_is_not_added() -> None:
    first = Source(SITE + "/a", article().encode(), fetched_at=AT)
    text = written(compile_page(replace(first, further=(first,)), "reader", Signals()))
    assert text.count("baskets") == article().count("baskets")
