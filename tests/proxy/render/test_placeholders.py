"""Our parts of a page read as if they had been drawn for the article itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy import frame
from proxy.page import Article, Card
from proxy.render import gaps
from proxy.render.gaps import Origins, Pieces
from tests.proxy.render.test_gaps import text

ORIGINS = Origins("https://console.example", "https://pages.example")
TEXTS = st.one_of(
    st.sampled_from(["", "a", "<b>&\"'", "茶", "{sharer}", "http://Q7fLw2ZsUrLXk9", "%", " · "]),
    st.text(max_size=20),
)
ADDRESSES = st.one_of(
    st.sampled_from(["", "javascript:x", "HTTP://A.example/", "https://www.a.example", "https://"]),
    TEXTS.map(lambda text: f"https://a.example/{text}?q=1&b=<2>"),
)
ARTICLES = st.builds(
    Article,
    title=TEXTS,
    site=TEXTS,
    language=st.sampled_from(["", "en-GB", "zh", "zh-Hant-TW", "sw"]),
    source_url=ADDRESSES,
    fetched_at=st.integers(0, 2**41),
)
CARDS = st.builds(Card, title=TEXTS, description=TEXTS, image=ADDRESSES)
ADVERTISERS = st.sampled_from(["", "Half Hill <Tea>"])


@given(CARDS, ARTICLES, ADVERTISERS, st.booleans())
def test_the_head(card: Card, article: Article, advertiser: str, dark: bool) -> None:
    drawn = frame.head(card, article, advertiser=advertiser, dark=dark)
    assert text(gaps.head(card, article, advertiser, dark)) == drawn


@given(ARTICLES, st.sampled_from(["", "Mei & Lin"]), ADVERTISERS, st.booleans())
def test_the_sharers_line(article: Article, sharer: str, advertiser: str, gone: bool) -> None:
    drawn = frame.sharer_line(article, sharer=sharer, advertiser=advertiser, gone=gone)
    assert text(gaps.sharer_line(article, sharer, advertiser, gone=gone)) == drawn


@given(ARTICLES, ADVERTISERS)
def test_the_share_block(article: Article, advertiser: str) -> None:
    drawn = frame.share_block(
        article,
        share="s1",
        pages_origin=ORIGINS.pages,
        console_origin=ORIGINS.console,
        advertiser=advertiser,
    )
    assert text(gaps.share_block(article, advertiser, ORIGINS)) == drawn


def test_articles_of_a_language_are_drawn_once() -> None:
    def drawn(number: int) -> Pieces:
        address = f"https://a.example/{number}"
        return gaps.share_block(Article(site="A", source_url=address), "Acme", ORIGINS)

    drawn(0)
    before = gaps._pattern.cache_info().misses
    assert drawn(1) != drawn(2)
    assert gaps._pattern.cache_info().misses == before


@pytest.mark.parametrize("site", ["Q7fLw2ZsTiTleXk9", "Q7fLw2ZsUrLXk9"])
def test_who_writes_a_stand_in_gets_it_as_it_is(site: str) -> None:
    article = Article(site=site, source_url="https://a.example")
    assert site in text(gaps.sharer_line(article, "Mei", "Acme", gone=False))
