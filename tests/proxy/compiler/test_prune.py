"""`reader` shows the article alone; `full` keeps what stands around it."""

from collections.abc import Callable

import pytest

from proxy.compiler.page import Page

from .conftest import PARAGRAPHS, article, written

Brand = Callable[..., Page]
LINKS = "<li><a href=/a>Theirs one</a></li><li><a href=/b>Theirs two</a></li>"


@pytest.mark.parametrize(
    "aside",
    [
        "<div class='share-buttons'><span>Theirs</span></div>",
        "<div class=related-articles><p>Theirs and more of it</p></div>",
        "<div id=comments><p>Theirs</p></div>",
        "<p style='display: none'>Theirs</p>",
        f"<h3>Theirs too</h3><ul>{LINKS}</ul>",
        "<p>Read more: <a href=/x>Theirs about the slope</a></p>",
        "<h4>Related articles, theirs</h4>".replace("theirs", "Theirs"),
    ],
)
def test_what_leads_away_stands_in_full_and_not_in_reader(brand: Brand, aside: str) -> None:
    page = article(PARAGRAPHS + aside + PARAGRAPHS)
    assert "Theirs" not in written(brand(page, "reader"))
    assert "Theirs" in written(brand(page))


@pytest.mark.parametrize(
    "own",
    [
        "<h2 id=sharing-with-others>Ours</h2><p>A chapter of its own.</p>",
        "<section id=sharing-a-slope><h2>Ours</h2><p>A chapter of its own.</p></section>",
        "<ul><li>Ours, with a <a href=/a>link</a> in it</li><li>Two</li></ul>",
        "<ul><li><a href='#a'>Ours</a></li><li><a href='#b'>Two</a></li></ul>",
        "<blockquote class=social-quote>Ours</blockquote>",
        "<p>Ours, shortly.</p>",
        "<h2>Ours</h2>",
    ],
)
def test_what_belongs_to_the_article_stays_in_reader(brand: Brand, own: str) -> None:
    assert "Ours" in written(brand(article(PARAGRAPHS + own + PARAGRAPHS), "reader"))


def test_a_wrong_guess_never_takes_much_of_the_text(brand: Brand) -> None:
    """A site may call its whole article a promotion."""
    page = article(f"<div class=promo-body>{PARAGRAPHS}</div>", paragraphs="")
    assert PARAGRAPHS[3:60] in written(brand(page, "reader"))
